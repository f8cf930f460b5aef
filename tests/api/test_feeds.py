"""Due dates in the calendar program of one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from icalendar import Calendar

from linchpin.kernel import commands
from linchpin.kernel.people.clock import today
from tests.cast import Cast


def entries(address: str) -> dict[str, Any]:
    """The calendar's entries by summary."""
    response = Client().get(address.removeprefix("http://localhost:8000"))
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("text/calendar")
    return {str(one["SUMMARY"]): one for one in Calendar.from_ical(response.content).walk("VEVENT")}


def owned(cast: Cast, title: str, **values: Any) -> Any:
    given = {"title": title, "kind": "other", "owner": cast.marek.person, "due": today() + timedelta(days=9), "unit": cast.machining, **values}
    return commands.create("action", given, actor=cast.daniel)


def test_marek_sees_what_he_owns_when_it_is_due(cast: Cast, caller_of: Any) -> None:
    mine = owned(cast, "Fit a borescope station")
    owned(cast, "Not mine", owner=cast.daniel.person)
    owned(cast, "Without a date", due=None)
    made = caller_of("marek").post("/feeds/", {"name": "My phone"}).json()
    [(summary, entry)] = entries(made["url"]).items()
    assert summary == f"{mine.number} Fit a borescope station"
    assert entry["DTSTART"].dt == mine.due
    assert str(entry["UID"]) == f"{mine.uid}@linchpin"


def test_a_restricted_record_shows_its_number_only(cast: Cast, caller_of: Any) -> None:
    mine = owned(cast, "Talk to Seun about his hearing", confidentiality="restricted")
    made = caller_of("marek").post("/feeds/", {"name": "My phone"}).json()
    assert list(entries(made["url"])) == [mine.number]


def test_a_units_calendar_holds_what_its_reader_may_see(cast: Cast, caller_of: Any) -> None:
    owned(cast, "Fit a borescope station", owner=cast.daniel.person)
    owned(cast, "Nobody but Daniel knows", owner=cast.daniel.person, confidentiality="restricted")
    owned(cast, "In Lipnica", unit=cast.lipnica)
    made = caller_of("priya").post("/feeds/", {"name": "Machining", "unit": str(cast.dunmallow.uid)}).json()
    assert [summary.split(" ", 1)[1] for summary in entries(made["url"])] == ["Fit a borescope station"]


def test_an_ended_calendar_is_gone_and_the_feed_opens_nothing_else(cast: Cast, caller_of: Any) -> None:
    marek = caller_of("marek")
    made = marek.post("/feeds/", {"name": "My phone"}).json()
    path = made["url"].removeprefix("http://localhost:8000")
    secret = path.removeprefix("/feeds/").removesuffix(".ics")
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me/").status_code == 401
    assert Client().get(f"/feeds/{marek.secret}.ics").status_code == 404
    assert [one["name"] for one in marek.get("/feeds/").json()] == ["My phone"]
    assert marek.delete(f"/feeds/{made['id']}/").status_code == 204
    assert Client().get(path).status_code == 404
    assert marek.get("/feeds/").json() == []


def test_marek_cannot_end_daniels_calendar_nor_a_token_that_is_none(cast: Cast, caller_of: Any) -> None:
    made = caller_of("daniel").post("/feeds/", {"name": "My phone"}).json()
    assert caller_of("marek").delete(f"/feeds/{made['id']}/").status_code == 404


def test_a_calendar_of_no_unit_is_refused(caller_of: Any) -> None:
    for unit in ("nowhere", "00000000-0000-4000-8000-000000000000"):
        assert caller_of("marek").post("/feeds/", {"name": "x", "unit": unit}).status_code == 422
