"""How a line of the checklist is answered. A nonconformity opens a problem; nothing is answered before the audit or after its report."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.kernel.commands import create, link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Transition
from linchpin.kernel.records.refusals import Refusal, never

AUDITING = (OWNER, CREATOR, Role.AUDITOR, Role.LEAD_AUDITOR)


class State(models.TextChoices):
    OPEN = "open", gettext_lazy("To be looked at")
    CONFORMS = "conforms", gettext_lazy("As it should be")
    FAILS = "fails", gettext_lazy("Nonconformity")
    OPPORTUNITY = "opportunity", gettext_lazy("Could be better")
    GOOD = "good_practice", gettext_lazy("Good practice")
    NOT_SEEN = "not_seen", gettext_lazy("Not looked at")
    VOID = "void", gettext_lazy("Void")


ANSWERED = (State.CONFORMS, State.OPPORTUNITY, State.GOOD, State.NOT_SEEN)


def audit_is_under_way(check: Any, actor: Person) -> Refusal | None:
    audit = check.parent
    if audit is None or audit.status in ("in_progress", "reporting"):
        return None
    if audit.status in ("planned", "notified"):
        return never(_("%s has not begun: begin it first.") % audit.number)
    return never(_("%s is reported: what was seen stays as it was. Say what is new in a comment.") % audit.number)


def has_evidence(check: Any, actor: Person) -> Refusal | None:
    if check.evidence.strip() or check.files.exists():
        return None
    return never(_("“What was seen” is empty: an answer without evidence is an impression. Say it, or attach a photo."), "evidence")


def names_the_requirement(check: Any, actor: Person) -> Refusal | None:
    if check.requirement.strip():
        return None
    return never(_("“What was required” is empty: without a requirement it is no nonconformity."), "requirement")


def no_requirement_is_unmet(check: Any, actor: Person) -> Refusal | None:
    """An opportunity is not a nonconformity with softer words (model, section 32)."""
    if not check.requirement.strip():
        return None
    return never(_("A requirement is named here: where it is not met, answer “nonconformity”; else leave it out."), "requirement")


def open_a_problem(check: Any, actor: Access) -> None:
    """The finding in its own words, with the unit that it concerns, linked both ways."""
    values = {
        "title": check.title, "description": check.sample, "requirement": check.requirement, "evidence": check.evidence, "gap": check.statement,
        "severity": check.grade, "source": "internal_audit", "unit": check.unit,
    }  # fmt: skip
    link(check, create("nonconformity", values, actor=actor, once=f"finding-{check.uid}"), "became", actor=actor)


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.OPEN,
    phases={**dict.fromkeys(map(str, (*ANSWERED, State.FAILS)), "done"), State.VOID: "void"},
    stations=(("check.open", (State.OPEN,)),),
    transitions=(
        Transition(
            "conforms", gettext_lazy("As it should be"), (State.OPEN,), State.CONFORMS, by=AUDITING, asks=("sample", "evidence"),
            rules=(audit_is_under_way, has_evidence), explain=gettext_lazy("Say what was sampled and what was seen."),
        ),
        Transition(
            "fails", gettext_lazy("Nonconformity"), (State.OPEN,), State.FAILS, by=AUDITING,
            asks=("requirement", "sample", "evidence", "statement", "grade"), needs=("requirement", "statement", "grade"),
            rules=(audit_is_under_way, names_the_requirement, has_evidence), then=open_a_problem,
            explain=gettext_lazy("What was required, what was seen, and where they differ. A problem is opened in these words."),
        ),
        Transition(
            "opportunity", gettext_lazy("Could be better"), (State.OPEN,), State.OPPORTUNITY, by=AUDITING, asks=("sample", "evidence", "statement"),
            needs=("statement",), rules=(audit_is_under_way, has_evidence, no_requirement_is_unmet),
        ),
        Transition(
            "good_practice", gettext_lazy("Good practice"), (State.OPEN,), State.GOOD, by=AUDITING, asks=("sample", "evidence", "statement"),
            rules=(audit_is_under_way, has_evidence),
        ),
        Transition(
            "not_seen", gettext_lazy("Not looked at"), (State.OPEN,), State.NOT_SEEN, by=AUDITING, asks=("statement",), needs=("statement",),
            rules=(audit_is_under_way,), explain=gettext_lazy("Say why: whoever reads the report must know what it does not cover."),
        ),
        Transition(
            "look_again", gettext_lazy("Look again"), ANSWERED, State.OPEN, by=AUDITING, reason=True, backward=True, rules=(audit_is_under_way,),
        ),
        Transition(
            "void", gettext_lazy("Void"), (State.OPEN,), State.VOID, by=(CREATOR, Role.LEAD_AUDITOR, Role.QUALITY_MANAGER), reason=True, backward=True,
        ),
    ),
)  # fmt: skip
