"""The report of an audit as it is read, printed and sent: made from what was frozen when it was reported, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.audits.clauses import named_clauses
from linchpin.chapters.evaluation.checks.models import AuditCheck
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.links.models import Link
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.signatures.content import is_valid

FINDINGS = ("fails", "opportunity", "good_practice")
FROZEN = ("reported", "closed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answer; `answer` carries the grade of a nonconformity, `problem` the number under which it is handled."""

    number: str
    clause: str
    question: str
    answer: str
    lines: tuple[tuple[str, str], ...]
    is_finding: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed what, when, and the hash of what they signed; `holds` says whether the content still is that."""

    who: str
    meaning: str
    at: datetime
    digest: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the report, as text. The page and the Word file show this and add nothing."""

    organization: str
    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    conclusion: str
    tally: str
    findings: tuple[Entry, ...]
    others: tuple[Entry, ...]
    problems: str
    photos: tuple[tuple[str, str, str], ...]
    signatures: tuple[Signed, ...]
    reported: str

    @property
    def digest(self) -> str:
        return self.signatures[0].digest if self.signatures else ""


def report_of(audit: Any, access: Access) -> Report:
    """The report of a reported audit, as far as the reader may see it. Raises Refused before it is reported."""
    if audit.status not in FROZEN:
        raise Refused(never(_("%s is not reported yet: its report is made when it is.") % audit.number))
    rows = AuditCheck.objects.visible_to(access).filter(parent_id=audit.pk).exclude(phase="void").prefetch_related("owner")
    checks = sorted(rows, key=lambda check: (clause_order(check.clause), check.pk))
    made = list(audit.signatures.filter(move="report").select_related("signer").order_by("id"))
    until = made[0].signed_at if made else None
    problems = _problems(audit, checks, until, access)
    entries = [_entry(check, problems.get(check.pk, "")) for check in checks]
    label, organization = get_type("audit_check").lifecycle.label, Organization.objects.first()
    counts = [(label(str(state)), sum(check.status == state for check in checks)) for state in get_type("audit_check").lifecycle.states.values]
    signed = [Signed(s.signer.name, s.meaning, s.signed_at, s.content_hash, is_valid(s, audit)) for s in made]
    return Report(
        organization.name if organization else "", audit.number, audit.title, _facts(audit), audit.conclusion,
        ", ".join(f"{n} {name}" for name, n in counts if n), tuple(e for e in entries if e.is_finding), tuple(e for e in entries if not e.is_finding),
        problems.get(audit.pk, ""), _photos(audit, checks, until), tuple(signed), clock.in_words(audit.reported_on) if audit.reported_on else "",
    )  # fmt: skip


def clause_order(clause: str) -> tuple[int, ...]:
    """9.2 before 10.1; what has no number comes last."""
    parts = clause.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else (99,)


def _facts(audit: Any) -> tuple[tuple[str, str], ...]:
    label = get_type("audit").field_label
    days = " – ".join(dict.fromkeys(clock.in_words(day) for day in (audit.held_from, audit.held_until) if day))
    team = ", ".join(person.name for person in (audit.owner, audit.auditor) if person)
    told = (
        (_("Audited"), str(audit.unit)), (_("Held on"), days), (_("Auditors"), team), (label("body"), audit.body),
        (label("objectives"), audit.objectives), (label("scope"), audit.scope), (_("Criteria"), audit.get_edition_display()),
        (label("clauses"), ", ".join(named_clauses(audit.clauses))), (label("method"), audit.get_method_display()), (label("plan"), audit.plan),
    )  # fmt: skip
    return tuple((str(name), text) for name, text in told if text)


def _entry(check: Any, problem: str) -> Entry:
    kind = get_type("audit_check")
    graded = check.grade and check.status == "fails"
    answer = f"{kind.lifecycle.label(check.status)}, {check.get_grade_display()}" if graded else kind.lifecycle.label(check.status)
    lines = [(kind.field_label(name), getattr(check, name)) for name in ("requirement", "sample", "evidence", "statement") if getattr(check, name)]
    lines += [(_("Handled as"), problem)] if problem else []
    return Entry(check.number, check.clause, check.title, answer, tuple((str(name), text) for name, text in lines), check.status in FINDINGS)


def _problems(audit: Any, checks: list[Any], until: datetime | None, access: Access) -> dict[int, str]:
    """By check, or by the audit itself: the numbers of the problems that came of it until the report was made."""
    sources = [check.pk for check in checks if check.status == "fails"]
    links = Link.objects.filter(Q(source_id__in=sources, kind="became") | Q(source_id=audit.pk, kind="found")).order_by("target_id")
    pairs = list(links.filter(created_at__lte=until).values_list("source_id", "target_id") if until else links.values_list("source_id", "target_id"))
    numbers = dict(Record.objects.visible_to(access).filter(pk__in=[target for _source, target in pairs]).values_list("pk", "number"))
    told: dict[int, list[str]] = {}
    for source, target in pairs:
        if target in numbers:
            told.setdefault(source, []).append(numbers[target])
    return {source: ", ".join(found) for source, found in told.items()}


def _photos(audit: Any, checks: list[Any], until: datetime | None) -> tuple[tuple[str, str, str], ...]:
    """Number of the record, name and hash of every file attached before the report was made."""
    numbers = {audit.pk: audit.number, **{check.pk: check.number for check in checks}}
    files = StoredFile.objects.filter(record_id__in=numbers).order_by("at")
    return tuple((numbers[file.record_id], file.name, file.sha256) for file in files if until is None or file.at <= until)
