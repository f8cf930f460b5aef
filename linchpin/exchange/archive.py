"""The full export: everything an organization has here, in lines of JSON that anybody can read, verify and bring in elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from linchpin.exchange.archive_members import EXPORT, README, Unpacking, damaged, packing, told_of_trail
from linchpin.exchange.archive_tables import table_named, tables
from linchpin.exchange.archive_words import readme
from linchpin.exchange.whole_files import written_whole
from linchpin.kernel import trail
from linchpin.kernel.commands.restoring import Rows, bring_in
from linchpin.kernel.trail.core import verify_export
from linchpin.kernel.trail.core.exported import NAME as TRAIL
from linchpin.kernel.trail.exporting import sealed_snapshot
from linchpin.kernel.trail.keys import public_pems, sealing_fingerprint


@dataclass(frozen=True, slots=True)
class Exported:
    """An archive that was written. `fault` is the sentence of the trail's first fault, empty when it is whole."""

    path: Path
    events: int
    rows: int
    files: int
    size: int
    fault: str


def write_archive(path: Path) -> Exported:
    """Everything as of one moment, while everything runs: tables, trail, files, public keys. For its owner alone.

    Passwords, second steps, tokens, sessions and private keys stay here. Raises Refused when it could not be written whole.
    """
    rows: dict[str, int] = {}
    with written_whole(path) as out, packing(out) as pack:
        with sealed_snapshot():
            for table in tables():
                lines = _Counted(table.lines())
                pack.add(table.member, lines)
                rows[table.member] = lines.count
            pack.add(TRAIL, (line.encode() for line in trail.export_lines()))
            verification = trail.verify()
        files = pack.add_stored_files(Path(settings.HOME))
        for fingerprint, pem in public_pems().items():
            pack.add(f"keys/{fingerprint[:16]}.pub", [pem])
        pack.add(README, [readme(rows, files).encode()])
        pack.close(EXPORT, database=connection.vendor, key=sealing_fingerprint(), rows=rows, files=files, trail=told_of_trail(verification))
    written = verify_export(path)  # what lies on the disk now, read as anybody outside would
    fault = written.first_fault or verification.first_fault
    return Exported(path, written.events, sum(rows.values()), files, path.stat().st_size, fault["sentence"] if fault else "")


def bring_in_archive(archive: Unpacking) -> None:
    """Verify the trail in the archive, keep the public keys it was sealed with, and bring everything in. Raises Refused."""
    verification = verify_export(archive.path)
    if verification.first_fault is not None:
        raise damaged(archive.path, verification.first_fault["sentence"])
    archive.extract(archive.names("keys/"), Path(settings.HOME))
    try:
        bring_in(_rows(archive), _lines(archive, TRAIL))
    except (IntegrityError, ValueError, TypeError, KeyError) as problem:
        raise damaged(archive.path, _("its rows do not fit together: %s") % problem) from problem


def _rows(archive: Unpacking) -> Iterator[Rows]:
    """Each table's rows; a record type's lines are read once for the parent's table and once for its own."""
    for member in archive.names("tables/"):
        for reader in table_named(member).readers():
            yield reader.model, reader.columns, reader.rows(_lines(archive, member))


def _lines(archive: Unpacking, member: str) -> Iterator[dict[str, Any]]:
    with archive.open(member) as lines:
        yield from (json.loads(line) for line in lines)


class _Counted(Iterator[bytes]):
    """The same lines, and how many came by."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines, self.count = lines, 0

    def __next__(self) -> bytes:
        line = next(self.lines)
        self.count += 1
        return line
