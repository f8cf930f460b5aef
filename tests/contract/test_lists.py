"""Every register lists, filters, orders and pages what it should, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import models

from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.filters import filters_of
from linchpin.kernel.records.glancing import glances
from linchpin.kernel.records.listing import Asked, Listing, counted, every, matching, page, sorts_of
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType
from tests.cast import Cast
from tests.contract.walking import creator_of, fresh, raise_one, walk_to

Browser = Callable[[str], Any]


def stock(kind: RecordType, cast: Cast) -> list[Any]:
    """A dozen records with ties and gaps in what they are ordered and filtered by; some imported, void, excepted, overdue."""
    days = [None, today() - timedelta(days=3), today(), today() + timedelta(days=2), today() + timedelta(days=40)]
    records = [raise_one(kind, cast) for _n in range(12)]
    choices = {name: [value for value, _label in kind.model._meta.get_field(name).choices] for name in kind.filters if _chosen(kind, name)}
    with permitted():
        for n, record in enumerate(records):
            values: dict[str, Any] = {name: values[n % len(values)] for name, values in choices.items()}
            values |= {name: bool(n % 2) for name in kind.filters if _flag(kind, name)}
            values |= {"due": days[n % 5], "title": f"Title {'abca'[n % 4]}", "due_moves": n % 2, "exceptions": int(n % 6 == 0)}
            values |= {"owner": (None, cast.marek.person, cast.daniel.person)[n % 3], "unit": (cast.machining, cast.lipnica)[n % 2]}
            values |= {"provenance": "imported" if n % 4 == 0 else "entered", "serial": None if n in (3, 7) else record.serial}
            kind.model._default_manager.filter(pk=record.pk).update(**values)
        Record.objects.filter(pk=records[5].pk).update(status=_void(kind), phase="void")
    return [fresh(kind, record) for record in records]


def _field(kind: RecordType, name: str) -> Any:
    return kind.model._meta.get_field(name)


def _chosen(kind: RecordType, name: str) -> bool:
    return bool(_field(kind, name).choices) and name in kind.own_fields


def _flag(kind: RecordType, name: str) -> bool:
    return isinstance(_field(kind, name), models.BooleanField)


def _void(kind: RecordType) -> str:
    return next(str(s) for s in kind.lifecycle.states.values if kind.lifecycle.phase(s) == "void")


def expected(kind: RecordType, name: str, value: str, records: list[Any], cast: Cast) -> set[int]:
    """What the filter should find, judged record by record in Python."""
    day = today()
    by_hand: dict[tuple[str, str], Callable[[Any], bool]] = {
        ("phase", "open"): lambda r: r.phase in ("draft", "open"),
        ("due", "overdue"): lambda r: bool(r.due and r.due < day and r.phase == "open"),
        ("due", "week"): lambda r: bool(r.due and day <= r.due <= day + timedelta(days=7) and r.phase == "open"),
        ("due", "moved"): lambda r: r.due_moves > 0,
        ("due", "none"): lambda r: r.due is None,
        ("exception", "yes"): lambda r: r.exceptions > 0,
    }

    def holds(record: Any) -> bool:
        if (name, value) in by_hand:
            return by_hand[(name, value)](record)
        stands = getattr(record, name)
        if isinstance(stands, Person) or value in ("me", "none"):
            return {"me": stands == cast.daniel.person, "none": stands is None}[value]
        return stands is (value == "yes") if isinstance(stands, bool) else str(stands) == value

    return {record.pk for record in records if holds(record)}


def test_the_register_lists_what_was_raised(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    record = raise_one(kind, cast)
    for address in (f"/{kind.key}/", f"/{kind.key}/?view=board"):
        answer = browser_of("daniel").get(address)
        assert answer.status_code == 200 and record.title[:40] in answer.content.decode()


def test_every_choice_of_every_filter_finds_exactly_those(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    records, daniel = stock(kind, cast), browser_of("daniel")
    for name, one in filters_of(kind).items():
        for value, _label in one.choices:
            assert daniel.get(f"/{kind.key}/", {name: value}).status_code == 200
            if not known_by_hand(kind, name):
                continue
            found = set(matching(kind, {name: [value]}, cast.daniel).values_list("pk", flat=True))
            assert found == expected(kind, name, str(value), records, cast), (name, value)
        everything = {str(value) for value, _label in one.choices}
        if _all_of(kind, name):
            assert set(matching(kind, {name: list(everything)}, cast.daniel).values_list("pk", flat=True)) == {r.pk for r in records}


def known_by_hand(kind: RecordType, name: str) -> bool:
    """Filters that parts above the kernel bring along are judged by the tests of those parts."""
    return name in ("phase", "due", "exception", "provenance", *kind.filters)


def _all_of(kind: RecordType, name: str) -> bool:
    """Whether the filter's choices together cover every record."""
    return name in ("phase", "status", "provenance") or (name in kind.own_fields and (_flag(kind, name) or (_chosen(kind, name))))


def test_a_unit_means_everything_below_it(kind: RecordType, cast: Cast) -> None:
    records = stock(kind, cast)
    for unit in (cast.company, cast.dunmallow, cast.machining, cast.lipnica, cast.vale_sereno):
        below = set(Unit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
        for named in (str(unit.pk), str(unit.uid)):
            found = set(matching(kind, {"unit": [named]}, cast.daniel).values_list("pk", flat=True))
            assert found == {r.pk for r in records if r.unit_id in below}, unit


def test_a_person_is_found_by_id(kind: RecordType, cast: Cast) -> None:
    records = stock(kind, cast)
    for named in (str(cast.marek.person.pk), str(cast.marek.person.uid)):
        found = set(matching(kind, {"owner": [named]}, cast.daniel).values_list("pk", flat=True))
        assert found == {r.pk for r in records if r.owner_id == cast.marek.person.pk}


@pytest.mark.parametrize(("name", "value"), [
    ("colour", "red"), ("phase", "gone"), ("status", "unheard-of"), ("since", "2026-02-30"), ("since", "yesterday"), ("owner", "not-a-uid"), ("unit", "x" * 40),
])  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused_in_a_sentence(kind: RecordType, name: str, value: str, cast: Cast, browser_of: Browser) -> None:
    with pytest.raises(Refused) as refused:
        list(matching(kind, {name: [value]}, cast.daniel))
    assert refused.value.by_field()[name][0].endswith(".")
    assert browser_of("daniel").get(f"/{kind.key}/", {name: value}).status_code == 422


def test_every_order_pages_over_ties_and_gaps_and_gives_each_row_once(kind: RecordType, cast: Cast) -> None:
    records = stock(kind, cast)
    for name, column in sorts_of(kind).items():
        for sign in ("", "-"):
            wanted = in_order(records, column, bool(sign))
            forward, last = pages_of(kind, Asked({}, f"{sign}{name}", "", 5), cast)
            assert [pk for one in forward for pk in one] == wanted, f"{sign}{name}"
            assert [pk for one in back_from(kind, f"{sign}{name}", last, cast) for pk in one] == wanted[: -len(forward[-1])], f"back, {sign}{name}"
            assert [r.pk for r in every(kind, Asked({}, f"{sign}{name}"), cast.daniel, batch=5)] == wanted


def in_order(records: list[Any], column: str, descending: bool) -> list[int]:
    """By hand: with a value first, ties by id in the same direction, those without a value last."""
    filled = [r for r in records if getattr(r, column) is not None]
    empty = [r for r in records if getattr(r, column) is None]
    ordered = sorted(filled, key=lambda r: (getattr(r, column), r.pk), reverse=descending)
    return [r.pk for r in ordered + sorted(empty, key=lambda r: r.pk, reverse=descending)]


def pages_of(kind: RecordType, asked: Asked, cast: Cast) -> tuple[list[list[int]], Any]:
    found, pages = page(kind, asked, cast.daniel), []
    while True:
        pages.append([r.pk for r in found.rows])
        if not found.after:
            return pages, found
        found = page(kind, Asked(asked.filters, asked.sort, found.after, asked.size), cast.daniel)


def back_from(kind: RecordType, sort: str, last: Any, cast: Cast) -> list[list[int]]:
    pages: list[list[int]] = []
    found = last
    while found.before:
        found = page(kind, Asked({}, sort, found.before, 5), cast.daniel)
        pages.insert(0, [r.pk for r in found.rows])
    return pages


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IGpzb24", "WzEsbnVsbF0", "é", "W1tdLCJhIixmYWxzZV0"])
def test_a_damaged_page_address_is_refused(kind: RecordType, cursor: str, cast: Cast) -> None:
    with pytest.raises(Refused, match="This page address is damaged"):
        page(kind, Asked({}, "due", cursor), cast.daniel)


def test_an_order_without_an_index_is_refused(kind: RecordType, cast: Cast) -> None:
    with pytest.raises(Refused, match="It cannot be ordered by “confidentiality”"):
        page(kind, Asked({}, "confidentiality"), cast.daniel)


def test_counting_is_what_the_filters_leave(kind: RecordType, cast: Cast) -> None:
    stock(kind, cast)
    assert counted(matching(kind, {}, cast.daniel)) == 12
    assert counted(matching(kind, {"phase": ["void"]}, cast.daniel)) == 1


def test_the_page_of_every_state_opens(kind: RecordType, state: str, cast: Cast, browser_of: Browser) -> None:
    record = walk_to(kind, state, cast)
    for name in ("daniel", "marek", "kateřina"):
        answer = browser_of(name).get(f"/{kind.key}/{record.number}/")
        seen = may(getattr(cast, name), "read", record)
        assert answer.status_code == (200 if seen else 404), name
        assert (record.title in answer.content.decode()) is seen


def test_the_form_opens_for_whoever_may_create(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    name = next(n for n in ("daniel", "marek") if getattr(cast, n).person == creator_of(kind, cast).person)
    assert browser_of(name).get(f"/{kind.key}/new/").status_code == 200


def test_a_glance_tells_of_a_record_what_the_record_tells(kind: RecordType, cast: Cast) -> None:
    stock(kind, cast)
    listing = Listing(kind, {}, cast.daniel)
    whole, seen = listing.page(Asked()), listing.page(Asked(), glances)
    assert (whole.before, whole.after, listing.total(whole)) == (seen.before, seen.after, listing.total(seen))
    for record, glance in zip(whole.rows, seen.rows, strict=True):
        assert (glance.id, glance.is_open, glance.due_was_moved, glance.unit.country) == (record.pk, record.is_open, record.due_was_moved, record.unit.country)
        for name in (*kind.list_columns, "exceptions", "provenance", "reference", "confidentiality"):
            told, known = getattr(glance, name), getattr(record, name)
            assert str(told) == str(known), name
        for access in (cast.daniel, cast.marek, cast.priya, cast.kateřina):
            assert may(access, "edit", glance) == may(access, "edit", record)
