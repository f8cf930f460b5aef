"""How often an area is audited: a plain sum of four numbers that anybody can check by hand, with the reason of each.

ISO 9001, 9.2.2 a names what a program considers: the importance of the processes, changes, and the results of earlier audits; ISO 19011, 5.1 adds what
risk there is, read here as the problems since. None weighs more than another. The scale is our own; no standard gives one:

- importance, 1 to 3, and changes, 0 to 3, as the program's planner says, with a reason;
- the last audit: 0 without a nonconformity, 1 with a minor one, 2 with several, 3 with a major one;
- problems raised there since (at most two years back, those from audits left out): 0 for none, 1 for 1–2, 2 for 3–5, 3 for more.

8 to 12 points mean every 6 months, 5 to 7 every 12, 1 to 4 every 24. What was never audited is due that long after the
program's first day, and within the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.chapters.evaluation.areas.models import AuditedArea
from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.evaluation.checks.models import AuditCheck
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.registry import get_type

INTERVALS = ((8, 6), (5, 12), (0, 24))
"""From so many points on, so many months."""
MOST = 12
BACK = timedelta(days=730)
HELD = ("in_progress", "reporting", "reported", "closed")
AWAITED = ("planned", "notified")


@dataclass(frozen=True, slots=True)
class Need:
    """What an area needs: its points with their reasons, the last audit, the day by which the next is due, what is planned, the program's last day."""

    area: Any
    points: tuple[tuple[str, int, str], ...]
    last: Any
    next_by: date
    planned: tuple[Any, ...]
    until: date

    @property
    def score(self) -> int:
        return sum(value for _name, value, _why in self.points)

    @property
    def months(self) -> int:
        return next(months for least, months in INTERVALS if self.score >= least)

    @property
    def in_time(self) -> bool:
        """Whether an audit is planned by the day on which it is due, if that lies within the program."""
        return self.next_by > self.until or any(audit.held_from and audit.held_from <= self.next_by for audit in self.planned)

    @property
    def sentence(self) -> str:
        """The number and everything that went into it."""
        parts = ", ".join(f"{name} {value}{f' ({why})' if why else ''}" for name, value, why in self.points)
        said = {"score": self.score, "most": MOST, "months": self.months, "parts": parts, "day": clock.in_words(self.next_by)}
        if self.last is None:
            return _("%(score)s of %(most)s, so every %(months)s months: %(parts)s. Never audited, so due by %(day)s.") % said
        said["last"] = clock.in_words(day_of(self.last))
        return _("%(score)s of %(most)s, so every %(months)s months: %(parts)s. Last audited on %(last)s, so again by %(day)s.") % said


def day_of(audit: Any) -> date:
    """The day that an audit counts from: its last one, or the first while it is under way."""
    return audit.held_until or audit.held_from or audit.created_at.date()


def needs_of(program: Any, access: Access | None = None) -> list[Need]:
    """The needs of a program's areas, the most pressing first, from what the reader may see; seven queries however many areas there are."""
    areas = list(_seen(AuditedArea, access).filter(parent_id=program.pk, status="included").select_related("unit", "owner"))
    audits = list(_seen(Audit, access).filter(kind=Audit.Kind.INTERNAL, status__in=(*HELD, *AWAITED)).select_related("unit"))
    findings = _findings([audit.pk for audit in audits if audit.status in HELD], access)
    problems = _problems(access)
    found = [_need(program, area, audits, findings, problems) for area in areas]
    return sorted(found, key=lambda need: (-need.score, need.next_by, need.area.title))


def as_approved(program: Any) -> str:
    """The frequency of each area in words, as it stands today."""
    return "\n".join(f"{need.area.title}: {need.sentence}" for need in needs_of(program))


def _seen(model: Any, access: Access | None) -> Any:
    return model.objects.visible_to(access) if access else model.objects.all()


def _findings(audits: Sequence[int], access: Access | None) -> dict[int, Counter[str]]:
    """By audit: how many nonconformities of each grade, those that are linked to it besides those of its checklist."""
    found: dict[int, Counter[str]] = {}
    others = _seen(get_type("nonconformity").model, access).exclude(phase="void").filter(links_in__kind="found", links_in__source_id__in=audits)
    for audit, severity in others.values_list("links_in__source_id", "severity"):
        found.setdefault(audit, Counter())["minor" if severity == "minor" else "major"] += 1
    for audit, grade in _seen(AuditCheck, access).filter(parent_id__in=audits, status="fails").values_list("parent_id", "grade"):
        found.setdefault(audit, Counter())[grade] += 1
    return found


def _problems(access: Access | None) -> list[tuple[str, date]]:
    """The unit's path and the day of every problem of the last two years that no audit raised."""
    model: Any = get_type("nonconformity").model
    since = clock.now() - BACK
    rows = _seen(model, access).filter(created_at__gte=since).exclude(phase="void").exclude(Q(source="internal_audit") | Q(source="external_audit"))
    return [(path, at.date()) for path, at in rows.values_list("unit__path", "created_at")]


def _need(program: Any, area: Any, audits: Iterable[Any], findings: dict[int, Counter[str]], problems: Sequence[tuple[str, date]]) -> Need:
    here = [audit for audit in audits if audit.unit.path.startswith(area.unit.path)]
    held = [audit for audit in here if audit.status in HELD]
    last = max(held, key=day_of, default=None)
    since = day_of(last) if last else clock.today() - BACK
    count = sum(path.startswith(area.unit.path) and day > since for path, day in problems)
    points = (
        (_("importance"), int(area.importance), area.importance_reason.rstrip(".")),
        (_("changes"), int(area.change), area.change_reason.rstrip(".")),
        (_("the last audit"), *_results(last, findings)),
        (_("problems since"), (count > 0) + (count > 2) + (count > 5), str(count) if count else ""),
    )
    planned = tuple(sorted((a for a in here if a.status in AWAITED), key=lambda a: (a.held_from or date.max, a.pk)))
    need = Need(area, points, last, program.until, planned, program.until)
    due = months_after(day_of(last), need.months) if last else min(months_after(program.starts, need.months), program.until)
    return replace(need, next_by=due)


def _results(last: Any, findings: dict[int, Counter[str]]) -> tuple[int, str]:
    if last is None:
        return 0, ""
    graded = findings.get(last.pk, Counter())
    major, minor = graded["major"], graded.total() - graded["major"]
    said = [ngettext("%s major", "%s major", major) % major] if major else []
    said += [ngettext("%s minor", "%s minor", minor) % minor] if minor else []
    return 3 if major else min(minor, 2), ", ".join(said)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
