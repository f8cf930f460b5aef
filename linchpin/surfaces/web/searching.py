"""Find anything: the page, and the fragment that the palette (Ctrl-K) shows while one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin import standard
from linchpin.kernel.commands.placing import PLACING
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may_create
from linchpin.kernel.records.evidence import edition_of
from linchpin.kernel.records.registry import all_types
from linchpin.kernel.search.finding import find
from linchpin.surfaces.web.navigation import navigation
from linchpin.surfaces.web.rows import row_of

IN_PALETTE, ON_PAGE = 8, 50
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go or something to do, by name."""

    label: str
    url: str
    icon: str


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    text = request.GET.get("q", "")[:LONGEST].strip()
    fragment = bool(request.GET.get("palette"))
    hits = find(access, text, limit=IN_PALETTE if fragment else ON_PAGE) if text else []
    context: dict[str, Any] = {
        "q": text,
        "hits": [row_of(hit.record, access) for hit in hits],
        "places": places(access, text),
        "places_first": "." in text and text in standard.numbers(),
    }
    return render(request, "linchpin/palette.html" if fragment else "linchpin/search.html", context)


def places(access: Access, text: str) -> list[Place]:
    """Pages and beginnings whose name holds the words; without words, the most common ones."""
    labels = access.person.labels
    known = [Place(_("Report something"), reverse("report"), "message-report")]
    known += [Place(e.label, e.url, e.icon) for e in navigation(access, "")]
    for record_type in all_types():
        if may_create(access, record_type):
            known.append(Place(_("New: %s") % record_type.label(labels), reverse("new", args=[record_type.key]), "plus"))
    if access.has(*PLACING):
        known.append(Place(_("Places"), reverse("places"), "map-pin"))
    words = text.casefold().split()
    found = [p for p in known if all(w in p.label.casefold() for w in words)]
    return [*found, *(_clauses(words) if words else ())][:6]


def _clauses(words: list[str]) -> list[Place]:
    """Clauses of the edition in force by number or title: `10.2` finds it and its parts."""
    return [
        Place(f"{clause.number} {clause.title}", reverse("clause", args=[clause.number]), "list-numbers")
        for clause in edition_of().clauses.values()
        if all(clause.number.startswith(word) if word[0].isdigit() else word in clause.title.casefold() for word in words)
    ]
