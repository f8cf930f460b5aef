"""The register of any record type: views, filters in the address, order, pages, board, bulk moves, export."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.access import may_create
from linchpin.kernel.records.filters import Filter, filters_of
from linchpin.kernel.records.glancing import glances
from linchpin.kernel.records.listing import COUNTED, Asked, Listing, sorts_of
from linchpin.kernel.records.models import SavedView
from linchpin.kernel.records.registry import RecordType, get_type, has_type
from linchpin.surfaces.web.drawing import Chooser, draw_choosers
from linchpin.surfaces.web.lines import draw_lines
from linchpin.surfaces.web.middleware import access_for
from linchpin.surfaces.web.presenting import Due, Tag, due_of, tags_of

PAGE_SIZE = 50
ON_A_BOARD = 40
"""Cards shown in one column of the board; the rest is a link to the list."""
OWN_PARAMETERS = ("sort", "after", "view", "q", "csrfmiddlewaretoken")


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter as the page shows it, and the address without it."""

    label: str
    says: str
    without: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the register: a built-in one or a saved one."""

    name: str
    query: str
    active: bool
    shared: bool = False


def type_or_404(key: str) -> RecordType:
    if not has_type(key):
        raise Http404(_("There is no such register."))
    return get_type(key)


@login_required
@require_safe
def register(request: HttpRequest, key: str) -> HttpResponse:
    """The list (or, with ?view=board, the board) of one type."""
    record_type = type_or_404(key)
    access = access_for(request)
    chosen = chosen_filters(request.GET)
    choosers = _choosers(record_type, chosen)
    context: dict[str, Any] = {
        "type": record_type,
        "plural": record_type.plural(access.person.labels),
        "singular": record_type.label(access.person.labels),
        "may_create": may_create(access, record_type),
        "own_lists": [(name, label) for name, (label, roles) in record_type.lists.items() if access.has(*roles)],
        "tabs": _tabs(record_type, request.GET, access),
        "chips": _chips(record_type, request.GET),
        "filters": draw_choosers(choosers),
        "query": request.GET.urlencode(),
        "kept": _kept(request.GET, {c.name for c in choosers}),
        "as_board": request.GET.get("view") == "board",
        "as_list": with_parameter(request.GET, view=None),
        "as_columns": with_parameter(request.GET, view="board", after=None),
    }
    if context["as_board"]:
        context["columns"] = _board(record_type, chosen, access)
        return render(request, "linchpin/board.html", context)
    context |= _list(record_type, request, chosen, access)
    return render(request, "linchpin/register.html", context)


def _choosers(record_type: RecordType, chosen: dict[str, list[str]]) -> list[Chooser]:
    """The filters that a form can offer; those with several values at once stay in the address alone."""
    answer = []
    for known in filters_of(record_type).values():
        values = chosen.get(known.name, [])
        choices = _units() if known.name == "unit" else tuple((str(v), str(label)) for v, label in known.choices)
        if len(values) < 2 and (choices or known.typed or known.name == "since"):
            answer.append(Chooser(known.name, known.label, choices, "".join(values), "day" if known.name == "since" else known.typed))
    return answer


def _units() -> tuple[tuple[str, str], ...]:
    rows = Unit.objects.filter(state=Unit.State.ACTIVE).order_by("path").values_list("pk", "path", "name")
    return tuple((str(pk), "\u2003" * (path.count("/") - 2) + name) for pk, path, name in rows)


def _kept(given: QueryDict, offered: set[str]) -> list[tuple[str, list[str]]]:
    """What the filter form carries along unseen."""
    return [(name, values) for name, values in given.lists() if name not in offered and name not in ("after", "q")]


def chosen_filters(given: QueryDict) -> dict[str, list[str]]:
    """The filters in an address: every parameter that is not the page's own; empty ones do not count."""
    return {name: kept for name, values in given.lists() if name not in OWN_PARAMETERS and (kept := [v for v in values if v])}


def _list(record_type: RecordType, request: HttpRequest, chosen: dict[str, list[str]], access: Access) -> dict[str, Any]:
    asked = Asked(chosen, request.GET.get("sort") or "-number", request.GET.get("after", ""), PAGE_SIZE)
    listing = Listing(record_type, chosen, access)
    found = listing.page(asked, glances)
    total = listing.total(found)
    return {
        "lines": draw_lines(found.rows, record_type, access),
        "shown": len(found.rows),
        "heads": _heads(record_type, request.GET, asked.sort),
        "total": _("1,000+") if total > COUNTED else str(total),
        "none_at_all": not total and not chosen,
        "before": with_parameter(request.GET, after=found.before) if found.before else "",
        "after": with_parameter(request.GET, after=found.after) if found.after else "",
    }


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its label, and where a click on it leads."""

    name: str
    label: str
    url: str = ""
    ordered: str = ""
    added: str = ""
    """The kind of the field, if the house added it."""


def _heads(record_type: RecordType, given: QueryDict, sort: str) -> list[Head]:
    sortable, now = sorts_of(record_type), sort.removeprefix("-")
    heads = []
    for name in record_type.columns:
        label = str(_("Station")) if name == "status" and record_type.lifecycle.stations else record_type.field_label(name)
        added = record_type.added[name].custom.kind if name in record_type.added else ""
        if name not in sortable:
            heads.append(Head(name, label, added=added))
            continue
        descending = sort.startswith("-")
        ordered = ("descending" if descending else "ascending") if name == now else ""
        following = f"-{name}" if name == now and not descending else name
        heads.append(Head(name, label, with_parameter(given, sort=following, after=None), ordered, added))
    return heads


def with_parameter(given: QueryDict, **changes: str | None) -> str:
    """The address's query with some parameters set, or (None) taken out."""
    query = given.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return "?" + query.urlencode()


def _chips(record_type: RecordType, given: QueryDict) -> list[Chip]:
    known = filters_of(record_type)
    chips = []
    for name, values in chosen_filters(given).items():
        if name in known:
            says = _says(known[name], values)
            chips.append(Chip(known[name].label, says, with_parameter(given, **{name: None, "after": None})))
    return chips


def _says(known: Filter, values: list[str]) -> str:
    if known.name == "unit":
        names = dict(Unit.objects.filter(pk__in=[v for v in values if v.isdecimal()]).values_list("pk", "name"))
        return ", ".join(names.get(int(v), v) if v.isdecimal() else v for v in values)
    return known.says(values)


def _tabs(record_type: RecordType, given: QueryDict, access: Access) -> list[Tab]:
    built_in = [
        (_("Open"), "phase=open&sort=due"),
        (_("Overdue"), "due=overdue&sort=due"),
        (_("Mine"), "owner=me&phase=open&sort=due"),
        (_("Declared exceptions"), "exception=yes"),
        (_("Imported"), "provenance=imported&phase=open"),
        (_("All"), ""),
    ]
    if "owner" not in record_type.filters:
        built_in = [tab for tab in built_in if "owner" not in tab[1]]
    now = _comparable(given)
    tabs = [Tab(name, query, _meaning(query) == now) for name, query in built_in]
    for view in SavedView.objects.filter(Q(owner=access.person) | Q(shared=True), type=record_type.key).order_by("name"):
        tabs.append(Tab(view.name, view.query, _meaning(view.query) == now, view.shared))
    return tabs


@lru_cache(maxsize=500)
def _meaning(query: str) -> dict[str, list[str]]:
    return _comparable(QueryDict(query))


def _comparable(given: QueryDict) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in chosen_filters(given).items()}


@dataclass(frozen=True)
class Column:
    """One column of the board: a state, its newest cards, and how many there are."""

    state: str
    label: str
    cards: list[tuple[Any, Due, list[Tag]]]
    total: str
    query: str


def _board(record_type: RecordType, chosen: dict[str, list[str]], access: Access) -> list[Column]:
    columns = []
    for state, label in record_type.lifecycle.states.choices:
        if record_type.lifecycle.phase(state) not in ("draft", "open") or ("status" in chosen and state not in chosen["status"]):
            continue
        narrowed = chosen | {"status": [str(state)]}
        listing = Listing(record_type, narrowed, access)
        found = listing.page(Asked(narrowed, "due", "", ON_A_BOARD), glances)
        total = listing.total(found)
        cards = [(r, due_of(r), tags_of(r)) for r in found.rows]
        columns.append(Column(str(state), str(label), cards, _("1,000+") if total > COUNTED else str(total), f"status={state}"))
    return columns
