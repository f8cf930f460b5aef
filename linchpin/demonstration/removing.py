"""Removing a demonstration wholly: the home is then as empty as before the first command."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.refusals import Refused

FOLDERS = ("files", "keys", "mail", "backups")
BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a database's own file."""


def remove() -> None:
    """Remove database content, files, keys, mail, backups and the list of erasures. Raises Refused where the organization is no demonstration."""
    organization = Organization.objects.first()
    if organization is None:
        raise Refused(_("There is no demonstration here."))
    if not organization.is_demo:
        raise Refused(_("%s is no demonstration: nothing of it can be removed.") % organization.name)
    if connection.vendor == "sqlite":
        _forget_file()
    else:
        _drop_tables()
    home = Path(settings.HOME)
    for folder in FOLDERS:
        shutil.rmtree(home / folder, ignore_errors=True)
    for name in ("writer.lock", "erasures.jsonl"):
        (home / name).unlink(missing_ok=True)


def _forget_file() -> None:
    name = str(connection.settings_dict["NAME"])
    connection.close()
    for ending in BESIDE:
        Path(name + ending).unlink(missing_ok=True)


def _drop_tables() -> None:
    """Only our own tables: the database may hold those of others."""
    ours = [*connection.introspection.django_table_names(only_existing=True), "django_migrations", "search_text"]
    with connection.cursor() as cursor:
        for table in ours:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
        cursor.execute("DROP FUNCTION IF EXISTS trail_refuse()")
    connection.close()
