"""Fields that a house adds: typed, shown, filtered, ordered, exported and kept in the trail like any other."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.customizing import add_field, change_field, retire_field, take_up_field
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.glancing import glances
from linchpin.kernel.records.listing import Asked, Listing, matching, page
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.search.finding import find
from tests.cast import Cast

NC = get_type("nonconformity")


def numbers(cast: Cast, **filters: str) -> list[str]:
    return [row.number for row in page(NC, Asked({name: [value] for name, value in filters.items()}, "number"), cast.daniel).rows]


def test_a_value_of_every_kind_is_kept_typed_and_read_back(cast: Cast, added: dict[str, Any]) -> None:
    problem = cast.problem(x_batch="L-2041", x_cost_so_far="1250,5", x_contact_in_the_shop=cast.priya.person.pk)
    values = {"x_told_the_customer_on": "2026-11-20", "x_reworkable": True, "x_line_of_the_plant": "Line 2", "x_what_the_customer_said": "Late,\nagain."}
    commands.edit(problem, values, actor=cast.daniel)
    found = commands.record_by_uid(problem.uid, cast.daniel)
    assert (found.x_batch, found.x_cost_so_far, found.x_contact_in_the_shop) == ("L-2041", Decimal("1250.5"), cast.priya.person)
    assert (found.x_told_the_customer_on, found.x_reworkable, found.x_line_of_the_plant) == (dt.date(2026, 11, 20), True, "Line 2")
    assert trail.verify().ok


def test_what_cannot_be_meant_is_refused_beside_its_field(cast: Cast, added: dict[str, Any]) -> None:
    wrong = {"x_cost_so_far": "-1", "x_line_of_the_plant": "Line 9", "x_told_the_customer_on": "soon", "x_batch": "<script>", "x_nothing": "1"}
    with pytest.raises(Refused) as refused:
        commands.edit(cast.problem(), wrong, actor=cast.daniel)
    assert set(refused.value.by_field()) == set(wrong)
    assert "Not less than 0." in refused.value.by_field()["x_cost_so_far"]
    with pytest.raises(Refused, match="no more than 2 decimal"):
        commands.edit(cast.problem(), {"x_cost_so_far": "1.005"}, actor=cast.daniel)


def test_registers_are_filtered_and_ordered_by_what_was_added(cast: Cast, added: dict[str, Any]) -> None:
    a = cast.problem(x_batch="L-20", x_cost_so_far="90", x_reworkable=True, x_told_the_customer_on="2026-01-05", x_contact_in_the_shop=cast.priya.person)
    b = cast.problem(x_batch="l-21", x_cost_so_far="1250", x_line_of_the_plant="Line 1")
    c = cast.problem(x_batch="K-1")
    none = cast.problem()
    assert numbers(cast, x_batch="L-*") == [a.number, b.number]
    assert numbers(cast, x_cost_so_far="100..") == [b.number]
    assert numbers(cast, x_cost_so_far="90") == numbers(cast, x_told_the_customer_on="2026-01-01..2026-01-31") == [a.number]
    assert numbers(cast, x_reworkable="yes") == numbers(cast, x_contact_in_the_shop=str(cast.priya.person.uid)) == [a.number]
    assert numbers(cast, x_line_of_the_plant="Line 1", x_batch="L-21") == [b.number]
    with pytest.raises(Refused, match="cannot be asked for"):
        numbers(cast, x_cost_so_far="much")
    for sort, wanted in (("x_cost_so_far", [a, b, c, none]), ("-x_batch", [b, a, c, none])):
        seen, cursor = [], ""
        while True:
            found = page(NC, Asked({}, sort, cursor, 1), cast.daniel)
            seen += [row.number for row in found.rows]
            if not (cursor := found.after):
                break
        assert seen[:2] == [row.number for row in wanted][:2]
        assert set(seen) == {row.number for row in wanted} and len(seen) == 4
    commands.edit(b, {"x_cost_so_far": "", "x_batch": "M-1"}, actor=cast.daniel)
    assert numbers(cast, x_cost_so_far="100..") == [] and numbers(cast, x_batch="m-1") == [b.number]


def test_the_trail_names_each_change_and_keeps_texts_behind_a_commitment(cast: Cast, added: dict[str, Any]) -> None:
    problem = cast.problem(x_batch="L-2041")
    commands.edit(problem, {"x_batch": "L-2042", "x_cost_so_far": "12.50"}, actor=cast.daniel)
    changes = {c.field: (c.old, c.new) for c in trail.history(problem.pk)[-1].changes}
    assert changes == {"x_batch": ("L-2041", "L-2042"), "x_cost_so_far": (None, "12.5")}
    body = trail.models.Event.objects.filter(record_id=problem.pk).latest("sequence").body
    assert "L-2042" not in body and '"12.5"' in body


def test_only_who_administers_adds_fields_and_everything_stands_in_the_trail_of_the_house(cast: Cast, added: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        add_field("nonconformity", {"label": "Mood", "kind": "line"}, actor=cast.priya)
    batch = added["x_batch"]
    change_field(batch, {"label": "Lot"}, actor=cast.norbert)
    assert (batch.key, NC.field_label("x_batch")) == ("x_batch", "Lot")
    with pytest.raises(Refused, match="Say why"):
        retire_field(batch, actor=cast.daniel, reason="")
    retire_field(batch, actor=cast.daniel, reason="Batches stand in the ERP.")
    told = trail.history_of(Organization.objects.get().uid)
    assert [event.verb for event in told[-2:]] == ["change_field", "retire_field"]
    assert told[-2].changes[0].new == "Lot" and told[-1].reason == "Batches stand in the ERP."


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"label": "batch", "kind": "line"}, "label"),
        ({"label": "Severity", "kind": "line"}, "label"),
        ({"label": "", "kind": "line"}, "label"),
        ({"label": "Where", "kind": "choice", "choices": "Here"}, "choices"),
        ({"label": "Story", "kind": "text", "filtered": True}, "filtered"),
        ({"label": "Depth", "kind": "number", "smallest": "5", "largest": "2"}, "smallest"),
        ({"label": "Depth", "kind": "riddle"}, "kind"),
    ],
)
def test_a_field_that_makes_no_sense_is_not_added(values: dict[str, Any], field: str, cast: Cast, added: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        add_field("nonconformity", values, actor=cast.daniel)
    assert field in refused.value.by_field()


def test_a_retired_field_is_read_and_not_written_and_comes_back_with_its_values(cast: Cast, added: dict[str, Any], browser_of: Any) -> None:
    problem = cast.problem(x_batch="L-2041")
    retire_field(added["x_batch"], actor=cast.daniel, reason="Batches stand in the ERP.")
    with pytest.raises(Refused, match="There is no field"):
        commands.edit(problem, {"x_batch": "L-1"}, actor=cast.daniel)
    shown = browser_of("daniel").get(f"/nonconformity/{problem.number}/").content.decode()
    assert "Batch" in shown and "L-2041" in shown
    with pytest.raises(Refused, match="no filter"):
        numbers(cast, x_batch="L-2041")
    take_up_field(added["x_batch"], actor=cast.daniel)
    assert numbers(cast, x_batch="L-2041") == [problem.number]


def test_a_filter_switched_on_later_finds_what_was_there_before(cast: Cast) -> None:
    row = add_field("nonconformity", {"label": "Batch", "kind": "line"}, actor=cast.daniel)
    problem = cast.problem(x_batch="L-2041")
    change_field(row, {"filtered": True}, actor=cast.daniel)
    assert numbers(cast, x_batch="L-2041") == [problem.number]
    assert [hit.record.number if hasattr(hit, "record") else hit.number for hit in find(cast.daniel, "2041")] == [problem.number]


def test_what_the_house_requires_is_asked_in_forms_but_keeps_no_report_from_becoming_a_problem(cast: Cast, browser_of: Any) -> None:
    add_field("nonconformity", {"label": "Batch", "kind": "line", "required": True}, actor=cast.daniel)
    posted = {"title": "Burr again", "unit": cast.machining.pk, "severity": "major", "x_batch": ""}
    answer = browser_of("daniel").post("/nonconformity/new/", posted)
    assert answer.status_code == 422 and "“Batch” is empty" in answer.content.decode()
    assert browser_of("daniel").post("/nonconformity/new/", posted | {"x_batch": "L-7"}).status_code == 302
    assert cast.problem().custom == {}


def test_a_register_without_added_fields_costs_no_query_more_and_with_them_at_most_one(cast: Cast) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as captured:
            access_of(cast.daniel.person)
            Listing(NC, {}, cast.daniel).page(Asked(), glances)
        return len(captured)

    for n in range(4):
        cast.problem(title=f"Burr number {n}")
    bare = taken()
    add_field("nonconformity", {"label": "Contact", "kind": "person", "listed": True}, actor=cast.daniel)
    add_field("nonconformity", {"label": "Batch", "kind": "line", "listed": True}, actor=cast.daniel)
    assert taken() == bare
    for who in (cast.priya, cast.marek, cast.hanna):
        cast.problem(x_contact=who.person, x_batch="L-1")
    assert taken() == bare + 1


def test_another_process_learns_of_a_field_with_the_next_access(cast: Cast, added: dict[str, Any]) -> None:
    from linchpin.kernel.records import further

    further.exchange(further.Further())
    assert "x_batch" not in NC.fields
    access_of(cast.daniel.person)
    assert "x_batch" in NC.fields


def test_matching_is_seen_by_who_may_see_the_records_alone(cast: Cast, added: dict[str, Any]) -> None:
    cast.problem(x_batch="L-1", confidentiality="restricted")
    assert matching(NC, {"x_batch": ["L-1"]}, cast.priya).count() == 0
