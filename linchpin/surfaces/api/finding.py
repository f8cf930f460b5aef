"""Finding what an address names: the same 404 whether it is not there or not for the reader."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import RecordType, get_type, has_type


def type_of(key: str) -> RecordType:
    """The record type of that key. Raises Missing."""
    if not has_type(key):
        raise Missing(_("There is no register “%s”: see /api/v1/types/.") % key)
    return get_type(key)


def record_of(key: str, number: str, *accesses: Access) -> Any:
    """The record with its type's own fields, its owner and its unit, if one of the accesses may read it. Raises Missing."""
    rows: Any = type_of(key).model._default_manager
    found = rows.visible_to_any(accesses).select_related("owner", "unit").filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def named_in(number: str | None, field: str, access: Access) -> Any:
    """The record that a field of the body names by its number; None for None. Raises Refused."""
    if number is None:
        return None
    found = Record.objects.visible_to(access).select_related("unit").filter(number=number.strip().upper()).first()
    if found is None:
        raise Refused(never(_("There is no record “%s”: give its number, for example NC-2026-0001.") % number, field))
    return found
