"""What becomes of a report: seen, sorted, fixed or answered, and thanked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.kernel.commands import create, link
from linchpin.kernel.links.models import Link
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import OWNER, STAY, Lifecycle, Transition
from linchpin.kernel.records.refusals import Refusal, never


class State(models.TextChoices):
    SENT = "sent", gettext_lazy("Sent")
    SEEN = "seen", gettext_lazy("Seen")
    HANDLED = "handled", gettext_lazy("Being fixed")
    FIXED = "fixed", gettext_lazy("Fixed")
    ANSWERED = "answered", gettext_lazy("Answered")
    VOID = "void", gettext_lazy("Void")


def mark_seen(concern: Any, actor: Person) -> None:
    concern.seen_by = concern.seen_by or actor
    concern.seen_at = concern.seen_at or clock.now()


def hand_over(concern: Any, actor: Person) -> None:
    """The finder has been answered: from here on the problem's own date counts. By when it was owed stays in `answer_by`."""
    mark_seen(concern, actor)
    concern.due = None


def mark_thanked(concern: Any, actor: Person) -> None:
    concern.thanked_by = actor


def make_nonconformity(concern: Any, actor: Access) -> None:
    """Triage: the report becomes a problem, linked both ways, in the finder's words."""
    values = {
        "title": concern.title,
        "description": concern.saw,
        "place": concern.place,
        "unit": concern.unit,
        "on_hold": concern.stop_line,
        "detected": timezone.localtime(concern.created_at).date(),
        "confidentiality": concern.confidentiality,
    }
    problem = create("nonconformity", values, actor=actor, once=f"triage-{concern.uid}")
    link(concern, problem, "became", actor=actor)


def problem_is_closed(concern: Any, actor: Person) -> Refusal | None:
    phases = list(Link.objects.filter(source_id=concern.pk, kind="became").values_list("target__phase", flat=True))
    if phases and all(phase in ("done", "void") for phase in phases) and "done" in phases:
        return None
    return never(_("The problem that it became is not closed yet."))


SORTING = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR)
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.SENT,
    phases={State.FIXED: "done", State.ANSWERED: "done", State.VOID: "void"},
    stations=(
        ("sent", (State.SENT,)),
        ("seen", (State.SEEN,)),
        ("handled", (State.HANDLED,)),
    ),
    transitions=(
        Transition("see", gettext_lazy("I have seen it"), (State.SENT,), State.SEEN, by=(*SORTING, OWNER), effect=mark_seen),
        Transition(
            "make_problem", gettext_lazy("Make it a problem"), (State.SENT, State.SEEN), State.HANDLED, by=SORTING,
            effect=hand_over, then=make_nonconformity,
            explain=gettext_lazy("A requirement was not met: it is taken through stop, quick fix, why, lasting fix. The finder follows it on the slip."),
        ),
        Transition(
            "answer", gettext_lazy("Answer"), (State.SENT, State.SEEN, State.HANDLED), State.ANSWERED, by=(*SORTING, OWNER),
            asks=("answer",), needs=("answer",), effect=mark_seen,
            explain=gettext_lazy("Nothing more needs doing: tell the finder why, in a sentence or two."),
        ),
        Transition("finish", gettext_lazy("Fixed"), (State.HANDLED,), State.FIXED, rules=(problem_is_closed,), automatic=True),
        Transition(
            "thank", gettext_lazy("Say thank you"), (State.SEEN, State.HANDLED, State.FIXED), STAY, by=(*SORTING, Role.TOP_MANAGER),
            asks=("thanks",), needs=("thanks",), effect=mark_thanked, backward=True,
            explain=gettext_lazy("In your own words. The finder reads it on the slip."),
        ),
        Transition("void", gettext_lazy("Void"), (State.SENT, State.SEEN), State.VOID, by=(Role.QUALITY_MANAGER,), reason=True, backward=True),
    ),
)  # fmt: skip
