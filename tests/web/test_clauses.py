"""The pages of the standard: what a clause asks, what changed, what proves it, and who chooses the edition."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from linchpin import standard
from linchpin.kernel import commands
from linchpin.kernel.people.models import Organization
from linchpin.kernel.trail.models import Event
from tests.cast import Cast


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def test_every_clause_of_both_editions_has_a_page(browser_of: Any) -> None:
    aoife = browser_of("aoife")
    for edition in standard.EDITIONS:
        for number, one in standard.catalogue(edition).clauses.items():
            text = read(aoife, f"/clauses/{number}/?edition={edition}")
            assert f"ISO 9001:{edition}" in text and one.title.split(" (")[0].replace("'", "&#x27;") in text


def test_aoife_sees_what_proves_10_2_and_opens_it(cast: Cast, browser_of: Any) -> None:
    problem = cast.problem()
    text = read(browser_of("aoife"), "/clauses/10.2/")
    assert f'href="/nonconformity/{problem.number}/"' in text and problem.title in text
    for part in ("/clauses/10.2.1/", "/clauses/10/"):
        assert problem.number in read(browser_of("aoife"), part)
    assert problem.number not in read(browser_of("aoife"), "/clauses/7.4/")


def test_nobody_finds_by_clause_what_they_may_not_see(cast: Cast, browser_of: Any) -> None:
    secret = cast.problem(title="Bribe offered at the gate", confidentiality="restricted", owner=cast.daniel.person)
    commands.move(cast.problem(title="Raised twice by mistake"), "void", actor=cast.daniel, reason="Entered twice.")
    seen, unseen = (read(browser_of(name), "/clauses/10.2/") for name in ("daniel", "priya"))
    assert secret.number in seen and "Raised twice by mistake" not in seen
    assert secret.number not in unseen and "Bribe" not in unseen and "None yet that you may see." in unseen


def test_only_the_newest_five_stand_on_the_page(cast: Cast, browser_of: Any) -> None:
    numbers = [cast.problem(title=f"Burr number {n}").number for n in range(7)]
    text = read(browser_of("daniel"), "/clauses/8.7/")
    assert [number in text for number in numbers] == [False, False, True, True, True, True, True] and "All 7" in text


def test_the_page_of_2026_says_what_changed_and_how_sure_that_is(browser_of: Any) -> None:
    text = read(browser_of("daniel"), "/clauses/5.1.1/?edition=2026")
    assert "Likely, not certain" in text and "inferred from the order" in text and "new in 2026" in text and "not in force here" in text
    assert "Nothing is known to have changed." in read(browser_of("daniel"), "/clauses/7.1.2/")


def test_a_clause_of_the_other_edition_opens_in_it_and_one_that_is_nowhere_is_missing(browser_of: Any) -> None:
    daniel = browser_of("daniel")
    assert "ISO 9001:2026 · not in force here" in read(daniel, "/clauses/6.1.3/")
    assert "There is no clause 6.1.3 in this edition." in read(daniel, "/clauses/6.1.3/?edition=2015", 404)
    assert "There is no clause 10.9 in this edition." in read(daniel, "/clauses/10.9/", 404)
    assert "no such edition" in read(daniel, "/clauses/?edition=1987", 404)


def test_daniel_chooses_the_edition_and_the_trail_keeps_it(cast: Cast, browser_of: Any) -> None:
    daniel = browser_of("daniel")
    answer = daniel.post("/clauses/", {"edition": "2026"}, follow=True)
    assert "In force: ISO 9001:2026." in answer.content.decode() and Organization.objects.get().edition == "2026"
    event = Event.objects.filter(chain=Organization.objects.get().uid).latest("sequence")
    assert (event.verb, event.actor_id) == ("edit", cast.daniel.person.pk) and "2026" in str(event.body)
    assert "Chosen by Daniel Petrov," in read(daniel, "/clauses/")
    assert "Continual improvement" in read(daniel, "/clauses/10.1/") and "ISO 9001:2015 · not in force here" in read(daniel, "/clauses/10.3/")


@pytest.mark.parametrize("name", ["priya", "aoife", "kateřina"])
def test_the_edition_is_not_for_everybody_to_choose(name: str, browser_of: Any) -> None:
    browser = browser_of(name)
    assert "Edition in force" not in read(browser, "/clauses/")
    assert browser.post("/clauses/", {"edition": "2026"}).status_code == 403
    assert Organization.objects.get().edition == "2015"


def test_an_edition_that_does_not_exist_is_refused_with_a_sentence(browser_of: Any) -> None:
    answer = browser_of("daniel").post("/clauses/", {"edition": "1987"})
    assert answer.status_code == 422 and "1987" in answer.content.decode() and Organization.objects.get().edition == "2015"


@pytest.mark.parametrize(("asked", "clause"), [("10.2", "/clauses/10.2/"), ("10.2", "/clauses/10.2.1/"), ("corrective action", "/clauses/10.2/")])
def test_the_palette_finds_a_clause_by_number_or_title(asked: str, clause: str, browser_of: Any) -> None:
    assert clause in read(browser_of("aoife"), f"/search/?palette=1&q={asked}")
    assert clause in read(browser_of("aoife"), f"/search/?q={asked}")
    assert "/clauses/10.2/" not in read(browser_of("aoife"), "/search/?palette=1&q=")


def test_a_clause_number_comes_before_the_records_that_hold_its_digits(cast: Cast, browser_of: Any) -> None:
    """`10.2` is a clause; `102` may be a problem, and a word that stands in titles finds records first."""
    first, other = cast.problem(title="Bore 10 of plate 2 too small"), cast.problem(title="Corrective action overdue")
    for address in ("/search/?palette=1&q=", "/search/?q="):
        text = read(browser_of("aoife"), f"{address}10.2")
        assert 0 < text.index("/clauses/10.2/") < text.index(first.number)
        text = read(browser_of("aoife"), f"{address}corrective action")
        assert 0 < text.index(other.number) < text.index("/clauses/10.2/")


def test_the_chip_of_a_register_leads_to_its_clause(cast: Cast, browser_of: Any) -> None:
    problem = cast.problem()
    for address in ("/nonconformity/", f"/nonconformity/{problem.number}/"):
        assert 'href="/clauses/10.2/"' in read(browser_of("daniel"), address)


def test_a_clause_asks_the_database_no_more_however_many_records_there_are(
    cast: Cast, browser_of: Any, django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    daniel = browser_of("daniel")
    cast.problem()
    read(daniel, "/clauses/8.7/")
    with django_assert_num_queries(QUERIES):
        read(daniel, "/clauses/8.7/")
    for n in range(8):
        cast.problem(title=f"Burr number {n}", owner=cast.marek.person)
    with django_assert_num_queries(QUERIES):
        read(daniel, "/clauses/8.7/")


QUERIES = 9
"""Session, person, roles, the edition, counts, the newest of one type, the records that name the clause themselves, and what the shell needs."""
