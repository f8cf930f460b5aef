"""An area is looked at in its program, or left out of it with a reason."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Transition
from linchpin.kernel.records.refusals import Refusal, never

PLANNING = (OWNER, CREATOR, Role.LEAD_AUDITOR, Role.QUALITY_MANAGER)


class State(models.TextChoices):
    INCLUDED = "included", gettext_lazy("Looked at")
    LEFT_OUT = "left_out", gettext_lazy("Left out")
    VOID = "void", gettext_lazy("Void")


def its_program_is_a_draft(area: Any, actor: Person) -> Refusal | None:
    if area.parent is None or area.parent.status == "draft":
        return None
    return never(_("%s is approved: take it back to a draft, then it is approved again.") % area.parent.number)


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.INCLUDED,
    phases={State.LEFT_OUT: "done", State.VOID: "void"},
    stations=(("area.included", (State.INCLUDED,)),),
    transitions=(
        Transition(
            "leave_out", gettext_lazy("Leave it out"), (State.INCLUDED,), State.LEFT_OUT, by=PLANNING, reason=True, rules=(its_program_is_a_draft,),
            explain=gettext_lazy("Say why nobody audits it in this period."),
        ),
        Transition("take_in", gettext_lazy("Take it in again"), (State.LEFT_OUT,), State.INCLUDED, by=PLANNING, backward=True, rules=(its_program_is_a_draft,)),
        Transition("void", gettext_lazy("Void"), (State.INCLUDED,), State.VOID, by=PLANNING, reason=True, backward=True, rules=(its_program_is_a_draft,)),
    ),
    resting=(State.INCLUDED,),
)  # fmt: skip
