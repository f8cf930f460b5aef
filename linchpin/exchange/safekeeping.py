"""Backups while everything runs, and their way back: whole, verified, or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import sqlite3
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.exchange import postgresql
from linchpin.exchange.archive import bring_in_archive
from linchpin.exchange.archive_members import BACKUP, EXPORT, Unpacking, damaged, packing, told_of_trail, unpacking
from linchpin.exchange.homes import DATABASE, being_prepared, is_empty, move_in, refuse_while_in_use, standing_in
from linchpin.exchange.whole_files import written_whole
from linchpin.kernel import trail
from linchpin.kernel.commands.restoring import forget_again
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.trail.core import Verification
from linchpin.kernel.trail.fetching import snapshot

DUMP = "database.dump"
ERASURES = "erasures.jsonl"
LAST_BACKUP = "last-backup.json"
"""In the home: when the newest backup was made, and where it went."""


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written. `fault` is the sentence of the trail's first fault, empty when it is whole."""

    path: Path
    events: int
    files: int
    size: int
    fault: str


@dataclasses.dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, how many texts were erased again, and where what stood here before is kept."""

    kind: str
    events: int
    files: int
    erased_again: int
    fault: str
    kept: str = ""


def back_up(output: Path | None = None) -> Made:
    """Database, files, keys and the list of erasures into one file, for its owner alone, while everything runs.

    The trail in the copy is verified. Without a path, or with a folder, the file is named by the time. Raises Refused
    when it could not be written whole. Mail that waits in the home for want of a mail server is not in it.
    """
    home = Path(settings.HOME)
    name = f"linchpin-{timezone.now():%Y-%m-%dT%H%M%SZ}.zip"
    path = home / "backups" / name if output is None else output / name if output.is_dir() else output
    with written_whole(path) as out, tempfile.TemporaryDirectory(prefix=".linchpin-", dir=path.parent) as staging:
        copy = Path(staging)
        shutil.copytree(home / "keys", copy / "keys")
        verification = _copy_of_sqlite(copy) if connection.vendor == "sqlite" else _dump_of_postgresql(copy)
        with packing(out) as pack:
            stored = DATABASE if connection.vendor == "sqlite" else DUMP
            pack.add_file(stored, copy / stored, packed=stored == DATABASE)
            for key in sorted((copy / "keys").iterdir()):
                pack.add_file(f"keys/{key.name}", key)
            if (home / ERASURES).exists():
                pack.add_file(ERASURES, home / ERASURES)
            files = pack.add_stored_files(home)
            pack.close(BACKUP, database=connection.vendor, files=files, trail=told_of_trail(verification))
    with unpacking(path):  # what lies on the disk now is what was written
        _keep_erasures_beside(path)
    with written_whole(home / LAST_BACKUP) as out:
        out.write(json.dumps({"at": timezone.now().isoformat(timespec="seconds"), "path": str(path.absolute())}).encode())
    return Made(path, verification.events, files, path.stat().st_size, _fault(verification))


def restore(file: Path, *, replace: bool = False) -> Restored:
    """Bring a backup or a full export into this home: all of it, verified, at the newest migration, or nothing.

    The home must be empty, unless it is to be replaced: then what it holds is kept beside. Raises Refused.
    """
    with unpacking(file) as archive:
        empty = is_empty()
        if not empty and not replace:
            raise Refused(_("This home holds an organization already: name another one in LINCHPIN_HOME, or say --replace, and it is kept beside."))
        _refuse_another_database(archive)
        if not empty:
            refuse_while_in_use()
        _refuse_without_room(archive)
        with contextlib.ExitStack() as stack:
            home = stack.enter_context(being_prepared())
            schema = stack.enter_context(postgresql.fresh_schema()) if connection.vendor == "postgresql" else ""
            restored = _fill(home, archive)
            aside = move_in(home, keep=not empty)
    if empty:
        if schema:
            postgresql.drop_schema(schema)
        return restored
    return dataclasses.replace(restored, kept=f"{aside}" + (f", schema {schema}" if schema else ""))


def _copy_of_sqlite(copy: Path) -> Verification:
    """The database as it stands at one moment, in one step: writers go on, and none of them makes it begin again."""
    with (
        contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        contextlib.closing(sqlite3.connect(copy / DATABASE)) as target,
    ):
        try:
            source.backup(target)
            (said,) = target.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as problem:
            raise Refused(_("The database could not be copied (%s): the disk may be full. Nothing was left behind.") % problem) from problem
    if said != "ok":
        raise Refused(_("The database is damaged (%s): restore the last good backup into an empty home.") % said)
    with standing_in(copy):
        return trail.verify()


def _dump_of_postgresql(copy: Path) -> Verification:
    """The dump and the verification see the same moment."""
    trail.seal_pending()
    with snapshot():
        postgresql.dump(copy / DUMP)
        postgresql.check_dump(copy / DUMP)
        return trail.verify()


def _fill(home: Path, archive: Unpacking) -> Restored:
    """Make the prepared home out of the archive, bring it up to date, erase again what was erased, and verify it."""
    _gather_erasures(home, archive)
    files = archive.names("files/")
    archive.extract(files, home)
    try:
        if archive.kind == BACKUP:
            archive.extract(archive.names("keys/"), home)
            _database(home, archive)
        else:
            shutil.copytree(Path(settings.HOME) / "keys", home / "keys", dirs_exist_ok=True)
        with standing_in(home):
            _refuse_newer(archive)
            call_command("migrate", verbosity=0, interactive=False)
            if archive.kind == EXPORT:
                bring_in_archive(archive)
            erased = forget_again()
            verification = trail.verify()
    except (DatabaseError, sqlite3.Error) as problem:
        raise damaged(archive.path, _("its database cannot be used: %s") % problem) from problem
    if not verification.ok and verification.first_fault != archive.manifest["trail"]["first_fault"]:
        raise damaged(archive.path, _fault(verification))
    return Restored(archive.kind, verification.events, len(files), erased, _fault(verification))


def _database(home: Path, archive: Unpacking) -> None:
    stored = DATABASE if connection.vendor == "sqlite" else DUMP
    archive.extract([stored], home)
    if stored == DUMP:
        postgresql.load(home / DUMP)
        (home / DUMP).unlink()


def _refuse_another_database(archive: Unpacking) -> None:
    made_on = archive.manifest.get("database")
    if archive.kind == BACKUP and made_on != connection.vendor:
        sentence = _("This backup holds a %(one)s database, and this home works with %(other)s: a full export (linchpin export) goes from one to the other.")
        raise Refused(sentence % {"one": made_on, "other": connection.vendor})


def _refuse_without_room(archive: Unpacking) -> None:
    free = shutil.disk_usage(settings.HOME).free
    if archive.size > free:
        sentence = _("The disk has %(free).1f GB free, and this needs %(size).1f GB: make room first. Nothing was changed.")
        raise Refused(sentence % {"free": free / 1e9, "size": archive.size / 1e9})


def _refuse_newer(archive: Unpacking) -> None:
    loader = MigrationLoader(connection)
    unknown = [key for key in loader.applied_migrations if key[0] in loader.migrated_apps and key not in loader.disk_migrations]
    if unknown:
        sentence = _("it was made by a newer Linchpin (%s): bring this installation up to that version first")
        raise damaged(archive.path, sentence % archive.manifest.get("linchpin"))


def _gather_erasures(home: Path, archive: Unpacking) -> None:
    """Every erasure that anybody knows of: those in the archive, those listed beside it, those of the home that is replaced."""
    inside = archive.read(ERASURES).decode() if ERASURES in archive.names() else ""
    _write_erasures(home / ERASURES, inside, *(_text(path) for path in (archive.path.parent / ERASURES, Path(settings.HOME) / ERASURES)))


def _keep_erasures_beside(path: Path) -> None:
    """The list beside the backups is the newest: an old backup, restored elsewhere, forgets what was erased after it."""
    beside, own = path.parent / ERASURES, Path(settings.HOME) / ERASURES
    if own.exists() and beside != own:
        _write_erasures(beside, _text(beside), _text(own))


def _write_erasures(path: Path, *texts: str) -> None:
    lines = {line: None for text in texts for line in text.splitlines() if line.strip()}
    try:
        known = {json.loads(line)["hash"]: line for line in lines}
    except (ValueError, KeyError, TypeError) as problem:
        raise Refused(_("The list of erasures (%s) is damaged: put an intact copy in its place. Nothing was changed.") % ERASURES) from problem
    if known:
        with written_whole(path) as out:
            out.write("".join(f"{line}\n" for line in known.values()).encode())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _fault(verification: Verification) -> str:
    return "" if verification.first_fault is None else str(verification.first_fault["sentence"])
