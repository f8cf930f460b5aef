"""The standard as pages: the clauses of an edition in a list, and one clause with what it asks, what changed, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from linchpin import standard
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.evidence import declaring, edition_of, evidence_for, held, naming
from linchpin.kernel.records.refusals import Missing
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.trail.models import Event
from linchpin.surfaces.web.organizing import may_administer
from linchpin.surfaces.web.rows import row_of

KINDS: dict[str, Any] = {
    "requirement": gettext_lazy("Requirement changed"), "structure": gettext_lazy("Moved or merged"), "title": gettext_lazy("Title changed"),
    "editorial": gettext_lazy("Wording only"), "note": gettext_lazy("A note, no requirement"), "none": gettext_lazy("Unchanged"),
    "terms": gettext_lazy("Terms"), "guidance": gettext_lazy("Guidance, no requirement"), "removed": gettext_lazy("Dropped"),
}  # fmt: skip
CONFIDENCE: dict[str, Any] = {"high": gettext_lazy("Well supported"), "medium": gettext_lazy("Likely, not certain")}
KEPT: dict[str, dict[str, Any]] = {
    "2015": {"document": gettext_lazy("A document to maintain"), "record": gettext_lazy("A record to retain")},
    "2026": {"document": gettext_lazy("Available as documented information"), "record": gettext_lazy("Available as evidence")},
}


@login_required
@require_http_methods(["GET", "POST"])
def clauses(request: HttpRequest) -> HttpResponse:
    """Every clause of the edition with the registers that speak for it; whoever administers chooses the edition here."""
    access: Access = request.access  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen = edit_subject(Organization.objects.get(), {"edition": request.POST.get("edition", "")}, actor=access)
        messages.success(request, _("In force: %s.") % chosen.get_edition_display())
        return redirect("clauses")
    in_force = edition_of()
    edition, counts = edition_of(request.GET.get("edition", "") or in_force.id), held(access)
    labels = access.person.labels
    named = naming(access, edition.id)
    rows = [
        (clause, [
            *((one, one.plural(labels), counts.get(one.key, 0), "") for one in declaring(clause.number, edition.id)),
            *_named(named.get(clause.number, {}), clause.number, labels),
        ])
        for clause in edition.clauses.values()
    ]  # fmt: skip
    administers = may_administer(access)
    context = _about(edition, in_force) | {"rows": rows, "beside": [_told(change) for change in edition.beside], "may_administer": administers}
    if administers:
        context["chosen"] = _chosen()
    return render(request, "linchpin/clauses.html", context)


@login_required
@require_safe
def clause(request: HttpRequest, number: str) -> HttpResponse:
    """One clause: what it asks in our words, what 2026 changed, and the records that the reader may see."""
    access: Access = request.access  # type: ignore[attr-defined]
    in_force = edition_of()
    edition = _edition_with(number, request.GET.get("edition", ""), in_force)
    found = edition.clauses[number]
    shown = evidence_for(number, edition.id, access)
    order = list(edition.clauses)
    place = order.index(number)
    context = _about(edition, in_force) | {
        "clause": found,
        "above": edition.clauses.get(found.parent),
        "parts": [one for one in edition.clauses.values() if one.parent == number],
        "kept": [KEPT[edition.id][name] for name in found.keeps],
        "changes": [_told(change) for change in found.changes],
        "evidence": [(one.type, one.type.plural(access.person.labels), one.count, [row_of(record, access) for record in one.newest]) for one in shown],
        "before": order[place - 1] if place else "",
        "after": order[place + 1] if place + 1 < len(order) else "",
    }
    return render(request, "linchpin/clause.html", context)


def _named(counts: Mapping[str, int], number: str, labels: str) -> list[tuple[RecordType, str, int, str]]:
    """Records that name the clause themselves, with the filter that shows them."""
    types = [get_type(key) for key in counts if not any(number == declared for declared in get_type(key).clauses)]
    return [(one, one.plural(labels), counts[one.key], f"?{one.clause_field}={number}") for one in types]


def _chosen() -> Event | None:
    """The event by which the edition in force was chosen; None while it is the one that the house began with."""
    of_the_house = Event.objects.filter(chain=Organization.objects.values("uid")[:1], verb="edit", body__contains='"edition"')
    return of_the_house.select_related("actor").order_by("-sequence").first()


def _edition_with(number: str, asked: str, in_force: standard.Edition) -> standard.Edition:
    """The edition asked for or in force, or the other one where only that has the clause. Raises Missing."""
    edition = edition_of(asked or in_force.id)
    if number not in edition.clauses and not asked:
        edition = _other(edition)
    if number not in edition.clauses:
        raise Missing(_("There is no clause %s in this edition.") % number[:20])
    return edition


def _about(edition: standard.Edition, in_force: standard.Edition) -> dict[str, Any]:
    suffix = "" if edition.id == in_force.id else f"?edition={edition.id}"
    return {"edition": edition, "other": _other(edition), "in_force": in_force.id, "suffix": suffix}


def _other(edition: standard.Edition) -> standard.Edition:
    return next(one for one in map(standard.catalogue, standard.EDITIONS) if one.id != edition.id)


def _told(change: standard.Change) -> dict[str, Any]:
    return {"kind": KINDS[change.kind], "sure": CONFIDENCE[change.confidence], "change": change}
