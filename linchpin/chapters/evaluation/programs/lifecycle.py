"""An audit program from its draft to what was learned: approved by top management, in force, evaluated, closed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from linchpin.chapters.evaluation.programs import rules
from linchpin.chapters.evaluation.programs.needing import as_approved
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Strength, Transition


class State(models.TextChoices):
    DRAFT = "draft", _("Being planned")
    RUNNING = "running", _("In force")
    EVALUATED = "evaluated", _("Evaluated")
    CLOSED = "closed", _("Closed")
    VOID = "void", _("Void")


def keep_its_basis(program: Any, actor: Person) -> None:
    """What the frequency of each area was when it was approved stands still from here on; the page goes on computing."""
    program.basis, program.approved_on = as_approved(program), today()


def tell_the_auditors(program: Any, actor: Access) -> None:
    text = Said(gettext_noop("%(number)s is approved: %(title)s"), {"number": program.number, "title": program.title})
    people = [*holders(Role.LEAD_AUDITOR, program.unit), *holders(Role.AUDITOR, program.unit), *holders(Role.QUALITY_MANAGER, program.unit)]
    tell(list(dict.fromkeys(people)), record=program, kind="audit", text=text, at=program.updated_at, actor=actor.person)


PLANNING = (OWNER, Role.LEAD_AUDITOR, Role.QUALITY_MANAGER)
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.DRAFT,
    phases={State.CLOSED: "done", State.VOID: "void"},
    stations=(
        ("program.planned", (State.DRAFT,)),
        ("program.run", (State.RUNNING,)),
        ("program.evaluated", (State.EVALUATED,)),
    ),
    transitions=(
        Transition(
            "approve", _("Approve it"), (State.DRAFT,), State.RUNNING, by=(Role.TOP_MANAGER,), asks=("gaps",),
            rules=(rules.has_areas, rules.has_audits, rules.gaps_have_a_reason, rules.auditors_are_fit, rules.approved_by_another),
            effect=keep_its_basis, then=tell_the_auditors,
            signature=_("I approve this audit program"), strength=Strength.CONFIRM,
            explain=_("What is due and not planned needs a reason. How often each area is audited is kept as it stands today."),
            task=_("Approve the audit program"), covers=("title", "starts", "until", "objectives", "edition", "risks", "resources", "gaps", "basis"),
        ),
        Transition(
            "plan_again", _("Plan it again"), (State.RUNNING,), State.DRAFT, by=PLANNING, reason=True, backward=True,
            explain=_("Top management approves it again, with what became different."),
        ),
        Transition(
            "evaluate", _("Evaluate it"), (State.RUNNING,), State.EVALUATED, by=PLANNING, asks=("evaluation",), needs=("evaluation",),
            rules=(rules.nothing_is_left_to_hold,), explain=_("Was it reached, what slipped, what do we do otherwise next time?"),
        ),
        Transition(
            "close", _("Close the program"), (State.EVALUATED,), State.CLOSED, by=(Role.TOP_MANAGER, Role.QUALITY_MANAGER),
            rules=(rules.everything_is_reported,), signature=_("I have seen what the program found"), strength=Strength.CONFIRM,
        ),
        Transition("void", _("Void"), (State.DRAFT,), State.VOID, by=(CREATOR, Role.QUALITY_MANAGER), reason=True, backward=True, rules=(rules.has_no_audits,)),
    ),
    resting=(State.RUNNING,),
)  # fmt: skip
