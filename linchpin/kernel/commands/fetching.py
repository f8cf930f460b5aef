"""How a command fetches the record it writes: visible, locked, whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, NotAllowed, Stale, never
from linchpin.kernel.records.registry import RecordType, get_type


def locked(record: Any) -> tuple[Any, RecordType]:
    """The record as it now stands, with its type's own fields, locked until the transaction ends."""
    key = Record.objects.select_for_update().filter(pk=record.pk).values_list("type", flat=True).first()
    if key is None:
        raise Missing(_("There is no such record."))
    record_type = get_type(key)
    named = [name for name, field in record_type.declared.items() if field.is_relation]
    return record_type.model._default_manager.select_related(*named).get(pk=record.pk), record_type


def for_verb(record: Any, verb: str, actor: Access) -> tuple[Any, RecordType]:
    """The locked record, if the actor may do `verb` to it. Raises Missing or NotAllowed."""
    found, record_type = locked(record)
    if not may(actor, "read", found):
        raise Missing(_("There is no such record."))
    if not may(actor, verb, found):
        raise NotAllowed(_("You may read %(number)s, but this is for others to do.") % {"number": found.number})
    return found, record_type


def same_version(record: Any, version: int | None) -> None:
    """Refuse when the record is newer than the version that the person saw."""
    if version is not None and version != record.version:
        raise Stale(
            _("%(number)s was changed meanwhile (version %(now)s, you saw %(then)s): look again, then decide.")
            % {"number": record.number, "now": record.version, "then": version}
        )


def same_values(record: Any, record_type: RecordType, old: Mapping[str, str | None]) -> None:
    """Refuse when a field, or the status, is no longer what the person saw there, as text. Raises Stale with what now stands."""
    now = {name: as_text(getattr(record, name)) for name in old if name == "status" or name in record_type.fields}
    theirs = {name: text for name, text in now.items() if (text or "") != (old[name] or "")}
    if theirs:
        sentence = _("“%s” was changed by somebody else while you wrote: both texts are shown.")
        raise Stale(*(never(sentence % record_type.field_label(name), name) for name in theirs), theirs=theirs)
