"""Added fields on the page, over the API, in files that leave and files that come in."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from linchpin.exchange.arrivals.receiving_many import open_arrival, receive_files
from linchpin.exchange.arrivals.taking_over import take_all_over
from linchpin.exchange.importable import importable_fields
from linchpin.exchange.writing_out import write_register
from linchpin.kernel import commands
from linchpin.kernel.commands.customizing import add_field
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.records.listing import Asked, matching
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type
from tests.cast import Cast

NC = get_type("nonconformity")


def test_norbert_adds_a_field_in_the_browser_and_daniel_fills_it_in(cast: Cast, browser_of: Any) -> None:
    norbert, daniel = browser_of("norbert"), browser_of("daniel")
    assert "Fields of the house" in norbert.get("/settings/").content.decode()
    at = "/settings/fields/nonconformity/"
    asked = {"label": "Cost so far", "kind": "number", "unit": "€", "decimals": "2", "smallest": "0", "listed": "true", "filtered": "true", "place": "1"}
    assert norbert.post(at, asked | {"label": ""}).status_code == 422
    assert norbert.post(at, asked).status_code == 302
    assert "x_cost_so_far" in norbert.get(at).content.decode()
    problem = cast.problem()
    page = f"/nonconformity/{problem.number}/"
    edit = daniel.get(page + "edit/?section=record.added").content.decode()
    assert "Cost so far" in edit and "€" in edit
    daniel.post(page + "edit/?section=record.added", {"x_cost_so_far": "1250,5", "old-x_cost_so_far": ""})
    shown = daniel.get(page).content.decode()
    assert "1,250.50\u00a0€" in shown
    register = daniel.get("/nonconformity/?x_cost_so_far=1000..&sort=-x_cost_so_far").content.decode()
    assert problem.number in register and "1,250.50\u00a0€" in register
    assert daniel.post(page + "edit/?section=record.added", {"x_cost_so_far": "9", "old-x_cost_so_far": "1"}).status_code == 409
    assert norbert.post(f"{at}x_cost_so_far/", {"label": "Cost until now", "place": "1", "decimals": "2"}).status_code == 302
    assert "Cost until now" in daniel.get(page).content.decode()
    assert norbert.post(f"{at}x_cost_so_far/retire/", {"reason": ""}).status_code == 422
    assert norbert.post(f"{at}x_cost_so_far/retire/", {"reason": "Controlling counts it."}).status_code == 302
    assert browser_of("priya").get(at).status_code == 403


def test_machines_add_fields_read_their_shape_and_write_their_values(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    made = daniel.post("/types/nonconformity/fields/", {"label": "Batch", "kind": "line", "filtered": True})
    assert (made.status_code, made.json()["key"]) == (201, "x_batch"), made.content
    daniel.post("/types/nonconformity/fields/", {"label": "Contact", "kind": "person"})
    assert caller_of("priya").post("/types/nonconformity/fields/", {"label": "Mood", "kind": "line"}).status_code == 403
    fields = {f["name"]: f for f in daniel.get("/types/nonconformity/").json()["fields"]}
    assert fields["x_batch"]["takes"]["type"] == "string" and fields["x_batch"]["section"] == "record.added"
    described = daniel.get("/openapi.json").json()["components"]["schemas"]
    assert {"x_batch", "x_contact"} <= described["NonconformityEdit"]["properties"]["values"]["properties"].keys()
    problem = cast.problem()
    at = f"/nonconformity/{problem.number}/"
    answer = daniel.patch(at, {"values": {"x_batch": "L-2041", "x_contact": str(cast.priya.person.uid)}})
    assert answer.json()["values"]["x_batch"] == "L-2041", answer.content
    assert answer.json()["values"]["x_contact"]["name"] == "Priya Raman"
    assert daniel.patch(at, {"values": {"x_batch": 5}}).status_code == 422
    found = daniel.get("/nonconformity/?x_batch=l-2041&sort=x_batch").json()["items"]
    assert [item["number"] for item in found] == [problem.number]
    ended = daniel.patch("/types/nonconformity/fields/x_batch/", {"retired": True, "reason": "In the ERP."})
    assert ended.json()["retired_at"]
    record = daniel.get(at).json()
    assert "x_batch" not in record["values"] and record["computed"]["x_batch"] == "L-2041"


def test_an_export_has_their_columns_and_an_import_guesses_them_back(cast: Cast, added: dict[str, Any]) -> None:
    cast.problem(x_batch="L-2041", x_cost_so_far="12.5", x_contact_in_the_shop=cast.priya.person, x_reworkable=True)
    out = io.BytesIO()
    write_register(NC, Asked(), cast.daniel, "csv", out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig")))
    assert (row["Batch"], row["Cost so far"], row["Contact in the shop"]) == ("L-2041", "12.5", "priya@dunmallow.example")
    out = io.BytesIO()
    write_register(NC, Asked(), cast.daniel, "jsonl", out)
    assert json.loads(out.getvalue())["x_batch"] == "L-2041"
    fields = importable_fields(NC)
    assert (fields["x_cost_so_far"].kind, fields["x_contact_in_the_shop"].kind, fields["x_told_the_customer_on"].kind) == ("decimal", "person", "date")


def test_old_problems_come_in_without_what_the_house_asks_of_new_ones_and_the_gap_is_seen(cast: Cast, browser_of: Any) -> None:
    add_field("nonconformity", {"label": "Batch", "kind": "line", "required": True, "filtered": True}, actor=cast.daniel)
    add_field("nonconformity", {"label": "What it cost", "kind": "number", "required": True}, actor=cast.daniel)
    with pytest.raises(Refused, match="Batch"):
        commands.create("nonconformity", {"title": "Burr"}, actor=cast.daniel, asked=True)
    arrival = open_arrival(cast.daniel)
    receive_files(arrival, [("CAR-log.csv", b"CAR No;Problem;Batch\nC-1;Burr left;L-2041\nC-2;Mixed fittings;\n")], actor=cast.daniel)
    source = arrival.files.get().source
    assert source is not None and source.counts["rejected"] == 0 and source.notes["gaps"] == [["Batch", 1], ["What it cost", 2]]
    take_all_over(arrival, actor=cast.daniel)
    run_next()
    daniel = browser_of("daniel")
    assert "Those that still have one" in daniel.get(f"/import/{source.uid}/").content.decode()
    full, lacking = Record.objects.get(reference="C-1"), Record.objects.get(reference="C-2")
    page = daniel.get(f"/nonconformity/{lacking.number}/").content.decode()
    assert "The house asks for this, and it is missing: Batch, What it cost." in page
    assert set(matching(NC, {"gaps": ["yes"]}, cast.daniel)) == {full, lacking}
    commands.edit(full.nonconformity, {"x_what_it_cost": "0"}, actor=cast.daniel)
    assert list(matching(NC, {"gaps": ["yes"]}, cast.daniel)) == [lacking]
    with pytest.raises(Refused, match="Batch"):
        commands.edit(full.nonconformity, {"x_batch": ""}, actor=cast.daniel)
