"""The trail: every change as an event in its subject's chain, sealed, and verifiable from outside.

The names below are loaded when first used: this package is an app, and an app must be importable before its models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linchpin.kernel.trail.appending import Entry, append, append_many
    from linchpin.kernel.trail.changes import Change
    from linchpin.kernel.trail.sealing import seal_if_immediate, seal_pending

__all__ = ["Change", "Entry", "append", "append_many", "seal_if_immediate", "seal_pending"]

_PLACES = {
    "Change": "changes",
    "Entry": "appending",
    "append": "appending",
    "append_many": "appending",
    "seal_if_immediate": "sealing",
    "seal_pending": "sealing",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
