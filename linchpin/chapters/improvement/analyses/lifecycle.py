"""An analysis is worked out, put forward, and accepted or given back by somebody who did not write it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.analyses import rules
from linchpin.chapters.improvement.causes.tree import tree_of, walk
from linchpin.kernel.commands import edit, move
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.access import may
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Strength, Transition
from linchpin.kernel.records.registry import get_type


class State(models.TextChoices):
    OPEN = "open", _("Being worked out")
    PROPOSED = "proposed", _("To be read")
    ACCEPTED = "accepted", _("Accepted")
    VOID = "void", _("Void")


def put_forward(analysis: Any, actor: Person) -> None:
    analysis.proposed_at = clock.now()


def given_back(analysis: Any, actor: Person) -> None:
    analysis.proposed_at = None


def bring_to_rest(analysis: Any, actor: Access) -> None:
    """The analysis is over: what was shown stays in the chain, the rest is left, and the problem hears what was found."""
    branches = list(walk(tree_of(analysis)))
    for branch in branches:
        if branch.cause.is_open:
            move(branch.cause, "rest" if branch.cause.status == "candidate" else "hold", actor=actor)
    _tell_the_problem(analysis, [branch.cause for branch in branches if branch.cause.status == "root"], actor)


def _tell_the_problem(analysis: Any, roots: list[Any], actor: Access) -> None:
    """What was found goes into the problem where nobody wrote anything yet; whoever may not edit it leaves it as it is."""
    if analysis.parent is None or analysis.parent.type != "nonconformity":
        return
    problem: Any = get_type("nonconformity").model._default_manager.get(pk=analysis.parent_id)
    if not problem.is_open or not may(actor, "edit", problem):
        return
    found = {
        "cause_group": next((c.bone for c in roots if c.bone and c.kind != "escape"), ""),
        "cause": "\n".join(c.title for c in roots if c.kind != "escape"),
        "cause_evidence": "\n".join(c.evidence for c in roots if c.evidence and c.kind != "escape"),
        "escape_cause": "\n".join(c.title for c in roots if c.kind == "escape"),
    }
    values = {name: text for name, text in found.items() if text and not getattr(problem, name).strip()}
    edit(problem, values, actor=actor, reason=str(analysis.number))


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.OPEN,
    phases={State.ACCEPTED: "done", State.VOID: "void"},
    stations=(("rca.open", (State.OPEN,)), ("rca.proposed", (State.PROPOSED,))),
    transitions=(
        Transition(
            "propose", _("Put it forward"), (State.OPEN,), State.PROPOSED, by=(OWNER, CREATOR, *rules.READING),
            asks=("partner", "conclusion"), needs=("conclusion",), effect=put_forward,
            rules=(rules.names_a_root_cause, rules.asks_more_than_once, rules.serious_ones_by_two, rules.everything_tested, rules.escape_asked),
            explain=_("Say in two sentences what you conclude. Somebody else then reads it."),
        ),
        Transition(
            "accept", _("Accept the analysis"), (State.PROPOSED,), State.ACCEPTED, by=rules.READING,
            rules=(rules.read_by_another, rules.stands_as_proposed), then=bring_to_rest,
            signature=_("I read this analysis and its evidence, and accept it"), strength=Strength.CONFIRM,
            explain=_("Would the problem be unable to come back if these causes were gone? Does the evidence show them?"),
        ),
        Transition(
            "return", _("Give back"), (State.PROPOSED,), State.OPEN, by=(OWNER, CREATOR, *rules.READING), reason=True, backward=True, effect=given_back,
        ),
        Transition("void", _("Void"), (State.OPEN, State.PROPOSED), State.VOID, by=(Role.QUALITY_MANAGER, CREATOR), reason=True, backward=True),
    ),
)  # fmt: skip
