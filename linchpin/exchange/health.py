"""Is the installation well? Each check answers in one sentence, and a bad one says what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min, Q
from django.utils import timezone

from linchpin.exchange.safekeeping import LAST_BACKUP
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Grant, Organization, Person, Role
from linchpin.kernel.trail.models import Event, Pending

LEAST_FREE = 1 << 30
LATE = timedelta(minutes=10)
"""What waits for the worker longer than this waits in vain."""
BACK_UP_WITHIN = timedelta(days=7)
GB = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    sentence: str


def checks() -> list[Check]:
    """Everything worth knowing about the installation, the most basic first."""
    answer = [_home(), _disk(), _guarded("database", _database)]
    if answer[-1].ok:
        answer += [_guarded(name, look) for name, look in IN_THE_DATABASE.items()]
    return answer


def _guarded(name: str, look: Callable[[], tuple[bool, str]]) -> Check:
    """A check that cannot be made is a bad one, and the others are still made."""
    try:
        return Check(name, *look())
    except DatabaseError as problem:
        return Check(name, False, f"The database does not answer: {' '.join(str(problem).split())}")


def _home() -> Check:
    home = Path(settings.HOME)
    if home.stat().st_mode & 0o077:
        return Check("home", False, f"Database, files and mail in {home} can be read by other users of this machine: run chmod 700 {home}")
    kept = [path for pattern in ("replaced-*", ".restoring-*") for path in home.glob(pattern)]
    size = sum(file.stat().st_size for path in kept for file in path.rglob("*") if file.is_file())
    more = f" {len(kept)} earlier homes are kept in it ({size / GB:.1f} GB): delete them when nobody needs them." if kept else ""
    return Check("home", True, f"{home}.{more}")


def _disk() -> Check:
    free = shutil.disk_usage(settings.HOME).free
    what = "" if free > LEAST_FREE else ": less than 1 GB. Make room, or nothing can be saved soon."
    return Check("disk", free > LEAST_FREE, f"{free / GB:.1f} GB free{what or '.'}")


def _database() -> tuple[bool, str]:
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if not path.exists():
            return False, f"There is none in {path.parent} yet: run “linchpin init” or “linchpin demo”, or set LINCHPIN_HOME."
        with connection.cursor() as cursor:
            said = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            return False, f"The file {path.name} is damaged ({said}): restore the last backup with --replace."
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    what = f"{waiting} migrations wait: run “linchpin up”, or any command but this one." if waiting else "up to date."
    return not waiting, f"{connection.vendor}, {what}"


def _organization() -> tuple[bool, str]:
    organization = Organization.objects.first()
    if organization is None:
        return False, "None yet: run “linchpin init” or “linchpin demo”."
    return True, f"{organization.name}{' (demonstration)' if organization.is_demo else ''}, edition {organization.edition}."


def _administrators() -> tuple[bool, str]:
    """Who can administer it today: a grant in force, an open account, and a way to sign in."""
    day = clock.today()
    in_force = Grant.objects.filter(Q(starts=None) | Q(starts__lte=day), Q(ends=None) | Q(ends__gte=day), role=Role.ADMINISTRATOR)
    people = Person.objects.filter(pk__in=in_force.values("person_id"), account=Person.Account.ACTIVE).exclude(state=Person.State.LEFT)
    if not people.exists():
        return False, "Nobody can administer it: nobody holds the role today with an active account. Let the quality manager give it to somebody."
    able = people if settings.SOCIALACCOUNT_PROVIDERS else people.exclude(Q(password="") | Q(password__startswith="!"))  # noqa: S106  an empty one is no secret
    if not able.exists():
        return False, f"No administrator has a password: run “linchpin password --for {people[0].email}”."
    return True, f"{able.count()} can sign in."


def _files() -> tuple[bool, str]:
    """Every attached file lies there under its hash, with its size."""
    kept = dict(StoredFile.objects.values_list("sha256", "size"))
    missing = {name for name in kept if not path_of(name).exists()}
    changed = [name for name, size in kept.items() if name not in missing and path_of(name).stat().st_size != size]
    if not missing and not changed:
        return True, f"{len(kept)} kept, none missing."
    names = StoredFile.objects.filter(sha256__in=[*missing, *changed]).values_list("record__number", "name")[:3]
    examples = ", ".join(f"{number} “{name}”" for number, name in names)
    return False, f"{len(kept)} kept, {len(missing)} missing, {len(changed)} of another size: {examples}. Put them back from a backup's folder “files”."


def _jobs() -> tuple[bool, str]:
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    oldest = Job.objects.filter(state=Job.State.WAITING).aggregate(oldest=Min("created_at"))["oldest"]
    waiting = Job.objects.filter(state=Job.State.WAITING).count()
    if oldest and timezone.now() - oldest > LATE:
        return False, f"{waiting} wait, the oldest since {timezone.localtime(oldest):%Y-%m-%d %H:%M}: no worker runs. Start “linchpin up” or “linchpin worker”."
    return True, f"{waiting} waiting, {failed} failed so far."


def _seals() -> tuple[bool, str]:
    waiting = Pending.objects.count()
    if not waiting:
        return True, "every event is sealed."
    oldest = Event.objects.filter(pk__in=Pending.objects.values("pk")).aggregate(oldest=Min("at"))["oldest"]
    if oldest and timezone.now() - oldest > LATE:
        since = f"{waiting} events wait, the oldest since {timezone.localtime(oldest):%Y-%m-%d %H:%M}"
        return False, f"{since}: no worker runs (start “linchpin up”), or they were forged (run “linchpin verify”)."
    return True, f"{waiting} events wait for the worker."


def _backups() -> tuple[bool, str]:
    """A real organization that has worked for a week has a backup of that week."""
    organization = Organization.objects.first()
    first = Event.objects.aggregate(first=Min("at"))["first"]
    told = Path(settings.HOME) / LAST_BACKUP
    last = datetime.fromisoformat(json.loads(told.read_text())["at"]) if told.exists() else None
    said = f"the last one was made on {timezone.localtime(last):%Y-%m-%d %H:%M}" if last else "none was made yet"
    now = timezone.now()
    late = bool(organization and not organization.is_demo and first and now - (last or first) > BACK_UP_WITHIN)
    return not late, f"{said}{': run “linchpin backup”, every night if you can.' if late else '.'}"


def _mail() -> tuple[bool, str]:
    if settings.EMAIL_HOST:
        return True, f"sent by {settings.EMAIL_HOST}."
    return True, f"no SMTP server is set: mail goes to {settings.EMAIL_FILE_PATH}."


IN_THE_DATABASE: dict[str, Callable[[], tuple[bool, str]]] = {
    "organization": _organization,
    "administrators": _administrators,
    "files": _files,
    "jobs": _jobs,
    "seals": _seals,
    "backups": _backups,
    "mail": _mail,
}
