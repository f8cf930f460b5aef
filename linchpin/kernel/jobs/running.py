"""Ask for a job, claim it, run it, say how far it is, and give it up when asked to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.kernel.jobs.models import Job
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import Refused

log = logging.getLogger("linchpin.jobs")
SILENT_FOR = timedelta(minutes=2)
"""A running job that said nothing for so long was killed: it is run again, at most this often."""
ATTEMPTS = 3


class Cancelled(Exception):
    """The person asked the job to stop."""


class Later(Exception):
    """What the job needs is not there yet: it waits again, until then."""

    def __init__(self, until: datetime, saying: str = "") -> None:
        self.until, self.saying = until, saying
        super().__init__(saying)


class Progress:
    """What a handler holds: it says how far it is, and is told whether to stop."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def say(self, done: int, total: int, saying: str = "") -> None:
        """Note the progress in a transaction of its own. Raises Cancelled when somebody asked to stop."""
        if connection.in_atomic_block:
            return
        with writing():
            Job.objects.filter(pk=self.job.pk).update(done=done, total=total, saying=saying[:200], beat_at=timezone.now())
        if Job.objects.filter(pk=self.job.pk, cancel=True).exists():
            raise Cancelled


Handler = Callable[[Job, Progress], dict[str, Any]]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Decorator: the function runs jobs of that kind and gives their result. It must be safe to run again."""

    def keep(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return keep


def ask_for(kind: str, person: Person, **arguments: Any) -> Job:
    """Write the job down, in the caller's transaction if there is one."""
    if kind not in _handlers:
        raise LookupError(f"Nobody handles jobs of the kind {kind}.")
    with writing():
        return Job.objects.create(kind=kind, person=person, arguments=arguments)


def cancel(job: Job) -> None:
    """Ask a job to stop: a waiting one at once, a running one when it next says how far it is."""
    with writing():
        Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.CANCELLED, ended_at=timezone.now())
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel=True)


def claim() -> Job | None:
    """Take the oldest waiting (or killed) job, so that no other worker does."""
    now = timezone.now()
    _give_up(now)
    due = Q(not_before=None) | Q(not_before__lte=now)
    free = Q(due, state=Job.State.WAITING) | Q(state=Job.State.RUNNING, beat_at__lt=now - SILENT_FOR, attempts__lt=ATTEMPTS)
    if not Job.objects.filter(free).exists():
        return None
    with writing():
        rows = Job.objects.filter(free).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        job = rows.first()
        if job is not None:
            Job.objects.filter(pk=job.pk).update(
                state=Job.State.RUNNING, started_at=now, beat_at=now, attempts=F("attempts") + 1, cancel=False
            )
            job.refresh_from_db()
        return job


def _give_up(now: datetime) -> None:
    """What was killed each time it was tried is not tried for ever."""
    killed = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=now - SILENT_FOR, attempts__gte=ATTEMPTS)
    if killed.exists():
        sentence = _("It was stopped from outside three times. Nothing of it was kept: tell the administrator, the machine may be too small for it.")
        with writing():
            killed.update(state=Job.State.FAILED, result={"sentence": sentence}, ended_at=now)


def run(job: Job) -> Job:
    """Run a claimed job to its end; what goes wrong is written into its result as a sentence."""
    try:
        result, state = _handlers[job.kind](job, Progress(job)), Job.State.DONE
    except Later as later:
        return _put_off(job, later)
    except Cancelled:
        result, state = {"sentence": _("Stopped as you asked. Nothing of it was kept.")}, Job.State.CANCELLED
    except Refused as refused:
        result, state = {"sentence": str(refused)}, Job.State.FAILED
    except Exception:
        log.exception("job %s failed", job.uid)
        sentence = _("Something went wrong on our side. Nothing of it was kept: try again, and tell the administrator the number %s.")
        result, state = {"sentence": sentence % job.uid}, Job.State.FAILED
    with writing():
        Job.objects.filter(pk=job.pk).update(state=state, result=result, ended_at=timezone.now())
    job.refresh_from_db()
    return job


def _put_off(job: Job, later: Later) -> Job:
    """Waiting again; unless somebody asked it to stop meanwhile, nothing of it counts as tried."""
    with writing():
        rows = Job.objects.filter(pk=job.pk)
        rows.filter(cancel=False).update(state=Job.State.WAITING, not_before=later.until, saying=later.saying[:200], attempts=0)
        rows.filter(cancel=True).update(state=Job.State.CANCELLED, ended_at=timezone.now())
    job.refresh_from_db()
    return job


def run_next() -> Job | None:
    """Claim and run one job, if any waits."""
    job = claim()
    return run(job) if job else None
