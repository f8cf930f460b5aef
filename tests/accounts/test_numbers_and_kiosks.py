"""Number and PIN, and a kiosk that knows nobody for long: who comes in, how far, and what is left of them."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel import trail
from linchpin.kernel.commands.accounts import lock
from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.commands.pin_tries import AT_A_DOOR, TRIES, TRIES_OUTSIDE, Door
from linchpin.kernel.commands.pins import faults, give_pin, person_by_pin, set_own_pin
from linchpin.kernel.commands.placing import add_place, end_kiosk, make_kiosk
from linchpin.kernel.people.clock import now, standing_at
from linchpin.kernel.people.models import Kiosk, Person, Pin, Place
from linchpin.kernel.records.models import Once
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.surfaces.web.kiosk import TOUCHED
from tests.cast import PASSWORD, Cast

PIN = "730418"
HERE = Door("tablet-1", is_kiosk=True)
SEUN = {"number": "4117", "pin": PIN}


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def seun(cast: Cast) -> Person:
    set_own_pin(cast.seun.person, PIN, actor=cast.seun)
    return Person.objects.get(pk=cast.seun.person.pk)


@pytest.fixture
def place(cast: Cast) -> Place:
    return add_place("5AX-3", cast.machining, actor=cast.marek)


@pytest.fixture
def tablet(cast: Cast, place: Place, browser_of: Any) -> Client:
    """The tablet at 5AX-3, made a kiosk by Norbert in its own browser."""
    client: Client = browser_of("norbert")
    answer = client.post("/settings/kiosks/", {"name": "Tablet at 5AX-3", "where": f"place-{place.pk}"})
    assert (answer.status_code, answer["Location"]) == (302, "/kiosk/")
    return client


def signs_in(tablet: Client, **given: str) -> Any:
    return tablet.post("/kiosk/in/", {**SEUN, "next": "/todo/", **given})


def test_a_pin_is_not_what_anybody_would_try_first() -> None:
    for poor in ("111111", "121212", "123456", "987654", "901234", "123123", "841172"):
        assert list(faults(poor, "4117" if "4117" in poor else "")), poor
    for short in ("73041", "7304a8", "٧٣٠٤١٨", "7304187304187"):
        assert list(faults(short)), short
    assert not list(faults(PIN, "4117"))


def test_only_a_hash_is_kept_and_the_trail_knows_no_pin(cast: Cast, seun: Person) -> None:
    assert PIN not in Pin.objects.get().pin_hash
    said = [(e.verb, [(c.field, c.new) for c in e.changes]) for e in trail.history_of(seun.uid)]
    assert said[-1] == ("set_pin", [("pin", "changed"), ("account", "active")])


def test_a_one_time_pin_opens_nothing_but_the_choice_of_ones_own(cast: Cast, tablet: Client) -> None:
    given = give_pin(cast.seun.person, actor=cast.norbert)
    page = signs_in(tablet, pin=given)
    assert page.status_code == 200 and "Choose your own PIN" in page.content.decode() and "_auth_user_id" not in tablet.session
    refused = Client().post("/report/", {"saw": "Burr", "number": "4117", "pin": given})
    assert refused.status_code == 422 and "Choose your own PIN first" in refused.content.decode() and not Concern.objects.exists()
    chosen = {"number": "4117", "pin": given, "new": PIN, "again": PIN}
    assert tablet.post("/pin/", {**chosen, "again": "730419"}).status_code == 422
    assert tablet.post("/pin/", chosen)["Location"] == "/kiosk/in/"
    assert signs_in(tablet)["Location"] == "/todo/"


def test_pins_of_others_are_the_administrators_to_give(cast: Cast) -> None:
    for somebody in (cast.daniel, cast.marek, cast.seun):
        with pytest.raises(NotAllowed):
            give_pin(cast.priya.person, actor=somebody)
    with pytest.raises(NotAllowed):
        set_own_pin(cast.seun.person, PIN, actor=cast.norbert)
    with pytest.raises(Refused, match="no number yet"):
        give_pin(cast.priya.person, actor=cast.norbert)


def test_a_number_rests_after_five_wrong_pins_and_longer_each_time(cast: Cast, seun: Person) -> None:
    begun = now()

    def wrong_again(minutes: int, pin: str = "284615", number: str = "4117") -> str:
        with standing_at(begun + timedelta(minutes=minutes)), pytest.raises(Refused) as refused:
            person_by_pin(number, pin, HERE)
        return str(refused.value)

    for _n in range(TRIES):
        assert "do not match" in wrong_again(0)
    assert "wrong too often" in wrong_again(1, PIN), "the right one too: else one could go on guessing"
    for _n in range(TRIES):
        assert "do not match" in wrong_again(16)
    assert "wrong too often" in wrong_again(40) and "do not match" in wrong_again(47)
    unknown = [wrong_again(0, number="9999") for _n in range(TRIES + 1)]
    assert "do not match" in unknown[0] and "wrong too often" in unknown[-1], "a number that nobody has is answered alike"
    assert [e.verb for e in trail.history_of(seun.uid)].count("pin_rests") == 2


def test_the_right_pin_ends_the_counting(cast: Cast, seun: Person) -> None:
    for _round in range(3):
        for _n in range(TRIES - 1):
            with pytest.raises(Refused):
                person_by_pin("4117", "284615", HERE)
        assert person_by_pin("4117", PIN, HERE) == (seun, False)


def wrong(number: str, door: Door, times: int = 1) -> list[str]:
    said = []
    for _n in range(times):
        with pytest.raises(Refused) as refused:
            person_by_pin(number, "284615", door)
        said.append(str(refused.value))
    return said


def test_a_prankster_at_one_door_shuts_nobody_out_of_another(cast: Cast, seun: Person) -> None:
    assert "wrong too often" in wrong("4117", HERE, TRIES + 1)[-1]
    assert person_by_pin("4117", PIN, Door("tablet-2", is_kiosk=True)) == (seun, False)
    assert "wrong too often" in wrong("4117", HERE)[0], "to be right elsewhere gives no further guesses here"
    for n in range(TRIES_OUTSIDE // 4):
        wrong("4117", Door(f"203.0.113.{n}"), 4)
    assert "wrong too often" in wrong("4117", Door("198.51.100.7"))[0], "many addresses are no way round"
    assert "do not match" in wrong("4118", Door("198.51.100.7"))[0]
    assert person_by_pin("4117", PIN, Door("tablet-3", is_kiosk=True)) == (seun, False), "no kiosk rests for what the internet does"
    assert Door("2001:db8::1").key == Door("2001:db8::ffff").key != Door("2001:db9::1").key


def test_a_door_at_which_number_after_number_is_wrong_takes_none_for_a_moment(cast: Cast, seun: Person) -> None:
    begun = now()
    with standing_at(begun):
        for n in range(AT_A_DOOR):
            assert "do not match" in wrong(f"50{n}", HERE)[0]
        assert "Many PINs were wrong here" in wrong("4117", HERE)[0]
    with standing_at(begun + timedelta(minutes=1, seconds=1)):
        for _n in range(AT_A_DOOR):
            assert person_by_pin("4117", PIN, HERE) == (seun, False), "who is right counts for nothing, at the change of a shift too"


def test_a_locked_account_has_no_pin_either(cast: Cast, seun: Person, tablet: Client) -> None:
    lock(seun, actor=cast.norbert)
    assert signs_in(tablet).status_code == 422


def test_number_and_pin_open_nothing_but_a_kiosk(cast: Cast, seun: Person) -> None:
    assert Client().post("/kiosk/in/", SEUN).status_code == 404
    assert Client().get("/kiosk/").status_code == 404


def test_only_the_administrator_makes_a_kiosk_and_is_signed_out_there(cast: Cast, tablet: Client, browser_of: Any) -> None:
    assert "_auth_user_id" not in tablet.session and "5AX-3" in tablet.get("/kiosk/").content.decode()
    assert browser_of("daniel").post("/settings/kiosks/", {"name": "Mine", "where": f"unit-{cast.machining.pk}"}).status_code == 403
    assert browser_of("marek").get("/settings/kiosks/").status_code == 403
    with pytest.raises(NotAllowed):
        make_kiosk("Mine", cast.machining, actor=cast.daniel)
    assert "make_kiosk" in [e.verb for e in trail.history_of(cast.machining.uid)]


def test_seun_does_the_everyday_at_the_kiosk_and_nothing_else(cast: Cast, seun: Person, tablet: Client) -> None:
    before = tablet.session.session_key
    assert signs_in(tablet)["Location"] == "/todo/"
    assert tablet.session.session_key != before, "a session that somebody prepared is not the one that is signed in"
    for path in ("/todo/", "/mine/", "/search/?q=burr", "/report/", "/document/"):
        assert tablet.get(path).status_code == 200, path
    for path in ("/account/", "/people/", "/settings/", "/nonconformity/export.csv", "/api/v1/me/", "/trail/", "/import/", "/nonconformity/new/"):
        answer = tablet.get(path)
        assert answer.status_code == 403 and "sign in at a computer with your password" in answer.content.decode(), path
    assert tablet.post(f"/account/tokens/{seun.pk}/new/", {"name": "mine", "days": "30"}).status_code == 403


def test_norbert_administers_nothing_from_a_kiosk_even_with_his_password(cast: Cast, tablet: Client) -> None:
    tablet.post("/account/login/", {"login": "norbert@dunmallow.example", "password": PASSWORD})
    assert "_auth_user_id" in tablet.session
    assert tablet.get("/people/").status_code == 403 and tablet.get("/settings/kiosks/").status_code == 403


def test_a_signature_with_a_password_is_not_given_at_a_kiosk(cast: Cast, tablet: Client) -> None:
    from django.http import HttpRequest

    from linchpin.kernel.records.lifecycle import Strength, Transition
    from linchpin.surfaces.web.acting import _signing

    request = HttpRequest()
    request.kiosk = Kiosk.objects.get()  # type: ignore[attr-defined]
    signed = Transition("close", "Close", ("open",), "closed", signature="I closed it", strength=Strength.REAUTHENTICATE)
    with pytest.raises(Refused, match="give it at a computer, not at a kiosk"):
        _signing(request, signed)


def test_the_kiosk_forgets_who_does_not_touch_it(cast: Cast, seun: Person, tablet: Client) -> None:
    signs_in(tablet)
    session = tablet.session
    session[TOUCHED] = time.time() - 50
    session.save()
    assert tablet.post("/kiosk/touch/").status_code == 204 and tablet.get("/todo/").status_code == 200
    session = tablet.session
    session[TOUCHED] = time.time() - 75
    session.save()
    answer = tablet.get("/todo/")
    assert (answer.status_code, answer["Location"]) == (302, "/kiosk/") and "_auth_user_id" not in tablet.session
    assert not UserSession.objects.filter(user=seun).exists()
    assert tablet.get("/todo/")["Location"].startswith("/kiosk/in/?next=")


def test_the_next_person_finds_a_start_page_and_nothing_typed(cast: Cast, seun: Person, tablet: Client) -> None:
    signs_in(tablet)
    page = tablet.get("/report/?saw=Seun+typed+this")
    assert page["Cache-Control"] == "private, no-store"
    assert tablet.post("/kiosk/done/")["Location"] == "/kiosk/"
    assert "Seun" not in tablet.get("/kiosk/").content.decode() + tablet.get("/report/").content.decode()


def test_a_session_of_a_kiosk_is_worth_nothing_elsewhere(cast: Cast, seun: Person, tablet: Client) -> None:
    signs_in(tablet)
    elsewhere = Client()
    elsewhere.cookies["sessionid"] = tablet.cookies["sessionid"].value
    assert elsewhere.get("/todo/")["Location"].startswith("/account/login/")


def test_an_ended_kiosk_is_a_device_like_any_other(cast: Cast, seun: Person, tablet: Client, browser_of: Any) -> None:
    signs_in(tablet)
    kiosk = Kiosk.objects.get()
    assert "Tablet at 5AX-3" in browser_of("daniel").get("/settings/kiosks/").content.decode()
    end_kiosk(kiosk, actor=cast.daniel)
    assert tablet.get("/todo/")["Location"].startswith("/account/login/")
    assert tablet.get("/kiosk/").status_code == 404
    forged = Client()
    forged.cookies["kiosk"] = "guessed:1abc:signature"
    assert forged.get("/kiosk/").status_code == 404


def test_nobody_at_a_kiosk_is_nobody_everywhere(cast: Cast, seun: Person, tablet: Client) -> None:
    signs_in(tablet)
    tablet.post("/report/", {"saw": "The guard is tied back.", "who": "nobody", "once": "a" * 32}, follow=True)
    tablet.post("/kiosk/done/")
    made = Concern.objects.get()
    assert made.anonymous and made.created_by == cast.system.person and not made.reporter_name
    traces = [str(seun.uid), seun.name, str(Kiosk.objects.get().uid)]
    told = json.dumps([[e.verb, str(e.actor.uid), [[c.field, c.old, c.new] for c in e.changes]] for e in trail.history(made)])
    assert not [trace for trace in traces if trace in told]
    assert Once.objects.get().person == cast.system.person and not UserSession.objects.filter(user=seun).exists()


def test_a_report_may_carry_a_number_and_pin_without_signing_in(cast: Cast, seun: Person) -> None:
    phone = Client()
    wrong = phone.post("/report/", {"saw": "Burr at the cross bore", "number": "4117", "pin": "284615"})
    assert wrong.status_code == 422 and "Number and PIN do not match" in wrong.content.decode() and "284615" not in wrong.content.decode()
    assert phone.post("/report/", {"saw": "Burr at the cross bore", **SEUN}).status_code == 302
    assert Concern.objects.get().created_by == seun and "_auth_user_id" not in phone.session


def test_machines_give_pins_and_read_kiosks_as_their_person_may(cast: Cast, tablet: Client) -> None:
    def machine(of: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {issue_token(of.person, 'clock', scopes=('read', 'write'), days=3, actor=cast.system)[1]}"}

    made = Client().post(f"/api/v1/people/{cast.seun.person.uid}/pin/", headers=machine(cast.norbert))
    assert made.status_code == 201 and person_by_pin("4117", made.json()["pin"], HERE)[1] is True
    assert Client().post(f"/api/v1/people/{cast.seun.person.uid}/pin/", headers=machine(cast.daniel)).status_code == 403
    listed = Client().get("/api/v1/kiosks/", headers=machine(cast.daniel)).json()
    assert [k["name"] for k in listed] == ["Tablet at 5AX-3"]
    assert Client().get("/api/v1/kiosks/", headers=machine(cast.marek)).status_code == 403
