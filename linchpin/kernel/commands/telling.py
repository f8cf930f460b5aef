"""Whom a command tells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.sentences import GIVEN, Said
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.registry import RecordType


def tell_asked(record: Any, record_type: RecordType, changed: Collection[str], *, actor: Access, at: datetime) -> None:
    """Tell the owner that the record is theirs now, and who else is named in it by one of the `changed` fields; never whoever did it."""
    words = {"who": actor.person.name, "number": record.number, "title": record.title}
    if "owner" in changed and record.owner_id:
        notices.tell([record.owner], record=record, kind="owner", text=Said(GIVEN, words), at=at, actor=actor.person)
    for name in record_type.names_people:
        if name in changed and getattr(record, f"{name}_id"):
            field = record_type.model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            text = Said(gettext_noop("%(who)s named you in %(number)s (%(field)s): %(title)s"), words | {"field": field})
            notices.tell([getattr(record, name)], record=record, kind="named", text=text, at=at, actor=actor.person)
