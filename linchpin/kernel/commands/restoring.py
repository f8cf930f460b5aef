"""Bringing a whole installation in: rows as they were, the trail as it was. Only where nobody has founded anything yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models
from django.utils.translation import gettext as _

from linchpin.kernel import trail
from linchpin.kernel.commands.burying_again import bury_again
from linchpin.kernel.commands.saving import index_line
from linchpin.kernel.commands.settling import system_access
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records.custom import reload
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.kernel.search.indexing import index_many
from linchpin.kernel.trail.bulk import insert_rows
from linchpin.kernel.trail.core.hashing import event_mac
from linchpin.kernel.trail.erasing import listed_erasures
from linchpin.kernel.trail.keys import event_key
from linchpin.kernel.trail.models import Event, EventText, Seal, Sealed

BATCH = 5_000
Rows = tuple[type[models.Model], Sequence[str], Iterable[Sequence[Any]]]
"""A table, its columns, and rows of values that the database takes."""
EVENT = ("id", "chain", "sequence", "kind", "record_id", "actor_id", "at", "verb", "body", "previous", "hash", "mac")
SEAL = ("number", "previous", "root", "count", "at", "key", "signature", "hash")
TEXT = ("event_id", "place", "salt", "text")


def bring_in(tables: Iterable[Rows], lines: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows of every table, then the trail from the lines that `trail.export_lines` gave, in one transaction.

    The lines were verified. Their events get codes of this installation's own key; hashes, chains and seals stay as they
    are. Raises Refused when there is an organization, IntegrityError when a row points nowhere.
    """
    with command():
        if Organization.objects.exists():
            raise Refused(_("This home holds an organization already: an export goes into an empty one."))
        filled = set()
        for model, columns, rows in tables:
            filled.add(model)
            _insert(model, columns, rows)
        _Trail().receive(lines)
        _count_on([*filled, Event, EventText])
        reload()
        for record_type in all_types():
            index_many(_texts(record_type), fresh=True)
        if connection.vendor == "sqlite":
            connection.check_constraints()


def forget_again() -> int:
    """Purge and erase again whatever the list of erasures names and that is here once more. Gives how many texts of the trail were blanked."""
    with command() as at:
        by = system_access().person
        count = sum(bury_again(line, by=by, at=at) for line in listed_erasures())
        return count + trail.reapply_erasures(actor=by, at=at)


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        insert_rows(model, columns, batch)


def _count_on(filled: Iterable[type[models.Model]]) -> None:
    """PostgreSQL counts ids apart from the rows: go on after the highest."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            cursor.execute(statement)


def _texts(record_type: RecordType) -> Iterator[tuple[int, str, str]]:
    record: Any
    for record in record_type.model._default_manager.order_by("pk").iterator(BATCH):
        yield index_line(record, record_type)


class _Trail:
    """Events, texts, seals and their leaves, gathered from lines and written many at a time."""

    def __init__(self) -> None:
        self.people = {str(uid): pk for uid, pk in Person.objects.values_list("uid", "pk")}
        self.key = event_key()
        self.waiting: dict[type[models.Model], list[tuple[Any, ...]]] = {Event: [], EventText: [], Seal: [], Sealed: []}
        self.columns = {Event: EVENT, EventText: TEXT, Seal: SEAL, Sealed: ("event_id", "seal_id", "leaf")}

    def receive(self, lines: Iterable[Mapping[str, Any]]) -> None:
        takers: dict[str, Callable[[Mapping[str, Any]], None]] = {"event": self._event, "text": self._text, "seal": self._seal}
        for line in lines:
            if taker := takers.get(line["kind"]):
                taker(line)
        for model in self.waiting:
            self._write(model)

    def _event(self, line: Mapping[str, Any]) -> None:
        if line["actor"] not in self.people:
            raise Refused(_("Event %s was done by somebody whom the export does not know.") % line["id"])
        chain = UUID(line["chain"])
        own = (line["id"], chain if connection.features.has_native_uuid_field else chain.hex, line["sequence"], line["subject"], line["record"])
        done = (self.people[line["actor"]], _time(line["at"]), line["verb"], line["body"], line["previous"], line["hash"])
        self._add(Event, (*own, *done, event_mac(self.key, line["hash"])))

    def _text(self, line: Mapping[str, Any]) -> None:
        self._add(EventText, (line["event"], line["place"], line["salt"], line["text"]))

    def _seal(self, line: Mapping[str, Any]) -> None:
        self._add(Seal, tuple(_time(line[name]) if name == "at" else line[name] for name in SEAL))
        for leaf, (event, _hash) in enumerate(line["leaves"]):
            self._add(Sealed, (event, line["number"], leaf))

    def _add(self, model: type[models.Model], row: tuple[Any, ...]) -> None:
        self.waiting[model].append(row)
        if len(self.waiting[model]) >= BATCH:
            self._write(model)

    def _write(self, model: type[models.Model]) -> None:
        insert_rows(model, self.columns[model], self.waiting[model])
        self.waiting[model] = []


def _time(text: str) -> Any:
    return connection.ops.adapt_datetimefield_value(datetime.fromisoformat(text))
