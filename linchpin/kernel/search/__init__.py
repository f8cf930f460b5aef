"""Finding anything at once: one full-text index over every record."""

from __future__ import annotations

from linchpin.kernel.search.finding import Hit, find
from linchpin.kernel.search.indexing import index, index_many

__all__ = ["Hit", "find", "index", "index_many"]
