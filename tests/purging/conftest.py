"""Purging shares the callers of the API and the installations of safekeeping."""

from __future__ import annotations

from tests.api.conftest import caller_of
from tests.safekeeping.conftest import dunmallow, founded, new_home

__all__ = ["caller_of", "dunmallow", "founded", "new_home"]
