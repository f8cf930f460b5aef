"""What a measurement gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of the answer."""

    work: str
    measured: str
    budget: str
    met: bool
    limit: str = ""
