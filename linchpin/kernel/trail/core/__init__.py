"""Hashes, seals and their verification, free of any database: the same code judges an installation and an export."""

from __future__ import annotations

from linchpin.kernel.trail.core.exported import verify_export, verify_lines
from linchpin.kernel.trail.core.faults import Verification

__all__ = ["Verification", "verify_export", "verify_lines"]
