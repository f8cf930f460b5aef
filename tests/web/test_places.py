"""Places with codes on the wall, and reports that waited for a signal: where, whose, and never twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel import trail
from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.commands.placing import add_place, close_place, renew_place
from linchpin.kernel.people.models import Place
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.cast import Cast

KEY = "5f0c2a7e9b1d4c6fa8e3b7d2c1a09f84"


@pytest.fixture(autouse=True)
def _nobody_has_reported_yet() -> None:
    cache.clear()


def waited(client: Client, **given: str) -> Any:
    """As the device sends what waited on it."""
    return client.post("/report/", {"saw": "Oil under the guard", "once": KEY, **given}, headers={"Accept": "application/json"})


def test_the_code_on_5ax_3_opens_report_with_the_place_filled_in(cast: Cast) -> None:
    place = add_place("5AX-3", cast.machining, actor=cast.marek)
    assert len(place.code) >= 16
    page = Client().get(f"/at/{place.code}/").content.decode()
    assert "You are at" in page and '<h1>5AX-3</h1>' in page and 'value="5AX-3"' in page
    Client().post("/report/", {"saw": "Oil under the guard", "place": "5AX-3", "unit": str(place.unit_id), "once": KEY})
    made = Concern.objects.get()
    assert (made.place, made.unit) == ("5AX-3", cast.machining)
    assert [e.verb for e in trail.history_of(cast.machining.uid)][-1] == "add_place"


def test_whoever_leads_a_unit_says_which_places_it_has(cast: Cast, browser_of: Any) -> None:
    with pytest.raises(NotAllowed):
        add_place("Kad 7", cast.lipnica, actor=cast.marek)
    with pytest.raises(NotAllowed):
        add_place("5AX-3", cast.machining, actor=cast.seun)
    marek = browser_of("marek")
    assert marek.post("/settings/places/", {"name": "5AX-3\n5AX-4\n", "unit": cast.machining.pk}).status_code == 302
    add_place("Kad 7", cast.lipnica, actor=cast.boštjan)
    page = marek.get("/settings/places/").content.decode()
    assert "5AX-4" in page and "Kad 7" not in page
    with pytest.raises(Refused, match="is a place of Machining already"):
        add_place("5ax-3", cast.machining, actor=cast.daniel)
    assert browser_of("priya").get("/settings/places/").status_code == 403


def test_an_old_code_opens_nothing_and_says_what_to_do(cast: Cast) -> None:
    place = add_place("5AX-3", cast.machining, actor=cast.marek)
    renew_place(place, actor=cast.marek)
    answer = Client().get(f"/at/{place.code}/")
    assert answer.status_code == 404 and "You can report all the same" in answer.content.decode()
    again = Place.objects.get()
    close_place(again, actor=cast.marek)
    assert Client().get(f"/at/{again.code}/").status_code == 404
    assert add_place("5AX-3", cast.machining, actor=cast.marek).pk == place.pk, "a place that comes back is the same place"


def test_the_sheet_has_a_code_for_each_place_and_asks_no_more_for_many(cast: Cast, browser_of: Any) -> None:
    daniel = browser_of("daniel")
    add_place("5AX-1", cast.machining, actor=cast.daniel)
    daniel.get("/settings/places/codes/")
    with CaptureQueriesContext(connection) as few:
        daniel.get("/settings/places/codes/")
    for n in range(2, 9):
        add_place(f"5AX-{n}", cast.machining, actor=cast.daniel)
    with CaptureQueriesContext(connection) as many:
        page = daniel.get("/settings/places/codes/").content.decode()
    assert len(few) == len(many) and page.count("<svg xmlns") == 8 and "style=" not in page


def test_machines_add_places_and_only_those_who_look_after_them_see_the_address(cast: Cast) -> None:
    def machine(of: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {issue_token(of.person, 'sheet', scopes=('read', 'write'), days=3, actor=cast.system)[1]}"}

    given = {"name": "5AX-3", "unit": str(cast.machining.uid)}
    made = Client().post("/api/v1/places/", given, content_type="application/json", headers=machine(cast.marek))
    assert made.status_code == 201 and f"/at/{Place.objects.get().code}/" in made.json()["url"]
    assert Client().post("/api/v1/places/", given | {"name": "X"}, content_type="application/json", headers=machine(cast.seun)).status_code == 403
    assert "url" not in {k for k, v in Client().get("/api/v1/places/", headers=machine(cast.seun)).json()[0].items() if v}
    assert Client().delete(f"/api/v1/places/{made.json()['uid']}/", headers=machine(cast.marek)).status_code == 204


def test_what_waited_is_taken_once_even_when_its_sender_signed_out_meanwhile(cast: Cast, browser_of: Any) -> None:
    first = waited(browser_of("hanna"), by=str(cast.hanna.person.pk), reporter_name="Hanna Wieczorek")
    assert first.status_code == 200 and Concern.objects.get().created_by == cast.hanna.person
    again = waited(Client(), by=str(cast.hanna.person.pk), reporter_name="Hanna Wieczorek")
    assert again.json() == first.json() and Concern.objects.count() == 1


def test_what_waited_is_not_put_into_the_mouth_of_whoever_is_signed_in_now(cast: Cast, browser_of: Any) -> None:
    waited(browser_of("daniel"), by=str(cast.hanna.person.pk), reporter_name="Hanna Wieczorek")
    made = Concern.objects.get()
    assert made.created_by == cast.system.person and made.reporter_name == "Hanna Wieczorek"


def test_what_waited_and_is_refused_says_why(cast: Cast) -> None:
    answer = waited(Client(), saw=" ")
    assert answer.status_code == 422 and answer.json() == {"says": ["Say what you saw: a few words are enough."]}


def test_the_page_kept_for_days_without_signal_knows_nobody(cast: Cast, browser_of: Any) -> None:
    page = browser_of("hanna").get("/report/offline/")
    text = page.content.decode()
    assert "csrfmiddlewaretoken" not in text and 'name="once"' not in text and "data-offline" in text
    assert "Hanna" not in Client().get("/report/offline/").content.decode()
    worker = Client().get("/report-worker.js")
    assert worker["Content-Type"].startswith("text/javascript") and "script-src 'self'" in worker["Content-Security-Policy"]
