"""Somebody who has left is erased: a pseudonym stands where the name stood, and what they did stays on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.erasing_people import erase_person
from linchpin.kernel.commands.organizing import edit_subject, issue_token
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.cast import Cast
from tests.purging.looking import tables_with


def leave(cast: Cast, name: str) -> Person:
    person = Person.objects.get(pk=getattr(cast, name).person.pk)
    return edit_subject(person, {"state": "left", "end": "2026-10-31"}, actor=cast.daniel)


def test_priya_is_erased_everywhere_and_her_work_stays(cast: Cast, browser_of: Any) -> None:
    problem = cast.problem(owner=cast.marek.person)
    commands.comment(problem, "The burr is 0.2 mm.", actor=cast.priya)
    commands.comment(problem, "Thank you.", actor=cast.daniel)
    issue_token(cast.priya.person, "script", scopes=["read"], days=30, actor=cast.priya)
    session: Client = browser_of("priya")
    assert session.get("/todo/").status_code == 200
    row = erase_person(leave(cast, "priya"), actor=cast.norbert, reason="Request of 3 November 2026.")
    assert row.name == f"Erased person {str(row.uid)[:4].upper()}"
    for text in ("Priya", "Raman", "priya@dunmallow.example"):
        assert tables_with(text) == [], text
    page = browser_of("daniel").get(f"/nonconformity/{problem.number}/").content.decode()
    assert row.name in page and "The burr is 0.2 mm." in page
    assert session.get("/todo/").status_code == 302
    assert not row.tokens.exists() and not row.grants.exists()
    assert trail.verify().ok
    assert trail.history_of(row.uid)[-1].verb == "erase"
    assert "Priya" not in browser_of("norbert").get("/people/?view=left&q=priya").content.decode().replace('value="priya"', "")


def test_open_duties_come_first_and_only_others_administer(cast: Cast) -> None:
    problem = cast.problem(owner=cast.marek.person)
    with pytest.raises(NotAllowed):
        erase_person(cast.priya.person, actor=cast.marek, reason="Request.")
    with pytest.raises(NotAllowed, match="Nobody erases themselves"):
        erase_person(cast.norbert.person, actor=cast.norbert, reason="Request.")
    with pytest.raises(Refused) as refused:
        erase_person(cast.marek.person, actor=cast.norbert, reason="Request.")
    said = str(refused.value)
    assert "has not left" in said and problem.number in said and "Priya Raman" in said and "Hand them over" in said
    priya = leave(cast, "priya")
    with pytest.raises(Refused, match="Say why"):
        erase_person(priya, actor=cast.norbert, reason="")
    with pytest.raises(Refused, match="names the person"):
        erase_person(priya, actor=cast.norbert, reason="Priya Raman asked for it.")


def test_norbert_erases_on_a_page_that_says_what_happens(cast: Cast, browser_of: Any, caller_of: Any) -> None:
    norbert = browser_of("norbert")
    at = f"/people/{cast.priya.person.pk}/erase/"
    assert "has not left" in norbert.get(at).content.decode()
    problem = cast.problem(description="Priya Raman saw it first.")
    leave(cast, "priya")
    page = norbert.get(at).content.decode()
    assert "Erase for good" in page and problem.number in page
    assert browser_of("marek").get(at).status_code == 403
    assert norbert.post(at, {"reason": ""}).status_code == 422
    assert norbert.post(at, {"reason": "Request of 3 November."}).status_code == 302
    assert "was erased on" in norbert.get(f"/people/{cast.priya.person.pk}/").content.decode()
    with pytest.raises(Refused, match="is erased"):
        edit_subject(Person.objects.get(pk=cast.priya.person.pk), {"name": "Priya"}, actor=cast.norbert)
    leave(cast, "hanna")
    answer = caller_of("norbert").post(f"/people/{cast.hanna.person.uid}/erase/", {"reason": "Request of 4 November."})
    assert answer.status_code == 200 and answer.json()["name"].startswith("Erased person")
