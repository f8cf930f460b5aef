"""Somebody who has left is erased: a pseudonym stands where the name stood, and what they did stays on record."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.erasing_people import erase_person, pseudonym
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


def erasable(cast: Cast) -> tuple[Any, Any, Person]:
    """Two problems that name Priya, one of them closed to Norbert's editing, and she has left."""
    told = cast.problem(description="priya raman saw it first; Priya Ramanova did not.", title="Burr found by Priya Raman")
    commands.edit(told, {"evidence": "Shown to Priya Raman on Monday."}, actor=cast.daniel)
    commands.edit(told, {"evidence": "Shown on Monday."}, actor=cast.daniel)
    said = cast.problem()
    commands.comment(said, "Ask Priya Raman, she knows.", actor=cast.daniel)
    return told, said, leave(cast, "priya")


def test_norbert_puts_the_pseudonym_where_others_wrote_the_name(cast: Cast, browser_of: Any) -> None:
    told, said, priya = erasable(cast)
    norbert, at = browser_of("norbert"), f"/people/{priya.pk}/erase/"
    page = norbert.get(at).content.decode()
    assert told.number in page and said.number in page and "<mark>priya raman</mark>" in page and "Replace it in all 2 records" in page
    assert browser_of("marek").post(f"{at}replace/", {"all": "yes"}).status_code == 403
    norbert.post(f"{at}replace/", {"number": told.number})
    told.refresh_from_db()
    name = pseudonym(priya)
    assert (told.title, told.description) == (f"Burr found by {name}", f"{name} saw it first; Priya Ramanova did not.")
    edit, erased = trail.history_of(told.uid)[-2:]
    assert (edit.verb, edit.actor, erased.verb) == ("edit", cast.norbert.person, "erase")
    assert [(c.field, c.old) for c in edit.changes if c.new and c.field == "title"] == [("title", None)], "what stood there is unreadable"
    assert "Shown to" not in str([c for event in trail.history_of(told.uid) for c in event.changes]), "and so is what stood there once"
    norbert.post(f"{at}replace/", {"all": "yes"})
    assert said.comments.get().text == f"Ask {name}, she knows."
    page = norbert.get(at).content.decode()
    assert "Replace the name here" not in page and "not word for word" in page, "of Ramanova somebody has to decide"
    erase_person(priya, actor=cast.norbert, reason="Request of 3 November 2026.")
    for text in ("priya raman saw", "found by Priya", "Ask Priya", "Shown to Priya"):
        assert tables_with(text) == [], text
    assert trail.verify().ok
    stream = browser_of("daniel").get(f"/nonconformity/{told.number}/").content.decode()
    assert "A name was replaced" in stream and "name_replaced" not in stream


def test_machines_replace_the_name_too_and_only_once_she_has_left(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem(description="Priya Raman saw it first.")
    secret = cast.problem(description="Priya Raman saw it first.", confidentiality="restricted")
    norbert, at = caller_of("norbert"), f"/people/{cast.priya.person.uid}/mentions/"
    assert norbert.post(at, {"everywhere": True}).status_code == 422
    leave(cast, "priya")
    listed = norbert.get(at).json()
    assert ([one["number"] for one in listed["items"]], listed["hidden"]) == ([problem.number], 1)
    assert listed["items"][0]["passages"][0]["text"] == "Priya Raman saw it first."
    assert caller_of("marek").get(at).status_code == 403
    assert norbert.post(at, {"everywhere": True}).json() == {"items": [], "hidden": 1}
    secret.refresh_from_db()
    assert "Priya Raman" in secret.description


def test_waiting_mail_to_her_goes_and_mail_about_her_says_the_pseudonym(
    cast: Cast, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    for to, text in (("priya@dunmallow.example", "Good morning Priya Raman,"), ("marek@dunmallow.example", "Priya Raman wrote: die Prüfung läuft."),
                     ("marek@dunmallow.example", "Nothing about anybody.")):  # fmt: skip
        EmailMessage("3 things for you", text, to=[to]).send()
    priya = leave(cast, "priya")
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(priya, actor=cast.norbert, reason="Request of 3 November 2026.")
    mails = [message_from_bytes(path.read_bytes().removesuffix(b"-" * 79 + b"\n"), policy=policy.default) for path in sorted(tmp_path.iterdir())]
    texts = [mail.get_body().get_content().strip() for mail in mails]  # type: ignore[union-attr]
    assert sorted(texts) == sorted([f"{pseudonym(priya)} wrote: die Prüfung läuft.", "Nothing about anybody."])
