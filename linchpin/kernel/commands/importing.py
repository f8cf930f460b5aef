"""Create, change and link many records at once: for imports, the demonstration and the benchmark.

    with command():                                   # optional: several calls in one transaction
        made = create_many([New("nonconformity", {"title": "Burr left", "unit": machining})], actor=quality_manager)
        change_many([Changed(record, {"owner": marek}) for record in made], actor=quality_manager)
        link_many([(made[0], made[1], "repeats")], actor=quality_manager)

Values are typed and cleaned beforehand by `kernel.records.cleaning` (see `faults`), outside the transaction, so that other
writers wait only for the rows themselves. Each call writes one event per record, the search index, and nothing to anybody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from linchpin.kernel import trail
from linchpin.kernel.commands.creating import problems
from linchpin.kernel.commands.saving import change, first_changes, index_line
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.links.kinds import LINK_KINDS
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.custom import gather, write_rows
from linchpin.kernel.records.further import CLOAK
from linchpin.kernel.records.models import Phase, Provenance, Record
from linchpin.kernel.records.numbering import take
from linchpin.kernel.records.refusals import NotAllowed, Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.records.tables import adapted, blank, columns_of
from linchpin.kernel.search.indexing import index_many
from linchpin.kernel.trail import Change, Entry
from linchpin.kernel.trail.bulk import insert_rows, next_ids, update_rows, without_collector

CUSTOM = Change("custom", None, None)
"""Stands beside the changes of a record whose added fields changed, once its event is written: their column is written too."""


@dataclass(slots=True)
class New:
    """One record to be made. `values`: typed, by field name. The rest is what only imported or generated records bring along:
    a status of the type's lifecycle, the owner's name as text, the day it was raised, and `own` fields that nobody types (`done_on`).

    `parent` is a record, or another `New` of this call or an earlier one.
    """

    type: str
    values: dict[str, Any]
    status: str = ""
    owner_text: str = ""
    raised: datetime | None = None
    parent: Any = None
    own: Mapping[str, Any] = field(default_factory=dict)
    record: Any = None


@dataclass(slots=True)
class Changed:
    """One record (as it stands now, fetched in this transaction) and the typed values it gets."""

    record: Any
    values: Mapping[str, Any]
    reason: str = ""


def create_many(
    rows: Sequence[New], *, actor: Access, verb: str = "import", reason: str = "", provenance: str = Provenance.IMPORTED, cloaked: bool = False
) -> list[Any]:
    """Make the records, numbered in their order, parents before children. Gives them in order; each `New` holds its own too.

    Raises NotAllowed when the actor may not import into one of the units, Refused for an unknown field or status.
    `cloaked` records are seen by nobody until `reveal`.
    """
    with without_collector(), command() as at:
        for key in dict.fromkeys(row.type for row in rows):
            _may_import(actor, get_type(key), {row.values["unit"].pk for row in rows if row.type == key})
        _defer_references()
        for level in _levels(rows):
            by_type: dict[str, list[New]] = defaultdict(list)
            for row in level:
                by_type[row.type].append(row)
            for key, group in by_type.items():
                _insert(get_type(key), group, actor, at, verb, reason, provenance, cloaked)
        return [row.record for row in rows]


def change_many(rows: Sequence[Changed], *, actor: Access, verb: str = "import", reason: str = "") -> int:
    """Set the values that differ, with one event for each record that they change. Gives how many records changed.

    `status` may be among the values of imported records; the phase follows. Raises NotAllowed.
    """
    with command() as at:
        by_type: dict[str, list[tuple[Changed, list[Change]]]] = defaultdict(list)
        for row in rows:
            if changes := _differing(row):
                by_type[row.record.type].append((row, changes))
        for key, group in by_type.items():
            record_type = get_type(key)
            _may_import(actor, record_type, {row.record.unit_id for row, _changes in group})
            _update(record_type, group, actor, at, verb, reason)
        return sum(map(len, by_type.values()))


def link_many(pairs: Iterable[tuple[Any, Any, str]], *, actor: Access, verb: str = "link") -> int:
    """Link each (source, target, kind) that is not linked yet, with one event for each source. Gives how many links were made."""
    with command() as at:
        wanted = {(s.pk, t.pk, kind): (s, t) for s, t, kind in pairs if s.pk != t.pk}
        if unknown := {kind for _s, _t, kind in wanted} - set(LINK_KINDS):
            raise Refused(never(_("Choose one of: %s.") % ", ".join(LINK_KINDS), "kind") if unknown else "")
        sources = {s.pk: s for s, _t in wanted.values()}
        standing = set(Link.objects.filter(source_id__in=list(sources)).values_list("source_id", "target_id", "kind"))
        new = {key: pair for key, pair in wanted.items() if key not in standing}
        also: dict[int, list[Change]] = defaultdict(list)
        for (source_id, _target, kind), (_source, target) in new.items():
            also[source_id].append(Change(f"link.{kind}", None, str(target.uid)))
        Link.objects.bulk_create(Link(source_id=s, target_id=t, kind=kind, created_at=at, created_by=actor.person) for s, t, kind in new)
        _touch([(sources[pk], changes) for pk, changes in also.items()], actor, at, verb)
        return len(new)


def unlink_many(links: Sequence[Link], *, actor: Access, verb: str = "unlink") -> int:
    """Take links away, with one event for each source. Gives how many stood."""
    with command() as at:
        also: dict[int, list[Change]] = defaultdict(list)
        for row in links:
            also[row.source_id].append(Change(f"link.{row.kind}", str(row.target.uid), None))
        sources = {row.source_id: row.source for row in links}
        Link.objects.filter(pk__in=[row.pk for row in links]).delete()
        _touch([(sources[pk], changes) for pk, changes in also.items()], actor, at, verb)
        return len(links)


def void_many(records: Sequence[Any], *, actor: Access, reason: str, verb: str = "void") -> int:
    """Void records that nobody has worked on; their numbers are not used again. Gives how many were voided."""
    rows = []
    for record in records:
        states = get_type(record.type).lifecycle
        void = next((state for state, phase in states.phases.items() if phase == Phase.VOID), None)
        if void is None:
            raise Refused(_("%s cannot be voided.") % record.number)
        rows.append(Changed(record, {"status": str(void)}))
    return change_many(rows, actor=actor, verb=verb, reason=reason)


def reveal(ids: Sequence[int]) -> None:
    """Let everybody see those of the records that are cloaked, in one statement."""
    postgresql = connection.vendor == "postgresql"
    these = "id = ANY(%s)" if postgresql else "id IN (SELECT value FROM json_each(%s))"
    with command(), connection.cursor() as cursor:
        sql = f'UPDATE "{Record._meta.db_table}" SET type = substr(type, %s) WHERE {these} AND type LIKE %s'
        cursor.execute(sql, [len(CLOAK) + 1, list(ids) if postgresql else json.dumps(list(ids)), f"{CLOAK}%"])


def faults(record_type: RecordType, values: Mapping[str, Any]) -> list[Refusal]:
    """What keeps typed values from becoming a record: the checks of page and API, but for the day that lies behind us.

    Legacy data keep their old due dates, and people who have left their records.
    """
    legacy = {name: value for name, value in values.items() if name not in ("due", "owner")}
    return problems(record_type, legacy, None)


def _may_import(actor: Access, record_type: RecordType, units: set[int]) -> None:
    who = record_type.who("import")
    if not all(actor.covers(who, unit) for unit in units):
        raise NotAllowed(_("Bringing in %(what)s is for: %(who)s.") % {"what": record_type.plural(), "who": ", ".join(w.replace("_", " ") for w in who)})


def _defer_references() -> None:
    """Events are written before the records they speak of; an earlier command of the same transaction may have forbidden that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _levels(rows: Sequence[New]) -> list[list[New]]:
    """Rows whose parents stand already, then those under them, and so on; each level in the order given."""
    levels: list[list[New]] = []
    for row in rows:
        depth, above = 0, row.parent
        while isinstance(above, New) and above.record is None:
            depth, above = depth + 1, above.parent
        levels += [[] for _missing in range(depth + 1 - len(levels))]
        levels[depth].append(row)
    return levels


def _insert(
    record_type: RecordType, rows: Sequence[New], actor: Access, at: datetime, verb: str, reason: str, provenance: str, cloaked: bool
) -> None:
    numbers = take(record_type.prefix, at, len(rows))
    for row, pk, (number, serial) in zip(rows, next_ids(Record, len(rows)), numbers, strict=True):
        row.record = _instance(record_type, row, actor, at, provenance)
        row.record.type = (CLOAK if cloaked else "") + record_type.key
        row.record.__dict__ |= {"id": pk, "record_ptr_id": pk, "number": number, "serial": serial}
    records = [row.record for row in rows]
    record_type.prepare_many(records, actor)
    for record in records if record_type.added else ():
        gather(record, record_type.added)
    entries = (Entry(record, record.pk, first_changes(record, record_type), reason) for record in records)
    trail.append_many(entries, "record", actor=actor.person, verb=verb, at=at)  # first, so that the rows are written with their heads
    for model in (Record, record_type.model):
        columns = columns_of(model)
        insert_rows(model, columns.names, [columns.row(record) for record in records])
    write_rows(records, record_type.added.values(), fresh=True)
    index_many((index_line(r, record_type) for r in records), fresh=True)
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def _instance(record_type: RecordType, row: New, actor: Access, at: datetime, provenance: str) -> Any:
    _known(record_type, row)
    status = row.status or record_type.lifecycle.initial
    parent = row.parent.record if isinstance(row.parent, New) else row.parent
    record = blank(record_type.model, {**row.values, **row.own, "created_by": actor.person, "parent": parent})
    record.__dict__ |= {
        "status": str(status), "phase": record_type.lifecycle.phase(status), "owner_text": row.owner_text,
        "original_due": record.due, "provenance": str(provenance), "created_at": row.raised or at, "updated_at": at,
    }  # fmt: skip
    return record


def _known(record_type: RecordType, row: New) -> None:
    strangers = [name for name in row.values if name not in record_type.fields]
    if strangers:
        raise Refused(*(never(_("There is no field “%s” that you could fill in here.") % name, name) for name in strangers))
    if row.status and row.status not in record_type.lifecycle.states.values:
        raise Refused(never(_("There is no state “%s”.") % row.status, "status"))


def _differing(row: Changed) -> list[Change]:
    """Set what differs on the record; give it as changes."""
    record, changes = row.record, []
    values = dict(row.values)
    if "status" in values:
        values["phase"] = get_type(record.type).lifecycle.phase(values["status"])
    for name, new in values.items():
        old = getattr(record, name)
        if as_text(old) != as_text(new):
            changes.append(change(record, name, old, new))
            setattr(record, name, new)
    return changes


def _update(
    record_type: RecordType, rows: Sequence[tuple[Changed, list[Change]]], actor: Access, at: datetime, verb: str, reason: str
) -> None:
    _touch([(row.record, changes) for row, changes in rows], actor, at, verb, reason)
    added = record_type.all_added
    for row, changes in rows if added else ():
        if gather(row.record, {c.field: added[c.field] for c in changes if c.field in added}):
            changes.append(CUSTOM)
    for model in (Record, record_type.model):
        _write_changed(model, rows)
    write_rows([row.record for row, changes in rows if CUSTOM in changes], added.values())
    indexed = {"title", "reference", *record_type.searched, *added}
    renewed = [row.record for row, changes in rows if indexed & {c.field for c in changes}]
    index_many(index_line(r, record_type) for r in renewed)


def _write_changed(model: Any, rows: Sequence[tuple[Changed, list[Change]]]) -> None:
    """Write the changed columns of one table; records that changed in the same fields together."""
    own = {f.name: f for f in model._meta.local_concrete_fields}
    key = model._meta.pk
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row, changes in rows:
        if names := tuple(sorted(c.field for c in changes if c.field in own)):
            groups[names].append(row.record)
    for names, records in groups.items():
        values = [[*(adapted(own[n], getattr(r, n)) for n in names), r.pk] for r in records]
        update_rows(model, key.column, [own[n].column for n in names], values)


def _touch(rows: Sequence[tuple[Any, Sequence[Change]]], actor: Access, at: datetime, verb: str, reason: str = "") -> None:
    """One event for each record, and its head, version and time of change."""
    trail.append_many((Entry(r, r.pk, changes, reason) for r, changes in rows), "record", actor=actor.person, verb=verb, at=at)
    moment = connection.ops.adapt_datetimefield_value(at)
    for record, _changes in rows:
        record.version, record.updated_at = record.version + 1, at
    values = [[r.head, r.sequence, r.version, moment, r.pk] for r, _changes in rows]
    update_rows(Record, "id", ["head", "sequence", "version", "updated_at"], values)
