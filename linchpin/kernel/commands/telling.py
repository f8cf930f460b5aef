"""Whom a command tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.notices import telling as notices
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.registry import RecordType


def tell_owner(record: Any, record_type: RecordType, *, actor: Access, at: datetime) -> None:
    """Tell the owner that the record is theirs now, unless they did it themselves."""
    if record.owner_id:
        text = _("%(who)s gave you %(number)s: %(title)s") % {
            "who": actor.person.name,
            "number": record.number,
            "title": record.title,
        }
        notices.tell([record.owner], record=record, kind="owner", text=text, at=at, actor=actor.person)
