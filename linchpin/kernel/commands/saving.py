"""How one record is written: its row, its child row, its event, its line in the search index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from linchpin.kernel import trail
from linchpin.kernel.commands.on_device import ON_DEVICE, claimed_time
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import as_text, is_private
from linchpin.kernel.records.custom import gather, words_of, write_rows
from linchpin.kernel.records.further import key_of
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.records.tables import columns_of
from linchpin.kernel.search.indexing import Entry, index_many
from linchpin.kernel.trail import Change
from linchpin.kernel.trail.bulk import insert_rows, next_ids
from linchpin.kernel.webhooks.announcing import announce

ON_BEHALF_OF = "on_behalf_of"
"""The change that names whom somebody stood in for."""
TRACKED_RECORD_FIELDS = ("status", "phase", "parent", "provenance", "number", "created_at", "created_by", "original_due", "owner_text")


def change(record: Any, name: str, old: Any, new: Any) -> Change:
    field = get_type(key_of(record)).field(name)
    return Change(name, as_text(old), as_text(new), is_private(field))


def first_changes(record: Any, record_type: RecordType) -> list[Change]:
    """What a new record's first event names: every field that says something."""
    changes = []
    for name, attribute, private in _named(record_type, record_type.shape):
        value = getattr(record, attribute)
        if value or value == 0:  # nothing is said by None, an empty text, list or table; no and zero say something
            if attribute != name:
                value = getattr(record, name)
            changes.append(Change(name, None, value if type(value) is str else as_text(value), private))
    return changes


@cache
def _named(record_type: RecordType, _shape: str) -> list[tuple[str, str, bool]]:
    """(name, attribute, private) of the fields that a first event may name."""
    fields = [record_type.field(name) for name in (*record_type.fields, *TRACKED_RECORD_FIELDS)]
    return [(f.name, f.attname, is_private(f)) for f in fields]


def insert(record: Any, record_type: RecordType, *, actor: Access, verb: str, at: datetime, reason: str = "") -> None:
    """Insert a new record with its first event. Fields left empty are not named in the event."""
    (record.pk,) = next_ids(Record, 1)
    record.id = record.pk
    gather(record, record_type.added)

    def rows() -> None:
        """Its rows in both tables: they carry the head that the event gave them, and the event refers to them."""
        for model in (Record, record_type.model):
            columns = columns_of(model)
            insert_rows(model, columns.names, [columns.row(record)])
        record._state.adding, record._state.db = False, connection.alias

    _event(record, actor, verb, first_changes(record, record_type), reason, at, rows)
    write_rows([record], record_type.added.values(), fresh=True)
    _index(record, record_type, fresh=True)


def update(
    record: Any,
    record_type: RecordType,
    values: Mapping[str, Any],
    *,
    actor: Access,
    verb: str,
    at: datetime,
    reason: str = "",
    also: Sequence[Change] = (),
) -> list[Change]:
    """Set `values` (typed) on the record and save what differs, with one event. Gives the changes."""
    changes = []
    for name, new in values.items():
        old = getattr(record, name)
        if as_text(old) != as_text(new):
            changes.append(change(record, name, old, new))
            setattr(record, name, new)
    record.version += 1
    record.updated_at = at
    _event(record, actor, verb, [*changes, *also], reason, at)
    touched = [c.field for c in changes]
    added = record_type.all_added
    gather(record, given := {name: added[name] for name in touched if name in added})
    own = [name for name in touched if name not in given]
    record.save(update_fields=[*own, *(["custom"] if given else []), "version", "updated_at", "head", "sequence"])
    write_rows([record], given.values())
    if {"title", "reference", *record_type.searched, *given} & set(touched):
        _index(record, record_type)
    return changes


def _event(
    record: Any, actor: Access, verb: str, changes: Sequence[Change], reason: str, at: datetime, before: Callable[[], None] | None = None
) -> None:
    if actor.on_behalf_of:
        changes = [*changes, Change(ON_BEHALF_OF, None, str(actor.on_behalf_of.uid))]
    if (done := claimed_time()) is not None:
        changes = [*changes, Change(ON_DEVICE, None, done.isoformat(timespec="seconds"))]
    event = trail.append(
        record, "record", record_id=record.pk, actor=actor.person, verb=verb, changes=changes, reason=reason, at=at, before=before
    )
    announce(event, record)


def _index(record: Any, record_type: RecordType, *, fresh: bool = False) -> None:
    index_many([index_line(record, record_type)], fresh=fresh)


def index_line(record: Any, record_type: RecordType) -> Entry:
    """What the full-text index holds of a record: title, own number, the texts of its type and of what the house added."""
    parts = (record.reference, record_type.search_text(record), words_of(record, record_type.key))
    return record.pk, record.title, "\n".join(filter(None, parts))
