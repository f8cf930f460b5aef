"""One field's change, as commands hand it to the trail."""

from __future__ import annotations

from typing import NamedTuple


class Change(NamedTuple):
    """A field, its old and its new value as text. The hash of a private one covers only a salted commitment to the text."""

    field: str
    old: str | None
    new: str | None
    private: bool = False
