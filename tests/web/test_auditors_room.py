"""The auditor's room: open for some days, to read only; what is asked for has a clock; what bent and what failed stands in front."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from pytest_django import DjangoAssertNumQueries

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.people.calendar import working_minutes_between
from linchpin.kernel.people.clock import today
from linchpin.kernel.records.models import Record, SavedView
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.trail import history
from linchpin.kernel.trail.models import Event
from tests.api.callers import Caller
from tests.auditing import invite, kateřina
from tests.cast import Cast

PLACES = ("/", "/room/", "/nonconformity/", "/clauses/", "/search/?q=burr", "/trail/", "/todo/", "/mine/", "/report/", "/nonconformity/export.csv")


@pytest.mark.parametrize(("first", "last", "sentence"), [(3, 5, "Your visit begins on"), (-9, -2, "Your visit ended on")])
def test_outside_her_days_kateřina_reads_one_sentence_and_nothing_else(first: int, last: int, sentence: str, cast: Cast, browser_of: Any) -> None:
    burr = cast.problem()
    secret = issue_token(cast.kateřina.person, "laptop", scopes=["read", "write"], days=1, actor=cast.kateřina)[1]
    invite(cast, first, last)
    for path in (*PLACES, f"/nonconformity/{burr.number}/", f"/nonconformity/{burr.number}/check.zip"):
        answer = browser_of("kateřina").get(path)
        page = answer.content.decode()
        assert answer.status_code == 403 and sentence in page, path
        assert "Daniel Petrov" in page and burr.number not in page and "Burr" not in page, path
    for path in ("/me/", "/nonconformity/", f"/nonconformity/{burr.number}/"):
        refused = Caller(secret).get(path)
        assert refused.status_code == 403 and sentence in refused.json()["detail"], path


def test_a_visit_that_daniel_ends_is_over_at_once(cast: Cast, browser_of: Any) -> None:
    visit, browser = invite(cast), browser_of("kateřina")
    assert browser.get("/room/").status_code == 200
    commands.move(visit, "end", actor=cast.daniel, values={"conclusion": "Two minor findings."})
    assert "Your visit ended on" in browser.get("/room/").content.decode()
    assert browser.get("/account/password/change/").status_code == 200  # her own account stays hers


def test_she_reads_her_units_and_registers_and_never_what_is_restricted(cast: Cast) -> None:
    here = cast.problem()
    there, hidden = cast.problem(unit=cast.lipnica), cast.problem(confidentiality="restricted")
    own = cast.problem(confidentiality="restricted", owner=cast.kateřina.person)
    report = commands.create("concern", {"saw": "Mixed fittings", "unit": cast.machining}, actor=cast.seun)
    visit = invite(cast, unit=cast.dunmallow, registers="Problems\naudit")
    seen = set(Record.objects.visible_to(kateřina(cast)).values_list("number", flat=True))
    assert seen == {here.number, visit.number}
    commands.edit(visit, {"registers": "", "unit": cast.company}, actor=cast.daniel)
    seen = set(Record.objects.visible_to(kateřina(cast)).values_list("number", flat=True))
    assert seen == {here.number, there.number, report.number, visit.number}
    assert not {hidden.number, own.number} & seen


def test_only_daniel_moves_the_door_and_the_trail_tells(cast: Cast) -> None:
    visit = invite(cast, unit=cast.machining, owner=cast.marek.person)
    with pytest.raises(Refused, match="changed by the quality manager"):
        commands.edit(visit, {"ends": today() + timedelta(days=9)}, actor=cast.marek)
    commands.edit(visit, {"ends": today() + timedelta(days=4)}, actor=cast.daniel)
    commands.move(visit, "withdraw", actor=cast.daniel, reason="Beacon comes in spring.")
    told = [(one.verb, one.actor.name, one.reason) for one in history(visit.pk)]
    assert told[-2:] == [("edit", "Daniel Petrov", ""), ("withdraw", "Daniel Petrov", "Beacon comes in spring.")]
    with pytest.raises(Refused, match="works here and reads without an invitation"):
        commands.move(commands.create("visit", {"title": "Hanna looks"}, actor=cast.daniel), "invite", actor=cast.daniel,
                      values={"auditor": cast.hanna.person, "host": cast.daniel.person, "starts": today(), "ends": today()})  # fmt: skip


def test_wherever_she_presses_nothing_is_written(cast: Cast, browser_of: Any) -> None:
    """Every address of the pages and every way to write of the API, on a record that she owns and is named in."""
    burr = cast.problem(owner=cast.kateřina.person, verifier=cast.kateřina.person)
    invite(cast)
    secret = issue_token(cast.kateřina.person, "laptop", scopes=["read", "write"], days=1, actor=kateřina(cast))[1]
    browser, caller, before = browser_of("kateřina"), Caller(secret), Event.objects.count()
    known = {"key": "nonconformity", "number": burr.number, "name": "register", "pk": 1, "duty": "reading", "what": "end", "kind": "8d", "asked": "REQ-1"}
    said = {"title": "Mine", "text": "Hello", "saw": "Something", "reason": "Because", "name": "View", "target": burr.number, "kind": "related",
            "move": "register", "ids": burr.pk, "who": "nobody", "edition": "2026", "containment": "Stopped"}  # fmt: skip
    tried = 0
    for path in _addresses(known):
        answer = browser.post(path, said | {"file": SimpleUploadedFile("a.txt", b"a")})
        assert answer.status_code in (403, 404, 405, 422), path
        tried += 1
    assert tried > 40
    here, other = f"/nonconformity/{burr.number}", cast.problem()
    before = Event.objects.count()
    for method, path, body in (
        ("post", "/nonconformity/", {"values": {"title": "Mine", "unit": str(cast.machining.uid)}}),
        ("post", "/concern/", {"values": {"saw": "Mine", "unit": str(cast.machining.uid)}}),
        ("patch", f"{here}/", {"values": {"title": "Mine"}}),
        ("post", f"{here}/transitions/", {"name": "register"}),
        ("post", f"{here}/comments/", {"text": "Mine"}),
        ("post", f"{here}/links/", {"target": other.number, "kind": "related"}),
    ):
        assert getattr(caller, method)(path, body).status_code == 403, path
    with pytest.raises(NotAllowed):
        commands.create("action", {"title": "Mine", "kind": "other"}, actor=kateřina(cast), parent=burr)
    assert Event.objects.count() == before and not SavedView.objects.exists()


def _addresses(known: dict[str, Any]) -> list[str]:
    """The pages' own addresses that take such values, without what changes nothing but her own session."""
    found = []
    hers = ("read", "present", "words", "become", "own_requests", "own_sample", "room_requests", "verify_now", "markdown")
    named = [(name, ways) for name, every in get_resolver().reverse_dict.lists() for ways, *_rest in every if isinstance(name, str)]
    for name, ways in named:
        path, names = ways[0]
        if name in hers or path.startswith(("account/", "api/", "feeds/")):
            continue
        values = known | {"uid": "00000000-0000-0000-0000-000000000000", "ending": "csv", "slip": "x", "check": "CHK-1", "cause": "C-1", "other": "x"}
        if set(names) <= set(values):
            found.append("/" + path % {one: values[one] for one in names})
    return found


def test_she_asks_daniel_answers_and_both_see_the_clock(cast: Cast, browser_of: Any) -> None:
    visit, burr = invite(cast), cast.problem()
    hidden = cast.problem(confidentiality="restricted")
    browser, daniel = browser_of("kateřina"), browser_of("daniel")
    assert browser.post("/room/requests/", {"title": "Calibration of the probe on 5AX-3", "once": "a"}).status_code == 302
    asked = Record.objects.get(type="audit_request")
    assert (asked.owner, asked.created_by, asked.parent_id) == (cast.daniel.person, cast.kateřina.person, visit.pk)
    assert f"gave you {asked.number}" in daniel.get("/todo/").content.decode() or asked.number in daniel.get("/todo/").content.decode()
    here = f"/room/{visit.number}/requests/{asked.number}/answer/"
    assert "Nothing is given yet" in daniel.post(here, {"answer": ""}).content.decode()
    assert "is restricted" in daniel.post(here, {"records": hidden.number}).content.decode()
    assert browser.post(here, {"answer": "Mine"}).status_code == 403
    sheet = SimpleUploadedFile("p-9811.csv", b"ring;50.0008\n")
    assert daniel.post(here, {"answer": "Both are here.", "records": burr.number, "file": sheet}).status_code == 302
    page = browser.get("/room/requests/").content.decode()
    assert all(text in page for text in ("Both are here.", burr.number, "p-9811.csv", "Seen, that is enough", " min"))
    commands.move(asked.auditrequest, "ask_again", actor=kateřina(cast), reason="The ring of 2025 is missing.")
    assert [one.verb for one in history(asked.pk)] == ["create", "attach", "link", "answer", "ask_again"]


@pytest.mark.parametrize(
    ("asked", "answered", "minutes"),
    [("2026-11-25 09:30", "2026-11-25 10:06", 36), ("2026-11-25 16:30", "2026-11-26 08:15", 45), ("2026-11-27 16:50", "2026-11-30 08:05", 15),
     ("2026-12-24 16:00", "2026-12-28 09:00", 120), ("2026-11-28 10:00", "2026-11-29 10:00", 0), ("2026-11-26 09:00", "2026-11-25 09:00", 0)],
)  # fmt: skip
def test_minutes_count_from_eight_to_five_on_working_days(asked: str, answered: str, minutes: int) -> None:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Dublin")) for text in (asked, answered))
    assert working_minutes_between(first, last, "Europe/Dublin", "IE") == minutes


def test_the_front_page_shows_unasked_what_bent_and_costs_the_same_for_many(
    cast: Cast, browser_of: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    visit = invite(cast, last_visit=today() - timedelta(days=300))
    found = cast.problem(source="external_audit", title="Fixture F-212 out of position")
    for n in range(12):
        commands.create("audit_request", {"title": f"Record {n}"}, actor=kateřina(cast), parent=visit)
        cast.problem(title=f"Problem {n}")
    browser = browser_of("kateřina")
    browser.get("/room/")
    with django_assert_max_num_queries(45):
        page = browser.get("/room/").content.decode()
    assert found.number in page and "Fixes that did not hold" in page and "Declared exceptions" in page and "Daniel Petrov" in page
    with django_assert_max_num_queries(16):
        assert browser.get("/room/requests/").content.decode().count("of 60 min") == 12


def test_a_visit_of_two_units_opens_both_and_public_records_elsewhere_only_if_it_says_so(cast: Cast, browser_of: Any) -> None:
    here, there = cast.problem(), cast.problem(unit=cast.lipnica)
    elsewhere = cast.problem(unit=cast.vale_sereno, confidentiality="public")
    visit = invite(cast, unit=cast.machining, more_units="Lipnica\nDunmallow / Machining")

    def seen() -> set[str]:
        return set(Record.objects.visible_to(kateřina(cast)).filter(type="nonconformity").values_list("number", flat=True))

    assert seen() == {here.number, there.number}
    assert "1 record, closed to the guest." in browser_of("daniel").get(f"/visit/{visit.number}/").content.decode()
    assert browser_of("kateřina").get(f"/nonconformity/{elsewhere.number}/").status_code == 404
    commands.edit(visit, {"public_too": True}, actor=cast.daniel)
    assert seen() == {here.number, there.number, elsewhere.number}
    assert "Lipnica and everything below it" in browser_of("kateřina").get("/room/").content.decode()
    with pytest.raises(Refused, match="There is no unit “Lipnika”"):
        commands.edit(visit, {"more_units": "Lipnika"}, actor=cast.daniel)
    with pytest.raises(Refused, match="changed by the quality manager"):
        commands.edit(invite(cast, 9, 9, owner=cast.marek.person), {"more_units": "Vale Sereno"}, actor=cast.marek)
