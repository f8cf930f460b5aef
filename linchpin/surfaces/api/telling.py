"""Telling others: webhooks to systems, feeds to calendars. Each person has their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from linchpin.kernel.commands.organizing import ADMINISTERING, issue_token, revoke_token
from linchpin.kernel.commands.subscribing import change_subscription, ping, subscribe, unsubscribe
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.people import clock
from linchpin.kernel.people.models import ApiToken, Unit
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.kernel.webhooks.delivering import KIND
from linchpin.kernel.webhooks.models import Subscription
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.house_schemas import FeedIn, FeedMade, FeedOut, JobOut, WebhookEdit, WebhookIn, WebhookMade, WebhookOut
from linchpin.surfaces.api.overview import job_out
from linchpin.surfaces.api.presenting import answer, moment, named

router = Router(tags=["telling others"])
SHOWN = 100


@router.get("/webhooks/", response=list[WebhookOut], operation_id="webhooks", summary="Webhooks")
def webhooks(request: HttpRequest, everybody: bool = False) -> HttpResponse:
    """Mine; for those who administer the house `everybody`'s too, which they can switch off and end."""
    asking, rows = access(request), Subscription.objects.select_related("person").order_by("id")
    if everybody and not asking.has(*ADMINISTERING):
        raise NotAllowed(_("Webhooks of others are for the administrator and the quality manager."))
    return answer([_webhook(row) for row in (rows if everybody else rows.filter(person=asking.person))])


@router.post("/webhooks/", response={201: WebhookMade}, operation_id="subscribe", summary="Make a webhook")
def make_webhook(request: HttpRequest, body: WebhookIn) -> HttpResponse:
    """Tell an address of events (of these verbs; empty: all) of records (of these types; empty: all) that you may read. The secret is shown once."""
    made = subscribe(body.url, actor=access(request), types=body.types, verbs=body.verbs)
    return answer(_webhook(made) | {"secret": made.secret}, 201)


@router.get("/webhooks/{uuid:uid}/", response=WebhookOut, operation_id="webhook", summary="A webhook")
def webhook(request: HttpRequest, uid: UUID) -> HttpResponse:
    return answer(_webhook(_found(request, uid)))


@router.patch("/webhooks/{uuid:uid}/", response=WebhookOut, operation_id="change_webhook", summary="Change a webhook")
def change_webhook(request: HttpRequest, uid: UUID, body: WebhookEdit) -> HttpResponse:
    """Switch it on or off, or change what it is told of. Switched on again, it begins afresh: what it missed is in the trail of the records."""
    given = body.model_dump(exclude_unset=True)
    return answer(_webhook(change_subscription(_found(request, uid), actor=access(request), **given)))


@router.delete("/webhooks/{uuid:uid}/", response={204: None}, operation_id="unsubscribe", summary="End a webhook")
def end_webhook(request: HttpRequest, uid: UUID) -> HttpResponse:
    unsubscribe(_found(request, uid), actor=access(request))
    return HttpResponse(status=204)


@router.post("/webhooks/{uuid:uid}/ping/", response={202: JobOut}, operation_id="ping", summary="Try a webhook")
def try_webhook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send it a message of the type `ping`."""
    return answer(job_out(ping(_found(request, uid), actor=access(request))), 202)


@router.get("/webhooks/{uuid:uid}/deliveries/", response=list[JobOut], operation_id="deliveries", summary="What was delivered")
def deliveries(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The newest hundred messages to it, each with what became of it."""
    found = _found(request, uid)
    rows = Job.objects.filter(person=found.person, kind=KIND, arguments__subscription=found.pk).order_by("-id")[:SHOWN]
    return answer([job_out(row) for row in rows])


def _found(request: HttpRequest, uid: UUID) -> Subscription:
    asking = access(request)
    found = Subscription.objects.select_related("person").filter(uid=uid).first()
    if found is None or not (found.person_id == asking.person.pk or asking.has(*ADMINISTERING)):
        raise Missing(_("There is no such webhook of yours."))
    return found


def _webhook(row: Subscription) -> dict[str, Any]:
    return {
        "uid": str(row.uid), "person": named(row.person), "url": row.url, "types": row.types, "verbs": row.verbs,
        "active": row.active, "failures": row.failures, "quiet_until": moment(row.quiet_until), "said": row.said,
        "delivered_at": moment(row.delivered_at), "created_at": moment(row.created_at),
    }  # fmt: skip


@router.get("/feeds/", response=list[FeedOut], operation_id="feeds", summary="My calendars")
def feeds(request: HttpRequest) -> HttpResponse:
    """The calendars of due dates that hold; their addresses were shown when they were made."""
    return answer([_feed(row) for row in _holding(request).order_by("id") if "feed" in row.scopes])


@router.post("/feeds/", response={201: FeedMade}, operation_id="make_feed", summary="Make a calendar")
def make_feed(request: HttpRequest, body: FeedIn) -> HttpResponse:
    """An address for your calendar program: whoever has it sees the due dates, so it is shown once and can be ended."""
    if body.unit is not None and not _is_unit(body.unit):
        raise Refused(never(_("There is no such unit: look it up under /api/v1/units/."), "unit"))
    actor = access(request)
    made, secret = issue_token(actor.person, body.name, scopes=("feed",), days=body.days, actor=actor)
    where = settings.BASE_URL + reverse("feed", args=[secret]) + (f"?unit={body.unit}" if body.unit else "")
    return answer(_feed(made) | {"url": where}, 201)


def _is_unit(text: str) -> bool:
    try:
        return Unit.objects.filter(uid=UUID(text)).exists()
    except ValueError:
        return False


@router.delete("/feeds/{int:id}/", response={204: None}, operation_id="end_feed", summary="End a calendar")
def end_feed(request: HttpRequest, id: int) -> HttpResponse:
    found = _holding(request).filter(pk=id).first()
    if found is None or "feed" not in found.scopes:
        raise Missing(_("There is no such calendar of yours."))
    revoke_token(found, actor=access(request))
    return HttpResponse(status=204)


def _holding(request: HttpRequest) -> Any:
    return ApiToken.objects.filter(person=access(request).person, revoked_at=None, expires_at__gt=clock.now())


def _feed(row: ApiToken) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "expires_at": moment(row.expires_at)}
