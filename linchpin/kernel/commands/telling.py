"""Whom a command tells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.notices import telling as notices
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.registry import RecordType


def tell_asked(record: Any, record_type: RecordType, changed: Collection[str], *, actor: Access, at: datetime) -> None:
    """Tell the owner that the record is theirs now, and who else is named in it by one of the `changed` fields; never whoever did it."""
    words = {"who": actor.person.name, "number": record.number, "title": record.title}
    if "owner" in changed and record.owner_id:
        text = _("%(who)s gave you %(number)s: %(title)s") % words
        notices.tell([record.owner], record=record, kind="owner", text=text, at=at, actor=actor.person)
    for name in record_type.names_people:
        if name in changed and getattr(record, f"{name}_id"):
            text = _("%(who)s named you in %(number)s (%(field)s): %(title)s") % (words | {"field": record_type.field_label(name)})
            notices.tell([getattr(record, name)], record=record, kind="named", text=text, at=at, actor=actor.person)
