"""What people are told, as a template and its values: worded when it is read, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, override

from linchpin.kernel.people import clock

A_PROPOSAL = gettext_noop("%(who)s proposes %(day)s for %(number)s: %(title)s")
AN_AGREEMENT = gettext_noop("%(who)s agreed %(day)s for %(number)s: %(title)s")
GIVEN = gettext_noop("%(who)s gave you %(number)s: %(title)s")
DUE_ON = gettext_noop("%(number)s is due on %(due)s: %(title)s")
DUE_TODAY = gettext_noop("%(number)s is due today: %(title)s")
WAS_DUE = gettext_noop("%(number)s was due on %(due)s: %(title)s")
LATE = gettext_noop("%(number)s of %(who)s is %(late)s days late: %(title)s")
SAY = "say"
DAYS = ("day", "due", "from", "until")
"""Values that are days: kept as 2026-11-27, said as the reader's language says them."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is not worded yet. `template` is one of those above, or marked by `gettext_noop` where it is used."""

    template: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return gettext(self.template) % {name: _in_words(name, value) for name, value in self.values.items()}

    @property
    def kept(self) -> dict[str, Any]:
        """The values as a row keeps them."""
        return {name: _kept(value) for name, value in self.values.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, Promise):  # a label of ours: kept as it stands in the source, said anew to each reader
        with override(None):
            return {SAY: str(value)}
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, int) else str(value)


def _in_words(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return gettext(value[SAY])
    day = value if isinstance(value, date) else parse_date(value) if name in DAYS and isinstance(value, str) else None
    return clock.in_words(day) if day else value
