"""What speaks against putting an analysis forward, or accepting it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.improvement.analyses.fault_tree import first_of_each
from linchpin.chapters.improvement.causes.models import PossibleCause
from linchpin.chapters.improvement.causes.tree import Branch, tree_of, walk
from linchpin.kernel.people.grants import holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.refusals import Refusal, advice, never, second_person

DUTY = "analysis_author_is_not_reviewer"
READING = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.AUDITOR, Role.LEAD_AUDITOR)
LEAST_WHYS = 2

Answer = Refusal | None


def names_a_root_cause(analysis: Any, actor: Person) -> Answer:
    if any(branch.cause.status == "root" for branch in walk(tree_of(analysis))):
        return None
    return never(_("No root cause is chosen: show one by evidence below, then choose it."))


def asks_more_than_once(analysis: Any, actor: Person) -> Answer:
    """One why gives an answer, not a cause (model, section 29). Advice: it judges size."""
    if analysis.method != "five_why":
        return None
    roots = [branch.level for branch in walk(tree_of(analysis)) if branch.cause.status == "root"]
    if not roots or max(roots) >= LEAST_WHYS:
        return None
    return advice(_("The root cause stands at the first “why”: ask at least once more what lies below it."))


def serious_ones_by_two(analysis: Any, actor: Person) -> Answer:
    severity = getattr(getattr(analysis.parent, "nonconformity", None), "severity", "")
    if severity not in ("critical", "major") or analysis.partner_id not in (None, analysis.owner_id):
        return None
    return advice(_("A serious problem is analyzed by at least two: name somebody else who worked on it."), "partner")


def everything_tested(analysis: Any, actor: Person) -> Answer:
    waiting = [branch.cause.number for branch in _to_test(analysis) if branch.cause.status == "candidate"]
    if not waiting:
        return None
    return advice(_("Not tested yet: %s. They stay on record as possible.") % ", ".join(waiting))


def _to_test(analysis: Any) -> list[Branch]:
    """In a fault tree what a gate joins is tested, not the gate; and an event that stands in two places, once."""
    flat = list(walk(tree_of(analysis)))
    if analysis.method != "fault_tree":
        return flat
    first = first_of_each(flat)
    return [branch for branch in flat if not branch.below and first[branch.cause.pk] is branch]


def escape_asked(analysis: Any, actor: Person) -> Answer:
    """8D asks both: why it happened, and why it was not caught (D4)."""
    if any(branch.cause.kind == "escape" for branch in walk(tree_of(analysis))):
        return None
    return advice(_("Nobody asked yet why it was not caught before it got out: add a cause that explains it."))


def read_by_another(analysis: Any, actor: Person) -> Answer:
    authors = (analysis.owner_id, analysis.created_by_id, analysis.partner_id)
    if actor.pk not in authors:
        return None
    return second_person(
        _("You worked on this analysis: somebody else reads and accepts it."),
        DUTY,
        lambda: [p for role in READING for p in holders(role, analysis.unit) if p.pk not in authors],
    )


def stands_as_proposed(analysis: Any, actor: Person) -> Answer:
    """What is accepted is what was put forward: causes added meanwhile send it back."""
    ids = [branch.cause.pk for branch in walk(tree_of(analysis))]
    later = PossibleCause.objects.filter(pk__in=ids, updated_at__gt=analysis.proposed_at).values_list("number", flat=True)
    if not later:
        return None
    return never(_("%s came or changed after it was put forward: give it back, so that all of it is read.") % ", ".join(later))
