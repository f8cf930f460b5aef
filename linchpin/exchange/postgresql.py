"""A PostgreSQL database into a file and back, by PostgreSQL's own programs; what stood there before is put into a schema aside."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from linchpin.kernel.records.refusals import Refused

NOT_LIBPQ = ("cursor_factory", "context", "prepare_threshold", "password", "autocommit", "row_factory")


def dump(into: Path) -> None:
    """Write the database as the current transaction sees it. Raises Refused when pg_dump is missing or fails."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public", f"--snapshot={snapshot}", f"--file={into}")


def check_dump(path: Path) -> None:
    """Read a dump from its first byte to its last. Raises Refused when it is damaged."""
    _run("pg_restore", "--file=/dev/null", str(path), connected=False)


def load(path: Path) -> None:
    """Bring a dump into the empty schema, in one transaction. Raises Refused."""
    connection.close()
    _run("pg_restore", "--no-owner", "--no-privileges", "--schema=public", "--single-transaction", "--exit-on-error", str(path))


def needed(program: str) -> str:
    """The program's path. Raises Refused when it is not installed."""
    found = shutil.which(program)
    if found is None:
        sentence = _("%s is not installed here: install PostgreSQL's client programs, of the server's version or newer.")
        raise Refused(sentence % program)
    return found


@contextlib.contextmanager
def fresh_schema() -> Iterator[str]:
    """An empty schema `public` for the block; what stood there goes into the schema that is given, and comes back if the block fails."""
    aside = f"replaced_{timezone.now():%Y%m%dt%H%M%S}"
    _execute(f"ALTER SCHEMA public RENAME TO {aside}", "CREATE SCHEMA public")
    try:
        yield aside
    except BaseException:
        connection.close()
        _execute("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {aside} RENAME TO public")
        raise


def drop_schema(name: str) -> None:
    _execute(f"DROP SCHEMA {connection.ops.quote_name(name)} CASCADE")


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _run(program: str, *arguments: str, connected: bool = True) -> None:
    known = {name: value for name, value in connection.get_connection_params().items() if name not in NOT_LIBPQ}
    where = [f"--dbname={make_conninfo('', **known)}"] if connected else []
    password = str(connection.settings_dict["PASSWORD"])
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run([needed(program), *where, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        said = " ".join(line.strip() for line in done.stderr.splitlines() if "error" in line.lower()) or done.stderr.strip()
        raise Refused(_("%(program)s failed: %(why)s") % {"program": program, "why": said[:600]})
