"""The job that delivers one message: judged, signed, sent; put off when the other side does not answer, given up after long silence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from standardwebhooks import Webhook

from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import Later, Progress, handles
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.access import may
from linchpin.kernel.trail.models import Event
from linchpin.kernel.webhooks.models import Subscription
from linchpin.kernel.webhooks.sending import Gone, Unreachable, send

KIND = "webhook"
WAITS = tuple(timedelta(seconds=s) for s in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000))
"""How long the address is left alone after each failure in a row; after the last one it is switched off (about 38 hours)."""
KEPT = 10_000
"""Job rows of deliveries that are kept."""


@handles(KIND)
def deliver(job: Job, progress: Progress) -> dict[str, Any]:
    """Send the message, or say in a sentence why not. Raises Later while the address is left alone."""
    one = Subscription.objects.select_related("person__unit").filter(pk=job.arguments["subscription"]).first()
    if one is None or not one.active:
        return {"sentence": _("The webhook is switched off: nothing was sent.")}
    if one.quiet_until and one.quiet_until > clock.now():
        raise Later(one.quiet_until)
    message = _message(job, one)
    if message is None:
        return {"sentence": _("Its owner may not read this record: nothing was sent.")}
    try:
        status = send(one.url, *_signed(job, one, message))
    except Unreachable as problem:
        return _failed(one, str(problem), isinstance(problem, Gone))
    _delivered(one, job)
    return {"sentence": _("Delivered."), "status": status}


def _message(job: Job, one: Subscription) -> dict[str, Any] | None:
    """What is told: which record, what happened, who did it, which fields. No content: the receiver reads that with a token."""
    if "event" not in job.arguments:
        return {"type": "ping", "timestamp": clock.now().isoformat(), "data": {"webhook": str(one.uid)}}
    event = Event.objects.select_related("record", "actor").get(pk=job.arguments["event"])
    record = event.record
    if record is None or not _may_know(one.person, record):
        return None
    fields = [change[0] for change in json.loads(event.body)["changes"]]
    return {
        "type": f"{record.type}.{event.verb}",
        "timestamp": event.at.isoformat(),
        "data": {
            "record": {"uid": str(record.uid), "type": record.type, "number": record.number, "url": f"/api/v1/{record.type}/{record.number}/"},
            "status": record.status, "phase": record.phase, "version": record.version,
            "event": {"sequence": event.sequence, "verb": event.verb, "actor": str(event.actor.uid), "fields": fields, "hash": event.hash},
        },
    }  # fmt: skip


def _may_know(person: Person, record: Any) -> bool:
    gone = person.state == Person.State.LEFT or person.account == Person.Account.LOCKED
    return not gone and may(access_of(person), "read", record)


def _signed(job: Job, one: Subscription, message: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Body and headers. The id stays the same when it is sent again, so that the receiver can tell."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    name, at = f"msg_{job.uid.hex}", clock.now()
    stamp = int(at.timestamp())
    signature = Webhook(one.secret).sign(name, datetime.fromtimestamp(stamp, UTC), body)
    headers = {"webhook-id": name, "webhook-timestamp": str(stamp), "webhook-signature": signature, "Content-Type": "application/json"}
    return body.encode(), headers


def _delivered(one: Subscription, job: Job) -> None:
    with writing():
        Subscription.objects.filter(pk=one.pk).update(failures=0, quiet_until=None, said="", delivered_at=clock.now())
        if job.pk % 100 == 0:
            Job.objects.filter(kind=KIND, state=Job.State.DONE, pk__lt=job.pk - KEPT).delete()


def _failed(one: Subscription, sentence: str, for_good: bool) -> dict[str, Any]:
    """Leave the address alone for a while; after too many failures in a row switch it off and tell its owner."""
    failures = one.failures + 1
    off = for_good or failures > len(WAITS)
    quiet = None if off else clock.now() + WAITS[failures - 1]
    with writing():
        Subscription.objects.filter(pk=one.pk).update(failures=failures, quiet_until=quiet, said=sentence[:300], active=not off)
        if off:
            told = gettext_noop("The webhook to %(url)s was switched off after %(n)s failures: %(said)s")
            text = Said(told, {"url": one.url, "n": failures, "said": sentence})
            tell([one.person], record=None, kind="webhook", text=text, at=clock.now())
    if quiet:
        raise Later(quiet, sentence)
    return {"sentence": sentence}
