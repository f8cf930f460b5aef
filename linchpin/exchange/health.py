"""Is the installation well? Each check answers in one sentence."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.people.models import Organization, Person, Role

LEAST_FREE = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    sentence: str


def checks() -> list[Check]:
    """Everything worth knowing about the installation, the most basic first."""
    answer = [_home(), _disk()]
    try:
        pending = _pending_migrations()
    except DatabaseError as problem:
        return [*answer, Check("database", False, f"It cannot be reached: {problem}")]
    answer.append(Check("database", not pending, f"{connection.vendor}, " + (f"{pending} migrations wait: run “linchpin up”." if pending else "up to date.")))
    if not pending:
        answer += [_organization(), _administrators(), _files(), _jobs(), _mail()]
    return answer


def _home() -> Check:
    home = Path(settings.HOME)
    open_to_others = (home / "keys").stat().st_mode & 0o077
    sentence = f"{home}: the folder “keys” can be read by others, run chmod 700 on it." if open_to_others else str(home)
    return Check("home", not open_to_others, sentence)


def _disk() -> Check:
    free = shutil.disk_usage(settings.HOME).free
    return Check("disk", free > LEAST_FREE, f"{free / (1 << 30):.1f} GB free.")


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _organization() -> Check:
    organization = Organization.objects.first()
    if organization is None:
        return Check("organization", False, "None yet: run “linchpin init” or “linchpin demo”.")
    return Check("organization", True, f"{organization.name}{' (demonstration)' if organization.is_demo else ''}, edition {organization.edition}.")


def _administrators() -> Check:
    count = Person.objects.filter(account="active", grants__role=Role.ADMINISTRATOR).exclude(state="left").distinct().count()
    return Check("administrators", count > 0, f"{count} active." if count else "Nobody can administer it: nobody holds the role with an active account.")


def _files() -> Check:
    hashes = set(StoredFile.objects.values_list("sha256", flat=True))
    missing = [name for name in hashes if not path_of(name).exists()]
    return Check("files", not missing, f"{len(hashes)} kept, {len(missing)} missing." if missing else f"{len(hashes)} kept, none missing.")


def _jobs() -> Check:
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    waiting = Job.objects.filter(state=Job.State.WAITING).count()
    return Check("jobs", True, f"{waiting} waiting, {failed} failed so far.")


def _mail() -> Check:
    if settings.EMAIL_HOST:
        return Check("mail", True, f"sent by {settings.EMAIL_HOST}.")
    return Check("mail", True, f"no SMTP server is set: mail goes to {settings.EMAIL_FILE_PATH}.")
