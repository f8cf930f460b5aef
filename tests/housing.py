"""Houses for tests: founded once for a whole module and rolled back behind each test, or really committed and emptied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction

from linchpin.kernel.people.writing import permitted
from tests.cast import Cast, gather


@pytest.fixture(scope="module")
def house(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Dunmallow Aero, founded when the first test of the module asks for it and gone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield gather()
        transaction.set_rollback(True)


@pytest.fixture
def cast(house: Cast, db: Any) -> Cast:
    """The people of the house, for one test."""
    return house


@pytest.fixture
def transactional_db(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """For tests in which several connections see each other's commits. pytest-django's own would be refused by the trail."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
        _empty()


def _empty() -> None:
    """Take everything out again, as only the database's owner can: with the trail's triggers out of the way."""
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    with connection.cursor() as cursor, permitted():
        tables = [name for name in connection.introspection.table_names(cursor) if name not in kept and not name.startswith("search_text_")]
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables) + " RESTART IDENTITY CASCADE")
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        cursor.execute("PRAGMA foreign_keys=OFF")
        for statement in (f"DROP TRIGGER {name}" for name, _sql in triggers):
            cursor.execute(statement)
        for name in tables:
            cursor.execute(f'DELETE FROM "{name}"')
        for _name, sql in triggers:
            cursor.execute(sql)
        cursor.execute("PRAGMA foreign_keys=ON")
