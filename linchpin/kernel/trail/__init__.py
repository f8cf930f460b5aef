"""The trail: every change as an event in its subject's chain, sealed, and verifiable from outside.

The names below are loaded when first used: this package is an app, and an app must be importable before its models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linchpin.kernel.trail.appending import Entry, append, append_many
    from linchpin.kernel.trail.changes import Change
    from linchpin.kernel.trail.erasing import blank_texts, erase_texts, list_erasures, reapply_erasures
    from linchpin.kernel.trail.exporting import export_lines
    from linchpin.kernel.trail.keys import public_pem
    from linchpin.kernel.trail.proving import proof_file
    from linchpin.kernel.trail.reading import history, history_of, newest_seal, proof_of, texts
    from linchpin.kernel.trail.sealing import own_seal, seal_pending
    from linchpin.kernel.trail.verifying import verify

_NAMES = {
    "appending": ("Entry", "append", "append_many"),
    "changes": ("Change",),
    "erasing": ("blank_texts", "erase_texts", "list_erasures", "reapply_erasures"),
    "exporting": ("export_lines",),
    "keys": ("public_pem",),
    "proving": ("proof_file",),
    "reading": ("history", "history_of", "newest_seal", "proof_of", "texts"),
    "sealing": ("own_seal", "seal_pending"),
    "verifying": ("verify",),
}
_PLACES = {name: place for place, names in _NAMES.items() for name in names}

__all__ = [
    "Change",
    "Entry",
    "append",
    "append_many",
    "blank_texts",
    "erase_texts",
    "export_lines",
    "history",
    "history_of",
    "list_erasures",
    "newest_seal",
    "own_seal",
    "proof_file",
    "proof_of",
    "public_pem",
    "reapply_erasures",
    "seal_pending",
    "texts",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
