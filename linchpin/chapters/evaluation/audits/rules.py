"""What speaks against a move of an audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.chapters.evaluation.auditors.pool import Pool, pool
from linchpin.kernel.links.models import Link
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refusal, never, second_person

DUTY, COMPETENT = "auditor_is_independent", "auditor_is_competent"
LEADING = (Role.PROCESS_OWNER, Role.LINE_MANAGER)
PLANNED = ("actions_approved", "awaiting_effectiveness", "effective")
"""States of a nonconformity in which its plan is accepted."""

Answer = Refusal | None


def dates_make_sense(values: Mapping[str, Any]) -> Iterator[Refusal]:
    first, last = values.get("held_from"), values.get("held_until")
    if first and last and last < first:
        yield never(_("It cannot end before it begins: check both dates."), "held_until")


def auditors_are_independent(audit: Any, actor: Person) -> Answer:
    """Nobody audits the unit that they lead or work in (9.2.2 c). Whom another body sends is that body's to choose."""
    if audit.kind == audit.Kind.EXTERNAL:
        return None
    auditors = [person for person in (audit.owner, audit.auditor) if person]
    if not auditors:
        return never(_("Name who leads the audit: it is somebody's."), "owner")
    bound = [person for person in auditors if not is_independent(person, audit.unit)]
    if not bound:
        return None
    return second_person(
        _("%s works in or leads what is audited: let somebody else audit it.") % bound[0],
        DUTY,
        lambda: [p for p in _auditors(audit.unit) if is_independent(p, audit.unit)],
    )


def auditors_are_competent(audit: Any, actor: Person, known: Pool | None = None) -> Answer:
    """Who leads and who audits beside have their competence on file, valid on the day (7.2, 9.2.2; model, section 31). Once such a pool is kept."""
    if audit.kind == audit.Kind.EXTERNAL:
        return None
    day, known = audit.held_from or clock.today(), known or pool()
    if not (without := known.lacking(audit.owner, audit.auditor, day)):
        return None
    first, leads = without[0]
    said = _("%(who)s has no competence to lead an audit on file that is valid on %(day)s: renew it under “Who may audit”, or let somebody else lead.")
    if not leads:
        said = _("%(who)s has no competence to audit on file that is valid on %(day)s: renew it under “Who may audit”, or name somebody else.")
    fit = known.competent_on(day, leads=leads)
    others = lambda: [p for p in _auditors(audit.unit) if p.pk in fit and p not in (audit.owner, audit.auditor)]  # noqa: E731  asked only if it is refused
    return second_person(said % {"who": first, "day": clock.in_words(day)}, COMPETENT, others)


def is_independent(person: Person, unit: Any) -> bool:
    """Whether somebody neither works in the unit (or below it) nor leads it."""
    if person.unit.path.startswith(unit.path) or unit.head_person_id == person.pk:
        return False
    return person.pk not in {leader.pk for role in LEADING for leader in holders(role, unit)}


def _auditors(unit: Any) -> list[Person]:
    return [person for role in (Role.AUDITOR, Role.LEAD_AUDITOR) for person in holders(role, unit)]


def written_by_auditors(record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
    """Who leads what is audited agrees dates with the auditors, and leaves what they write to them."""
    if set(changed) <= {"due"} or actor.acts_as.pk in (record.owner_id, record.created_by_id):
        return []
    if actor.covers((Role.AUDITOR, Role.LEAD_AUDITOR, Role.QUALITY_MANAGER), record.unit_id):
        return []
    return [never(_("An audit is written by its auditors: say it in a comment."))]


def asks_something(audit: Any, actor: Person) -> Answer:
    if audit.children.filter(type="audit_check").exclude(phase="void").exists():
        return None
    return never(_("There is no question yet: put at least one on the checklist below."))


def everything_answered(audit: Any, actor: Person) -> Answer:
    waiting = list(audit.children.filter(type="audit_check", status="open").values_list("number", flat=True))
    if not waiting:
        return None
    words = {"n": len(waiting), "numbers": ", ".join(waiting[:8]) + ("…" if len(waiting) > 8 else "")}
    sentence = ngettext(
        "%(n)s question is not answered: %(numbers)s. Answer it, or say why it was not looked at.",
        "%(n)s questions are not answered: %(numbers)s. Answer them, or say why they were not looked at.", len(waiting),
    )  # fmt: skip
    return never(sentence % words)


def findings_are_handled(audit: Any, actor: Person) -> Answer:
    """Every nonconformity is closed, or its lasting fix is agreed."""
    found = audit.children.filter(type="audit_check", status="fails").values_list("pk", flat=True)
    linked = Link.objects.filter(Q(source_id__in=found, kind="became") | Q(source_id=audit.pk, kind="found"))
    problems = linked.values_list("target_id", flat=True)
    waiting = Record.objects.filter(pk__in=problems, phase__in=("draft", "open")).exclude(status__in=PLANNED).values_list("number", flat=True)
    if not waiting:
        return None
    return never(_("No lasting fix is agreed yet for %s: the audit stays open until then.") % ", ".join(sorted(waiting)))
