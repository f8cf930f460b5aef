"""A request: asked, answered while a clock runs, and either enough or asked again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.requests.clock import minutes_so_far
from linchpin.kernel.links.models import Link
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Transition
from linchpin.kernel.records.refusals import Refusal, never


class State(models.TextChoices):
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    SETTLED = "settled", _("Seen, enough")
    VOID = "void", _("Taken back")


def something_is_given(request: Any, actor: Person) -> Refusal | None:
    if request.answer or request.files.exists() or Link.objects.filter(source_id=request.pk, kind="evidence").exists():
        return None
    return never(gettext("Nothing is given yet: write a sentence, link a record or attach a file."), "answer")


def stop_clock(request: Any, actor: Person) -> None:
    request.answered_at = clock.now()
    request.minutes = minutes_so_far(request)
    request.due = None  # nothing is owed any more


def start_clock_again(request: Any, actor: Person) -> None:
    request.asked_at, request.answered_at, request.minutes, request.due = clock.now(), None, None, clock.today()


def tell_who_asked(request: Any, actor: Access) -> None:
    text = Said(gettext_noop("%(number)s is answered: %(title)s"), {"number": request.number, "title": request.title})
    tell([request.created_by], record=request, kind="request", text=text, at=request.updated_at, actor=actor.person)


def tell_the_host(request: Any, actor: Access) -> None:
    text = Said(gettext_noop("%(who)s asks again for %(number)s: %(title)s"), {"who": actor.person, "number": request.number, "title": request.title})
    tell([request.owner] if request.owner_id else [], record=request, kind="request", text=text, at=request.updated_at, actor=actor.person)


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.ASKED,
    phases={State.SETTLED: "done", State.VOID: "void"},
    stations=(("request.asked", (State.ASKED,)), ("request.answered", (State.ANSWERED,))),
    resting=(State.ANSWERED,),
    transitions=(
        Transition(
            "answer", _("Answer it"), (State.ASKED,), State.ANSWERED, by=(OWNER, Role.QUALITY_MANAGER), asks=("answer",),
            rules=(something_is_given,), effect=stop_clock, then=tell_who_asked,
            explain=_("A sentence, a record that is linked, or a file that is attached: one of them at least. The clock stops here."),
        ),
        Transition("accept", _("Seen, that is enough"), (State.ANSWERED,), State.SETTLED, by=(CREATOR,)),
        Transition("ask_again", _("Ask again"), (State.ANSWERED,), State.ASKED, by=(CREATOR,), reason=True, backward=True,
                   effect=start_clock_again, then=tell_the_host, explain=_("Say what is still missing. The clock starts anew.")),
        Transition("void", _("Take it back"), (State.ASKED,), State.VOID, by=(CREATOR, Role.QUALITY_MANAGER), reason=True, backward=True),
    ),
)  # fmt: skip
