"""An answer to a question of the checklist that was given without a connection: taken once, in its order, and shown beside what others wrote meanwhile."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.audits.sheet import STANDS
from linchpin.chapters.evaluation.checks import answering
from linchpin.kernel.commands.on_device import device_time, done_on_device
from linchpin.kernel.commands.repeating import repeatable
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.lifecycle import Transition
from linchpin.kernel.records.refusals import Refused, Stale, never
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.trail import history
from linchpin.surfaces.web.presenting import shown
from linchpin.surfaces.web.waiting import told

SHORTEST, LONGEST = 16, 64
"""Characters of the key that the device makes."""
TAKES_BACK = "look_again"


def values_of(request: HttpRequest, transition: Transition) -> dict[str, str]:
    """What the answer asks for and the form holds."""
    return {field: str(request.POST[field]) for field in transition.asks if field in request.POST}


def arrived(request: HttpRequest, check: Any, transition: Transition, access: Access) -> JsonResponse:
    """Taken once under the key that the device made; what changed meanwhile is told with both texts (409). Raises Refused."""
    once = request.POST.get("once", "")
    if not SHORTEST <= len(once) <= LONGEST:
        raise Refused(never(_("An answer that waited has a key of its own, of 16 to 64 characters."), "once"))
    try:
        with done_on_device(device_time(request.POST.get("at", ""))):
            _check, again = repeatable(f"{check.uid}:{once}", _asked(request), lambda: _take(request, check, transition, access), actor=access)
    except Stale as stale:
        return told(stale, **_meanwhile(check, stale))
    return JsonResponse({"number": check.number}, headers={"Idempotent-Replayed": "true"} if again else None)


def _take(request: HttpRequest, check: Any, transition: Transition, access: Access) -> Any:
    photos = request.FILES.getlist("photo")
    if (beside := request.POST.get("beside", "")) != "":
        return answering.say_beside(check, beside, actor=access, photos=photos)
    values, why = values_of(request, transition), request.POST.get("instead", "").strip()
    return answering.answer(check, transition.name, actor=access, values=values, photos=photos, old=_seen(request), instead=why)


def _seen(request: HttpRequest) -> dict[str, str]:
    """What the person saw when they answered. Raises Refused."""
    try:
        seen = json.loads(request.POST.get("old", ""))
    except ValueError:
        seen = None
    if not isinstance(seen, dict) or not set(seen) >= {"status"}:
        raise Refused(never(_("An answer that waited says what stood there when it was given."), "old"))
    return {name: str(seen[name]) for name in STANDS if name in seen}


def _asked(request: HttpRequest) -> str:
    """Everything that was asked for, with the content of its photos."""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    photos = []
    for photo in request.FILES.getlist("photo"):
        photos.append(hashlib.sha256(b"".join(photo.chunks())).hexdigest())
        photo.seek(0)
    return json.dumps([request.path, fields, photos], sort_keys=True)


def _meanwhile(check: Any, stale: Stale) -> dict[str, Any]:
    """What stands now, who wrote it, and whether it can be taken back."""
    record_type = get_type(check.type)
    check.refresh_from_db()
    last = next((event for event in reversed(history(check.pk)) if any(change.field in stale.theirs for change in event.changes)), None)
    at = formats.date_format(timezone.localtime(last.at), "j M Y, H:i") if last else ""
    lines = [(record_type.field_label(name), _said(check, name)) for name in STANDS if name not in ("title", "status") or name in stale.theirs]
    back = record_type.lifecycle.transition(TAKES_BACK)
    return {
        "by": last.actor.name if last else "",
        "when": at,
        "theirs": [line for line in lines if line[1]],
        "stands": {name: as_text(getattr(check, name)) or "" for name in STANDS},
        "answered": check.status != record_type.lifecycle.initial,
        "movable": check.status == record_type.lifecycle.initial or (back is not None and check.status in back.source),
    }


def _said(check: Any, name: str) -> str:
    return get_type(check.type).lifecycle.label(check.status) if name == "status" else shown(check, name)
