"""What speaks against a move of an audit program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.auditors.pool import Pool, pool
from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.evaluation.audits.rules import auditors_are_competent, auditors_are_independent
from linchpin.chapters.evaluation.programs.needing import AWAITED
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.refusals import Refusal, never, second_person

DUTY = "program_planner_is_not_approver"
LONGEST = 1100
"""Days: a program covers at most three years, the longest time in which every clause is looked at once."""

Answer = Refusal | None


def dates_make_sense(values: Mapping[str, Any]) -> Iterator[Refusal]:
    first, last = values.get("starts"), values.get("until")
    if not first or not last:
        return
    if last <= first:
        yield never(_("It cannot end before it begins: check both dates."), "until")
    elif (last - first).days > LONGEST:
        yield never(_("That is more than three years: a program is approved again by then."), "until")


def planned_by_auditors(record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
    """Who leads what is audited agrees dates, and leaves what is audited and how often to those who plan it."""
    if set(changed) <= {"due"} or actor.acts_as.pk in (record.owner_id, record.created_by_id):
        return []
    if actor.covers((Role.LEAD_AUDITOR, Role.QUALITY_MANAGER, Role.TOP_MANAGER), record.unit_id):
        return []
    return [never(_("The program is planned by the lead auditor and the quality manager: say it in a comment."))]


def has_areas(program: Any, actor: Person) -> Answer:
    if program.children.filter(type="audited_area", phase="open").exists():
        return None
    return never(_("It does not say what is audited: name the processes or units below, with their importance."))


def has_audits(program: Any, actor: Person) -> Answer:
    if program.children.filter(type="audit").exclude(phase="void").exists():
        return None
    return never(_("No audit is planned yet: plan at least one below."))


def gaps_have_a_reason(program: Any, actor: Person) -> Answer:
    """A unit or a clause that is due and not planned needs a reason (model, section 31)."""
    from linchpin.chapters.evaluation.programs.coverage import gaps_of

    if program.gaps.strip():
        return None
    if not (gaps := gaps_of(program)):
        return None
    return never(_("Due and not planned: %s Plan it, or say under “What is left out, and why” why not.") % " ".join(gap.sentence for gap in gaps[:3]), "gaps")


def auditors_are_fit(program: Any, actor: Person) -> Answer:
    """Nobody who may not audit, or who audits their own, stands in an approved plan (model, section 31): a day that is not theirs is planned otherwise."""
    known = pool()
    for audit in Audit.objects.filter(parent_id=program.pk, status__in=AWAITED).select_related("owner__unit", "auditor__unit", "unit").order_by("pk"):
        if (refusal := unfit(audit, known)) is not None:
            return never(f"{audit.number}: {refusal.sentence}")
    return None


def unfit(audit: Any, known: Pool) -> Answer:
    """What speaks against the auditors of a planned audit; nothing where nobody is named yet."""
    if audit.owner_id is None:
        return None
    return auditors_are_independent(audit, audit.owner) or auditors_are_competent(audit, audit.owner, known)


def approved_by_another(program: Any, actor: Person) -> Answer:
    if actor.pk not in (program.owner_id, program.created_by_id):
        return None
    return second_person(_("This program is yours: somebody else approves it."), DUTY, lambda: holders(Role.TOP_MANAGER, program.unit))


def nothing_is_left_to_hold(program: Any, actor: Person) -> Answer:
    waiting = _numbers(program, (*AWAITED, "in_progress"))
    return never(_("Not held yet: %s. Hold them, or cancel them with the reason.") % waiting) if waiting else None


def everything_is_reported(program: Any, actor: Person) -> Answer:
    waiting = _numbers(program, ("reporting",))
    return never(_("Not reported yet: %s.") % waiting) if waiting else None


def has_no_audits(program: Any, actor: Person) -> Answer:
    numbers = _numbers(program, (*AWAITED, "in_progress", "reporting", "reported", "closed"))
    return never(_("%s stand below it: a program with audits is evaluated, not voided.") % numbers) if numbers else None


def _numbers(program: Any, states: tuple[str, ...]) -> str:
    return ", ".join(program.children.filter(type="audit", status__in=states).order_by("id").values_list("number", flat=True)[:8])
