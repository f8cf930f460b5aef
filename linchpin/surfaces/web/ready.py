"""Ready for an audit on any day: clause by clause what proves it, how new that is, and what was bent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from linchpin import standard
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.evidence import edition_of
from linchpin.kernel.records.readiness import EVERYTHING, LOOKED_AT, Chapter, Line, Proof, below, intervals, overdue_first, readiness, shown_exceptions
from linchpin.kernel.records.refusals import Refused, never

SHOWN: dict[str, tuple[Any, dict[str, str]]] = {
    "": (gettext_lazy("Everything"), {}),
    "imported": (gettext_lazy("Imported"), {"provenance": "imported"}),
    "exceptions": (gettext_lazy("Declared exceptions"), {"exception": "yes"}),
}
"""What is looked at: its label, and the same as filters of a register."""
IN_FORCE_OR_OVER = [("phase", "open"), ("phase", "done")]
"""Filters of a register that leave out what is void, as the counts do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A register that proves a clause, as the page shows it."""

    type: Any
    label: str
    count: int
    newest: Any
    is_old: bool
    url: str


@login_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The clauses of the edition with what proves each, within a unit and among what was imported or bent, if that is chosen."""
    access: Access = request.access  # type: ignore[attr-defined]
    unit = unit_of(request.GET.get("unit", ""))
    units = [unit] if unit else []
    context = sheet(edition_of(request.GET.get("edition", "")), access, units, shown_of(request))
    context |= {
        "unit": unit,
        "units": Unit.objects.filter(state=Unit.State.ACTIVE).exclude(kind=Unit.Kind.TEAM).order_by("path"),
        "editions": [standard.catalogue(one) for one in standard.EDITIONS],
        "address": request.path,
        "may_draw": access.has(*_drawing()),
    }
    return render(request, "linchpin/ready.html", context)


def sheet(edition: standard.Edition, access: Access, units: list[Unit], shown: str, besides: Q = EVERYTHING) -> dict[str, Any]:
    """What the table of clauses needs, wherever it stands; units (none: every unit) count with everything below them, `besides` narrows it further."""
    within = below(units) & besides
    chapters = readiness(edition, access, LOOKED_AT[shown] & within)
    query = [*IN_FORCE_OR_OVER, *SHOWN[shown][1].items(), *(("unit", str(unit.pk)) for unit in units)]
    exceptions = overdue_first(shown_exceptions(access, within))
    labels = access.person.labels
    return {
        "edition": edition,
        "shown": shown,
        "tabs": [(name, label, len(exceptions) if name == "exceptions" else 0) for name, (label, _filters) in SHOWN.items()],
        "chapters": [(one, told(one), _lines(one, labels, query)) for one in chapters],
        "exceptions": exceptions,
        "overdue": sum(not one.checked_at and one.check_due < clock.today() for one in exceptions),
        "today": clock.today(),
        "rules": [(months, ", ".join(one.plural(labels) for one in types)) for months, types in intervals().items()],
        "usual": 12,
    }


def _lines(chapter: Chapter, labels: str, query: list[tuple[str, str]]) -> list[tuple[Line, str, list[Shown]]]:
    """Each clause with what proves it; a part that the same records prove names the clause above instead of saying them again."""
    by_number = {line.clause.number: line for line in chapter.lines}
    return [
        (line, line.clause.parent, []) if line.same_as(by_number.get(line.clause.parent)) else (line, "", [_shown(p, labels, query) for p in line.proofs])
        for line in chapter.lines
    ]


def told(chapter: Chapter) -> str:
    """6 proved · 1 old · 2 without anything."""
    n = chapter.count("fresh"), chapter.count("old"), chapter.count("nothing")
    parts = (ngettext("%s proved", "%s proved", n[0]), ngettext("%s old", "%s old", n[1]), ngettext("%s without a record", "%s without a record", n[2]))
    return " · ".join(part % count for part, count in zip(parts, n, strict=True) if count)


def _shown(proof: Proof, labels: str, query: list[tuple[str, str]]) -> Shown:
    named = [(proof.type.clause_field, number) for number in proof.named]
    states = [("status", state) for state in proof.type.proving] if proof.named else []
    address = f"/{proof.type.key}/?{urlencode([*query, *named, *states])}"
    return Shown(proof.type, proof.type.plural(labels), proof.count, proof.newest, proof.is_old, address)


def shown_of(request: HttpRequest) -> str:
    shown = request.GET.get("show", "")
    if shown not in SHOWN:
        raise Refused(never(_("Choose one of: %s.") % ", ".join(name for name in SHOWN if name), "show"))
    return shown


def unit_of(text: str) -> Unit | None:
    """The unit of that id, None where none is named. Raises Refused."""
    if not text:
        return None
    found = Unit.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if found is None:
        raise Refused(never(_("There is no such unit: choose one of the list."), "unit"))
    return found


def _drawing() -> tuple[str, ...]:
    from linchpin.kernel.records.registry import get_type

    return get_type("readiness_check").who("create")
