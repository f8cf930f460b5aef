"""What every claim carries: where it comes from, and that it is not verified."""

from __future__ import annotations

from linchpin.statistics.words import Words

UNVERIFIED = Words("Claim in source, not verified.")
LEAST_UNITS = 20
