"""The drawing of an analysis in the browser: asked, shown, chosen and dropped where it stands; and the papers made of it."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands
from tests.cast import Cast
from tests.kernel.refusing import at


@pytest.fixture
def analysis(cast: Cast) -> Any:
    problem = cast.problem(owner=cast.marek.person, description="Found at final inspection.")
    values = {"title": "Why is there a burr at the crossing?", "seen_what": "Burr up to 0.4 mm", "owner": cast.marek.person}
    return commands.create("root_cause_analysis", values, actor=cast.marek, parent=problem)


def ask(client: Any, analysis: Any, title: str, under: str = "", **more: str) -> Any:
    return client.post(f"/root_cause_analysis/{analysis.number}/ask/", {"title": title, "under": under or analysis.number, "kind": "occurrence", **more})


def test_marek_asks_twice_shows_and_chooses_on_the_drawing(cast: Cast, browser_of: Any, analysis: Any) -> None:
    marek = browser_of("marek")
    first = ask(marek, analysis, "The brush does not reach").url.rsplit("#")[1]
    second = ask(marek, analysis, "No plan is held against the drawing", first).url.rsplit("#")[1]
    here = f"/root_cause_analysis/{analysis.number}/"
    marek.post(f"{here}causes/{second}/verify/", {"evidence": "Routing copied word for word.", "test": "Read side by side."})
    marek.post(f"{here}causes/{second}/choose/")
    page = marek.get(here).content.decode()
    assert page.index("The brush does not reach") < page.index("No plan is held against the drawing")
    assert "is-root" in page
    assert "Why 2" in page


def test_a_refusal_opens_the_form_again_with_what_was_typed(browser_of: Any, analysis: Any) -> None:
    marek = browser_of("marek")
    answer = ask(marek, analysis, "Because Priya Raman was in a hurry")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This names Priya Raman" in text
    assert 'value="Because Priya Raman was in a hurry"' in text
    number = ask(marek, analysis, "The brush does not reach").url.rsplit("#")[1]
    answer = marek.post(f"/root_cause_analysis/{analysis.number}/causes/{number}/verify/", {"evidence": "", "test": "Looked at it twice"})
    assert answer.status_code == 422
    assert "a cause without evidence is an opinion" in answer.content.decode()
    assert "Looked at it twice" in answer.content.decode()


def test_the_same_answer_sent_twice_is_noted_once(browser_of: Any, analysis: Any) -> None:
    marek = browser_of("marek")
    one = ask(marek, analysis, "The brush does not reach", once="k-1")
    assert ask(marek, analysis, "The brush does not reach", once="k-1").url == one.url


def test_nobody_reaches_a_cause_of_another_analysis_or_one_that_is_not_theirs(cast: Cast, browser_of: Any, analysis: Any) -> None:
    other = commands.create("root_cause_analysis", {"title": "Another question", "seen_what": "Else", "owner": cast.marek.person}, actor=cast.marek)
    foreign = commands.create("possible_cause", {"title": "Somewhere else"}, actor=cast.marek, parent=other)
    marek, inês = browser_of("marek"), browser_of("inês")
    assert ask(marek, analysis, "The brush", foreign.number).status_code == 404
    assert marek.post(f"/root_cause_analysis/{analysis.number}/causes/{foreign.number}/verify/", {"evidence": "x1"}).status_code == 404
    assert ask(inês, analysis, "The brush does not reach").status_code in (403, 404)


def test_a_fishbone_shows_the_six_groups_and_the_contrasts_their_table(browser_of: Any, cast: Cast, analysis: Any) -> None:
    marek = browser_of("marek")
    here = f"/root_cause_analysis/{analysis.number}/"
    commands.edit(analysis, {"method": "ishikawa"}, actor=cast.marek)
    ask(marek, analysis, "The brush wears", bone="Machine")
    ask(marek, analysis, "Heat in the hall", bone="Weather")
    page = marek.get(here).content.decode()
    for name in ("People", "Machine", "Method", "Material", "Measurement", "Surroundings", "Weather"):
        assert f"<h3>{name}</h3>" in page
    commands.edit(analysis, {"method": "is_is_not", "not_where": "At the mouths of the bores"}, actor=cast.marek)
    assert '<table class="contrast">' in marek.get(here).content.decode()


@pytest.mark.parametrize(("kind", "heading"), [("8d", "Containment"), ("a3", "Countermeasures")])
def test_the_papers_are_filled_from_the_records(browser_of: Any, cast: Cast, analysis: Any, kind: str, heading: str) -> None:
    marek = browser_of("marek")
    number = ask(marek, analysis, "The brush does not reach").url.rsplit("#")[1]
    for name, values in (("verify", {"evidence": "Six of twenty."}), ("choose", {})):
        marek.post(f"/root_cause_analysis/{analysis.number}/causes/{number}/{name}/", values)
    page = marek.get(f"/nonconformity/{analysis.parent.number}/{kind}/").content.decode()
    assert heading in page
    assert "The brush does not reach. Six of twenty." in page
    assert number in page
    assert "Nothing on record yet." in page
    assert browser_of("inês").get(f"/nonconformity/{analysis.parent.number}/{kind}/").status_code == 404


def test_a_problem_that_asks_why_offers_the_drawing(browser_of: Any, cast: Cast) -> None:
    problem = at("corrected", cast)
    page = browser_of("marek").get(f"/nonconformity/{problem.number}/").content.decode()
    assert f'href="/root_cause_analysis/new/?parent={problem.number}">Work it out on a drawing' in page
    assert "Work it out" not in browser_of("marek").get(f"/nonconformity/{at('registered', cast).number}/").content.decode()
