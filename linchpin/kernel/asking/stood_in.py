"""Who answered in whose name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linchpin.kernel.asking.models import Asked
from linchpin.kernel.people.models import Person


def stood_in(record: Any, duties: Iterable[str], giver: Person, delegate: Person) -> None:
    """Write beside what was just answered in the giver's name whose hand it was. The record is locked by the caller."""
    rows = Asked.objects.filter(record_id=record.pk, duty__in=list(duties), person=giver, stood_in=None, answer=Asked.Answer.DONE)
    rows.filter(round=record.round).update(stood_in=delegate)
