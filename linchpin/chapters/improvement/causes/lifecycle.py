"""What becomes of a possible cause: tested, then held or dropped; the ones that an action must remove are root causes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.chapters.improvement.causes.tree import analysis_of
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Transition
from linchpin.kernel.records.refusals import Refusal, never

WORKING = (OWNER, CREATOR, Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.AUDITOR, Role.LEAD_AUDITOR)


class State(models.TextChoices):
    CANDIDATE = "candidate", gettext_lazy("Possible")
    VERIFIED = "verified", gettext_lazy("Shown")
    ROOT = "root", gettext_lazy("Root cause")
    REJECTED = "rejected", gettext_lazy("Not it")
    HELD = "held", gettext_lazy("In the chain")
    KEPT = "kept", gettext_lazy("Not pursued")
    VOID = "void", gettext_lazy("Void")


def has_evidence(cause: Any, actor: Person) -> Refusal | None:
    if cause.evidence.strip() or cause.files.filter(purpose="evidence").exists():
        return None
    return never(_("“What shows it” is empty: a cause without evidence is an opinion. Say or attach what shows it."), "evidence")


def still_being_worked_out(cause: Any, actor: Person) -> Refusal | None:
    analysis = analysis_of(cause)
    if analysis is None or analysis.status != "proposed":
        return None
    return never(_("%s is being read by somebody else: ask for it back to change its causes.") % analysis.number)


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.CANDIDATE,
    phases={State.ROOT: "done", State.REJECTED: "done", State.HELD: "done", State.KEPT: "done", State.VOID: "void"},
    stations=(
        ("cause.candidate", (State.CANDIDATE,)),
        ("cause.verified", (State.VERIFIED,)),
    ),
    transitions=(
        Transition(
            "verify", gettext_lazy("It is shown"), (State.CANDIDATE,), State.VERIFIED, by=WORKING, asks=("evidence", "test"),
            rules=(has_evidence, still_being_worked_out),
            explain=gettext_lazy("Say what shows that it is so, and how you tested it."),
        ),
        Transition(
            "choose", gettext_lazy("It is a root cause"), (State.VERIFIED,), State.ROOT, by=WORKING, rules=(has_evidence, still_being_worked_out),
            explain=gettext_lazy("If it were gone, the problem could not come back this way."),
        ),
        Transition(
            "reject", gettext_lazy("It was not this"), (State.CANDIDATE, State.VERIFIED), State.REJECTED, by=WORKING, asks=("test",), needs=("test",),
            rules=(still_being_worked_out,), backward=True, explain=gettext_lazy("Say what speaks against it: it stays on the drawing, struck through."),
        ),
        Transition(
            "look_again", gettext_lazy("Look again"), (State.VERIFIED, State.ROOT), State.CANDIDATE, by=WORKING, reason=True,
            rules=(still_being_worked_out,), backward=True,
        ),
        Transition(
            "rest", gettext_lazy("Leave it"), (State.CANDIDATE,), State.KEPT, by=WORKING, backward=True,
            explain=gettext_lazy("It stays on record as possible and is not pursued."),
        ),
        Transition("hold", gettext_lazy("It stands"), (State.VERIFIED,), State.HELD, by=WORKING, rules=(has_evidence,), backward=True),
        Transition(
            "void", gettext_lazy("Void"), (State.CANDIDATE, State.VERIFIED), State.VOID, by=(CREATOR, Role.QUALITY_MANAGER),
            reason=True, backward=True, rules=(still_being_worked_out,),
        ),
    ),
)  # fmt: skip
