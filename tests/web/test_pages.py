"""Every generic page, as the people see it: it answers, it keeps the policy, a refusal loses nothing, and it asks the database little."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from linchpin.kernel import commands
from linchpin.kernel.records.models import Record, SavedView
from tests.cast import PASSWORD, Cast

EVERYBODY = ("maeve", "daniel", "aoife", "hanna", "marek", "priya", "norbert", "kateřina")
FOR_EVERYBODY = ("/todo/", "/mine/", "/search/", "/search/?q=burr", "/search/?palette=1&q=burr", "/clauses/", "/nonconformity/", "/action/", "/concern/")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|js:", re.I)


@pytest.fixture
def burr(cast: Cast) -> Any:
    """A problem that Daniel took on and gave to Priya."""
    problem = cast.problem(description="Found at final inspection.")
    told = {"requirement": "Edges broken", "evidence": "Borescope picture", "gap": "A burr of 0.8 mm", "occurred": problem.detected or "2026-01-05"}
    values = {**told, "owner": cast.priya.person.pk, "severity": "major", "lasting_fix": "yes"}
    return commands.move(problem, "register", actor=cast.daniel, values=values)


def page(client: Client, address: str, status: int = 200) -> str:
    """The page's text, after its answer and its policy were looked at."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address} answered {answer.status_code}"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = answer.content.decode()
    found = INLINE.search(text)
    assert found is None, f"{address} holds {text[found.start() : found.start() + 80]!r}"
    return text


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_reads_the_generic_pages_and_none_holds_a_script_or_a_style(name: str, burr: Any, browser_of: Any) -> None:
    client = browser_of(name)
    for address in FOR_EVERYBODY:
        page(client, address)


@pytest.mark.parametrize("name", ["maeve", "daniel", "aoife", "hanna", "marek", "priya", "kateřina"])
def test_a_record_is_one_page_with_its_axle_its_block_and_its_stream(name: str, burr: Any, browser_of: Any) -> None:
    text = page(browser_of(name), f"/nonconformity/{burr.number}/")
    assert 'aria-current="step"' in text
    assert "Take it on" in text
    assert "Priya Raman" in text


def test_daniel_reads_the_pages_of_his_work(burr: Any, browser_of: Any) -> None:
    client = browser_of("daniel")
    record = f"/nonconformity/{burr.number}/"
    for address in ("/nonconformity/new/", "/nonconformity/?view=board", "/nonconformity/?phase=open&sort=due", record, f"{record}edit/",
                    f"{record}edit/?section=happened", f"{record}move/contain/", f"/action/new/?parent={burr.number}", "/trail/"):  # fmt: skip
        page(client, address)


def test_the_trail_as_a_whole_is_not_for_priya(browser_of: Any) -> None:
    assert "for auditors" in page(browser_of("priya"), "/trail/", 403)


def test_who_is_not_signed_in_is_asked_to_and_sent_back_afterwards(burr: Any) -> None:
    address = f"/nonconformity/{burr.number}/edit/"
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/account/login/?next={address}"


def test_a_register_shows_what_is_filtered_and_says_how_much_that_is(cast: Cast, burr: Any, browser_of: Any) -> None:
    cast.problem(title="Label shows the old part revision", severity="minor")
    client = browser_of("daniel")
    text = page(client, "/nonconformity/?severity=minor")
    assert "Label shows the old part revision" in text
    assert burr.title not in text
    assert "1 problem<" in text
    assert 'aria-label="Remove filter: Severity"' in text


def test_an_empty_register_teaches_what_it_is_for(browser_of: Any) -> None:
    text = page(browser_of("daniel"), "/nonconformity/")
    assert "No problems yet" in text
    assert "Burr left where the two bores cross" in text
    assert "New problem" in text


def test_a_search_for_nothing_known_says_what_to_try(browser_of: Any) -> None:
    assert "Try fewer or shorter words" in page(browser_of("priya"), "/search/?q=flugzeugträger")


def test_a_refused_new_problem_comes_back_with_what_was_typed(browser_of: Any) -> None:
    typed = {"title": "", "description": "The tray holds two lots; their travellers were swapped.", "place": "5AX-3"}
    answer = browser_of("daniel").post("/nonconformity/new/", typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert typed["description"] in text
    assert 'value="5AX-3"' in text
    assert 'id="summary"' in text
    assert 'href="#f-title"' in text
    assert 'aria-invalid="true"' in text
    assert not Record.objects.exists()


def test_a_refused_move_comes_back_with_what_was_typed(burr: Any, browser_of: Any) -> None:
    commands_before = burr.version
    answer = browser_of("priya").post(f"/nonconformity/{burr.number}/move/contain/", {"version": commands_before, "containment": "", "on_hold": "true"})
    assert answer.status_code == 422
    assert 'name="on_hold" value="true" checked' in answer.content.decode()
    burr.refresh_from_db()
    assert burr.status == "registered"


def test_a_session_that_ran_out_in_mid_form_leads_back_to_the_same_form(burr: Any, browser_of: Any) -> None:
    """The text itself is kept by the browser (the draft island): here, that the form asks for it under one address, and the way leads back to it."""
    address, client = f"/nonconformity/{burr.number}/move/contain/", browser_of("priya")
    text = page(client, address)
    assert re.search(r'<form method="post" class="[^"]*" data-island="draft"', text)
    assert f'data-person="{burr.owner_id}"' in text
    client.logout()
    answer = client.post(address, {"containment": "38 bodies on hold"}, headers={"Referer": f"http://testserver{address}"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/account/login/?{urlencode({'next': address})}"
    back = client.post(answer.headers["Location"], {"login": "priya@dunmallow.example", "password": PASSWORD})
    assert back.headers["Location"] == address
    burr.refresh_from_db()
    assert burr.status == "registered"


def test_priya_gives_her_problem_to_marek_in_its_cell_of_the_register(cast: Cast, burr: Any, browser_of: Any) -> None:
    client, address = browser_of("priya"), f"/nonconformity/{burr.number}/cell/owner/"
    form = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'name="old-owner"' in form
    answer = client.post(address, {"owner": cast.marek.person.pk, "old-owner": burr.owner_id}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "closest tr"
    assert "Marek Zieliński" in answer.content.decode()
    burr.refresh_from_db()
    assert burr.owner == cast.marek.person


def test_a_date_moved_in_its_cell_asks_why_and_keeps_what_was_typed(burr: Any, browser_of: Any) -> None:
    client, address = browser_of("priya"), f"/nonconformity/{burr.number}/cell/due/"
    given = {"due": "2031-03-01", "old-due": burr.due.isoformat()}
    refused = client.post(address, given, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert 'value="2031-03-01"' in refused.content.decode()
    client.post(address, given | {"reason": "The fixture comes in February."}, headers={"HX-Request": "true"})
    burr.refresh_from_db()
    assert burr.due.isoformat() == "2031-03-01"


def test_a_cell_that_somebody_else_changed_meanwhile_shows_both(cast: Cast, burr: Any, browser_of: Any) -> None:
    client, address = browser_of("marek"), f"/nonconformity/{burr.number}/cell/owner/"
    commands.edit(burr, {"owner": cast.hanna.person}, actor=cast.daniel)
    answer = client.post(address, {"owner": cast.marek.person.pk, "old-owner": burr.owner_id}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "changed by somebody else" in answer.content.decode()


def test_only_owner_and_due_are_changed_in_a_register_and_only_by_those_who_may(burr: Any, browser_of: Any) -> None:
    assert browser_of("daniel").get(f"/nonconformity/{burr.number}/cell/severity/").status_code == 404
    assert browser_of("kateřina").get(f"/nonconformity/{burr.number}/cell/owner/").status_code == 403
    assert browser_of("daniel").get(f"/nonconformity/{burr.number}/cell/owner/").headers["Location"] == f"/nonconformity/{burr.number}/edit/"


def test_daniel_asks_about_two_rows_at_once_and_hears_which_were_changed(cast: Cast, burr: Any, browser_of: Any) -> None:
    other = cast.problem(title="Label shows the old part revision")
    client = browser_of("daniel")
    given = {"number": [burr.number, other.number], "do": "give", "owner": cast.marek.person.pk, "back": "phase=open"}
    answer = client.post("/nonconformity/bulk/", given, follow=True)
    assert answer.redirect_chain == [("/nonconformity/?phase=open", 302)]
    assert "2 records were changed." in answer.content.decode()


def test_a_kept_view_becomes_a_tab(burr: Any, browser_of: Any) -> None:
    client = browser_of("daniel")
    client.post("/nonconformity/views/", {"name": "Serious ones", "query": "severity=major&after=x", "shared": "on"})
    assert SavedView.objects.get().query == "severity=major"
    text = page(browser_of("hanna"), "/nonconformity/?severity=major")
    assert re.search(r'href="\?severity=major" aria-current="page">Serious ones', text)


def test_plain_words_or_the_standards_are_each_persons_choice(burr: Any, browser_of: Any) -> None:
    client = browser_of("priya")
    assert "Problems" in page(client, "/nonconformity/")
    client.post("/words/", {"labels": "standard", "back": "/nonconformity/"})
    assert "Nonconformities" in page(client, "/nonconformity/")


def test_the_theme_is_the_systems_until_somebody_chooses(browser_of: Any) -> None:
    client = browser_of("priya")
    assert "data-bs-theme" not in page(client, "/todo/")
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in page(client, "/todo/")


def test_mine_shows_what_priya_reported_and_how_far_it_is(cast: Cast, browser_of: Any) -> None:
    commands.create("concern", {"saw": "Two fittings are mixed in tray 6", "unit": cast.machining}, actor=cast.priya)
    assert "Two fittings are mixed in tray 6" in page(browser_of("priya"), "/mine/")
    assert "Two fittings are mixed in tray 6" not in page(browser_of("hanna"), "/mine/")


class TestQueries:
    """How often a page asks the database: a number that grows with the rows would show here."""

    def test_of_a_register(self, cast: Cast, burr: Any, browser_of: Any, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        for n in range(5):
            cast.problem(title=f"Label {n} shows the old part revision")
        client = browser_of("daniel")
        client.get("/nonconformity/")
        with django_assert_num_queries(10):
            client.get("/nonconformity/?phase=open")

    def test_of_a_record(self, burr: Any, browser_of: Any, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        client = browser_of("daniel")
        client.get(f"/nonconformity/{burr.number}/")
        with django_assert_num_queries(13):
            client.get(f"/nonconformity/{burr.number}/")

    def test_of_the_page_that_creates_one(self, burr: Any, browser_of: Any, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        client = browser_of("daniel")
        client.get("/nonconformity/new/")
        with django_assert_num_queries(8):
            client.get("/nonconformity/new/")
