"""How an action comes to its end: done with evidence, and, where it matters, verified by somebody else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.kernel.people.grants import holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Strength, Transition
from linchpin.kernel.records.refusals import Refusal, never, second_person

DUTY = "action_owner_is_not_verifier"
CHECKING = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.AUDITOR, Role.LEAD_AUDITOR)


class State(models.TextChoices):
    OPEN = "open", gettext_lazy("To do")
    IN_PROGRESS = "in_progress", gettext_lazy("Under way")
    DONE = "done", gettext_lazy("Done, to be verified")
    VERIFIED = "verified", gettext_lazy("Verified")
    CLOSED = "closed", gettext_lazy("Done")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    VOID = "void", gettext_lazy("Void")


def has_owner(action: Any, actor: Person) -> Refusal | None:
    return None if action.owner_id else never(_("Name an owner first: an action is somebody's."), "owner")


def has_evidence(action: Any, actor: Person) -> Refusal | None:
    if action.evidence.strip() or action.files.filter(purpose="evidence").exists():
        return None
    return never(_("“Evidence” is empty: say or attach what shows that it is done."), "evidence")


def evidence_is_not_the_finding(action: Any, actor: Person) -> Refusal | None:
    """What shows the problem cannot show that it is gone: the same bytes hang on the record that the action is about."""
    if action.parent_id is None:
        return None
    given = {f.sha256: f.name for f in action.files.filter(purpose="evidence")}
    found = action.parent.files.filter(sha256__in=given).values_list("sha256", flat=True).first() if given else None
    if found is None:
        return None
    return never(_("“%s” is the file that shows the problem: attach what shows that it is done.") % given[found], "evidence")


def verifier_is_not_owner(action: Any, actor: Person) -> Refusal | None:
    if action.owner_id != actor.pk:
        return None
    return second_person(
        _("You own this action: somebody else verifies it."),
        DUTY,
        lambda: [person for role in CHECKING for person in holders(role, action.unit)],
    )


def no_verification_needed(action: Any, actor: Person) -> Refusal | None:
    return never(_("This kind of action is verified by somebody else.")) if action.needs_verification else None


def cancelled_with_the_quality_manager(action: Any, actor: Person) -> Refusal | None:
    parent = action.parent
    if parent is None or action.kind != "corrective" or getattr(actor, "is_system", False):
        return None
    severity = getattr(getattr(parent, "nonconformity", None), "severity", "")
    if severity in ("critical", "major") and actor.pk not in {p.pk for p in holders(Role.QUALITY_MANAGER, action.unit)}:
        return never(_("The lasting fix of a serious problem is cancelled by the quality manager only."))
    return None


def mark_done(action: Any, actor: Person) -> None:
    action.done_on = today()


def mark_verified(action: Any, actor: Person) -> None:
    action.verified_by = actor


def mark_returned(action: Any, actor: Person) -> None:
    action.done_on = None


CHECKERS = (*CHECKING, OWNER)
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.OPEN,
    phases={State.VERIFIED: "done", State.CLOSED: "done", State.CANCELLED: "done", State.VOID: "void"},
    stations=(
        ("action.open", (State.OPEN,)),
        ("action.in_progress", (State.IN_PROGRESS,)),
        ("action.done", (State.DONE,)),
    ),
    transitions=(
        Transition("start", gettext_lazy("Start"), (State.OPEN,), State.IN_PROGRESS, by=(OWNER, Role.QUALITY_MANAGER), rules=(has_owner,)),
        Transition(
            "complete", gettext_lazy("Mark as done"), (State.OPEN, State.IN_PROGRESS), State.DONE,
            by=(OWNER, Role.QUALITY_MANAGER), rules=(has_owner, has_evidence, evidence_is_not_the_finding), asks=("evidence",), effect=mark_done,
            explain=gettext_lazy("Say what shows that it is done. A lasting fix is then looked at by somebody else."),
        ),
        Transition("close", gettext_lazy("Close"), (State.DONE,), State.CLOSED, rules=(no_verification_needed,), automatic=True),
        Transition(
            "verify", gettext_lazy("Verify"), (State.DONE,), State.VERIFIED, by=CHECKERS, rules=(verifier_is_not_owner,),
            asks=("verification",), needs=("verification",), effect=mark_verified,
            signature=gettext_lazy("I verified that this was done"), strength=Strength.CONFIRM,
            explain=gettext_lazy("Look at it where it happens, then say what you saw."),
        ),
        Transition(
            "return", gettext_lazy("Give back"), (State.DONE,), State.IN_PROGRESS, by=CHECKERS, reason=True, backward=True, effect=mark_returned,
        ),
        Transition(
            "cancel", gettext_lazy("Cancel"), (State.OPEN, State.IN_PROGRESS), State.CANCELLED, by=(CREATOR, Role.QUALITY_MANAGER),
            rules=(cancelled_with_the_quality_manager,), reason=True, backward=True,
        ),
        Transition(
            "void", gettext_lazy("Void"), (State.OPEN, State.IN_PROGRESS, State.DONE), State.VOID,
            by=(Role.QUALITY_MANAGER,), reason=True, backward=True,
        ),
    ),
)  # fmt: skip
