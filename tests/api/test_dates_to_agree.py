"""New dates for what came with an import, by the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.records.cleaning import today
from tests.cast import Cast
from tests.kernel.test_dates_to_agree import imported


def test_dates_are_proposed_and_agreed_all_or_none(cast: Cast, caller_of: Any) -> None:
    one, two = imported(cast, "Borescope"), imported(cast, "Torque wrench")
    daniel, priya, soon = caller_of("daniel"), caller_of("priya"), add_working_days(today(), 5, "IE").isoformat()
    proposed = daniel.post("/dates/propose/", {"dates": [{"number": one.number, "day": soon, "version": one.version}]})
    assert proposed.status_code == 200
    assert {row["number"]: row["proposed"] for row in priya.get("/dates/").json()} == {one.number: soon, two.number: None}
    past = (today() - timedelta(days=1)).isoformat()
    both = [{"number": one.number, "day": soon}, {"number": two.number, "day": past}]
    assert priya.post("/dates/", {"dates": both}).status_code == 422
    assert len(priya.get("/dates/").json()) == 2, "none was agreed"
    assert priya.post("/dates/", {"dates": [{"number": one.number, "day": soon, "version": one.version}]}).status_code == 409
    assert caller_of("hanna").post("/dates/", {"dates": both[:1]}).status_code == 403
    assert [row["number"] for row in priya.post("/dates/", {"dates": both[:1]}).json()] == [two.number]
    moved = priya.get(f"/action/{one.number}/").json()
    assert (moved["values"]["due"], moved["original_due"], moved["due_moves"]) == (soon, "2024-03-01", 0)
