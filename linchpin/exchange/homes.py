"""The home as a whole: is it empty, is it in use, standing in another one, and exchanging one for another."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.refusals import Refused

DATABASE = "linchpin.sqlite3"
PARTS = ("keys", "files", "erasures.jsonl")
"""What lies in a home besides its database. Unsent mail, backups and lock files stay where they are."""
BESIDE = ("", "-wal", "-shm")


def is_empty() -> bool:
    """Whether nobody has founded an organization here yet."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return True
    try:
        return Organization._meta.db_table not in connection.introspection.table_names() or not Organization.objects.exists()
    except DatabaseError:  # damaged, or of another shape: whatever it is, it is not nothing
        return False


def refuse_while_in_use() -> None:
    """Refuse when another process has the database open: it would go on writing into what is put aside."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            (others,) = cursor.fetchone()
    else:
        others = _sqlite_is_open(Path(connection.settings_dict["NAME"]))
    if others:
        raise Refused(_("Linchpin is running on this home: stop it first (and the worker), then restore again. Nothing was changed."))


def _sqlite_is_open(path: Path) -> bool:
    """Leaving the write-ahead log needs the database alone; it also folds the log into the one file."""
    connection.close()
    if not path.exists():
        return False
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as alone:
        try:
            (mode,) = alone.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:  # damaged: then nobody works with it, and it is kept as it is
            return False
    return bool(mode != "delete")


@contextlib.contextmanager
def standing_in(home: Path) -> Iterator[None]:
    """Everything in the block works on that home: its keys and files and, on SQLite, its database."""
    stood, named = settings.HOME, connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.close()
        connection.settings_dict["NAME"] = str(home / DATABASE)
    settings.HOME = home
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connection.close()
            connection.settings_dict["NAME"] = named
        settings.HOME = stood


@contextlib.contextmanager
def being_prepared() -> Iterator[Path]:
    """A new home inside this one, on the same disk, that nobody sees; gone at the end unless it was moved in."""
    prepared = Path(tempfile.mkdtemp(prefix=".restoring-", dir=settings.HOME))
    try:
        for folder in ("keys", "files"):
            (prepared / folder).mkdir(mode=0o700)
        yield prepared
    finally:
        shutil.rmtree(prepared, ignore_errors=True)


def move_in(prepared: Path, *, keep: bool) -> Path | None:
    """Put the prepared home in the place of this one. With `keep` gives the folder that holds what stood here."""
    home, moved = Path(settings.HOME), list[tuple[Path, Path]]()
    aside = home / f"replaced-{timezone.now():%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    try:
        for name in PARTS:
            _exchange(home / name, prepared / name, aside / name, moved)
        if database:
            connection.close()
            for ending in BESIDE:
                _exchange(Path(f"{database}{ending}"), prepared / f"{DATABASE}{ending}", aside / f"{database.name}{ending}", moved)
    except OSError:
        for source, target in reversed(moved):
            shutil.move(target, source)
        aside.rmdir()
        raise
    if keep:
        return aside
    shutil.rmtree(aside)
    return None


def _exchange(standing: Path, coming: Path, aside: Path, moved: list[tuple[Path, Path]]) -> None:
    for source, target in ((standing, aside), (coming, standing)):
        if source.exists():
            shutil.move(source, target)
            moved.append((source, target))
