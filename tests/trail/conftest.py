"""A small company with a trail, written straight through the trail's own functions, and the tools to tamper with it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from linchpin.kernel import trail
from linchpin.kernel.people.models import Organization, Person, Unit
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.records.models import Record
from linchpin.kernel.trail import Change
from linchpin.kernel.trail.models import Event

AT = datetime(2026, 11, 2, 10, 14, tzinfo=UTC)


class Company:
    """Seun and the nonconformities that Seun writes; every write is sealed as a command would."""

    def __init__(self) -> None:
        self.minutes = 0
        with permitted():
            self.organization = Organization(name="Lough Valves")
            self.unit = Unit(name="Lough Valves", kind=Unit.Kind.COMPANY)
            self.unit.save()
            self.seun = Person(name="Seun", unit=self.unit)
            self.seun.save()
            self.organization.save()
        for kind, subject in (("unit", self.unit), ("person", self.seun), ("organization", self.organization)):
            self.write(subject, kind, "create", [Change("name", None, subject.name, True)])
        self.records = [self.create(serial) for serial in (1, 2, 3)]
        for record in self.records:
            for verb in ("edit", "move", "sign"):
                self.edit(record, verb)

    def create(self, serial: int) -> Record:
        record = Record(type="nonconformity", number=f"NC-2026-{serial:04}", serial=serial, title="Burr on the seat",
                        status="reported", unit=self.unit, created_at=AT, created_by=self.seun, updated_at=AT)  # fmt: skip
        with permitted():
            record.save()
        self.write(record, "record", "create", [Change("title", None, record.title, True), Change("status", None, "reported")])
        return record

    def edit(self, record: Record, verb: str = "edit", reason: str = "Seun looked again") -> Event:
        changes = [Change("title", record.title, f"Burr, {verb}", True), Change("status", "reported", "open")]
        return self.write(record, "record", verb, changes, reason)

    def write(self, subject: Any, kind: str, verb: str, changes: list[Change], reason: str = "") -> Event:
        self.minutes += 1
        record_id = subject.pk if kind == "record" else None
        at = AT + timedelta(minutes=self.minutes)
        with permitted():
            event = trail.append(
                subject, kind, record_id=record_id, actor=self.seun, verb=verb, changes=changes, reason=reason, at=at
            )
            type(subject).objects.filter(pk=subject.pk).update(head=subject.head, sequence=subject.sequence)
            trail.seal_pending()
        return event


@pytest.fixture
def company(db: None, settings: Any, tmp_path: Any) -> Company:
    settings.HOME = tmp_path
    return Company()


@contextlib.contextmanager
def tampering() -> Iterator[Callable[..., int]]:
    """Whoever owns the database: triggers and foreign keys gone. All is put back afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor, permitted():
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET LOCAL session_replication_role = replica")
            for table in ("trail_event", "trail_eventtext", "trail_seal", "trail_sealed"):
                for verb in ("update", "delete", "truncate"):
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")

            def tamper(sql: str, *params: Any) -> int:
                cursor.execute(sql, params)
                return cursor.rowcount

            yield tamper
        transaction.set_rollback(True)
