"""Competence to audit: proposed with its proof, judged by somebody else, renewed in time, or taken back. Its last day ends it without a move."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, STAY, Lifecycle, Strength, Transition
from linchpin.kernel.records.refusals import Refusal, never, second_person

DUTY = "auditor_does_not_judge_own_competence"
JUDGES = (Role.QUALITY_MANAGER, Role.LEAD_AUDITOR, Role.TOP_MANAGER)


class State(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    VALID = "valid", _("Judged competent")
    WITHDRAWN = "withdrawn", _("Taken back")
    VOID = "void", _("Void")


def judged_by_another(competence: Any, actor: Person) -> Refusal | None:
    if competence.auditor_id != actor.pk:
        return None
    others = lambda: [person for role in JUDGES for person in holders(role, competence.unit)]  # noqa: E731  asked only if it is refused
    return second_person(gettext("It is your own competence: somebody else judges it."), DUTY, others)


def is_still_to_come(competence: Any, actor: Person) -> Refusal | None:
    if competence.valid_until and competence.valid_until >= clock.today():
        return None
    return never(gettext("That day is over: say until when it is valid from today on."), "valid_until")


def mark_judged(competence: Any, actor: Person) -> None:
    competence.judged_by, competence.judged_on, competence.due = actor, clock.today(), competence.valid_until


ASKED, RULES, SEEN = ("auditor", "level", "proof", "valid_until"), (is_still_to_come, judged_by_another), _("I have seen the proof")
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.PROPOSED,
    phases={State.WITHDRAWN: "done", State.VOID: "void"},
    stations=(("competence.proposed", (State.PROPOSED,)), ("competence.valid", (State.VALID,))),
    resting=(State.VALID,),
    transitions=(
        Transition(
            "judge", _("Judge it"), (State.PROPOSED,), State.VALID, by=JUDGES, asks=ASKED, needs=ASKED, rules=RULES, effect=mark_judged,
            signature=SEEN, strength=Strength.CONFIRM, task=_("Judge an auditor’s competence"),
            explain=_("Read the proof, and say until when it is valid. From then on the auditor may be announced for audits."),
        ),
        Transition(
            "renew", _("Renew it"), (State.VALID,), STAY, by=JUDGES, asks=ASKED, needs=ASKED, rules=RULES, effect=mark_judged,
            signature=SEEN, strength=Strength.CONFIRM, explain=_("With what proof is it valid on, and until when?"),
        ),
        Transition("withdraw", _("Take it back"), (State.VALID,), State.WITHDRAWN, by=(OWNER, *JUDGES), reason=True, backward=True),
        Transition("void", _("Void"), (State.PROPOSED,), State.VOID, by=(CREATOR, Role.QUALITY_MANAGER), reason=True, backward=True),
    ),
)  # fmt: skip
