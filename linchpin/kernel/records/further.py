"""What the house adds to its record types, as one snapshot of all definitions that is exchanged whole.

Access brings the stamp of the definitions along with the grants it reads anyway: a house that adds nothing pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Any]
"""Model fields that stand in no table, by name."""
NONE: Fields = {}


@dataclass(frozen=True)
class Further:
    """The fields of each type that people fill in, and those that are retired but still read."""

    stamp: str = ""
    active: Mapping[str, Fields] = field(default_factory=dict)
    retired: Mapping[str, Fields] = field(default_factory=dict)


class _Now:
    further = Further()


def now() -> Further:
    return _Now.further


def exchange(further: Further) -> None:
    """From here on the types of this process have these fields."""
    _Now.further = further


def active(key: str) -> Fields:
    return _Now.further.active.get(key, NONE)


def retired(key: str) -> Fields:
    return _Now.further.retired.get(key, NONE)


CLOAK = "~"
"""What stands before the type of records that nobody sees yet, because the import they belong to is not whole."""


def key_of(record: Any) -> str:
    """The key of a record's type, seen or cloaked."""
    return str(record.type).removeprefix(CLOAK)


def known(key: str, name: str) -> Any:
    """The added field of that name, filled in or retired; None when there is none."""
    return active(key).get(name) or retired(key).get(name)
