"""What a process keeps of the house between requests, and how it learns that it is no longer true.

The stamp comes along with a person's grants, which every request reads anyway.
"""

from __future__ import annotations

from collections.abc import Callable

_hearing: list[Callable[[str], None]] = []


def on_stamp(listener: Callable[[str], None]) -> None:
    """Call the listener with the stamp whenever one was read."""
    if listener not in _hearing:
        _hearing.append(listener)


def heard(stamp: str) -> None:
    for listener in _hearing:
        listener(stamp)
