"""A fault tree in the browser: drawn, worked on where it is drawn, and printed; and the count of problems like it."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands
from tests.cast import Cast


@pytest.fixture
def analysis(cast: Cast) -> Any:
    problem = cast.problem(owner=cast.marek.person, process="Deburr", cause_group="Machine")
    values = {"title": "In which ways can a burr fly?", "seen_what": "A burr <flies>", "owner": cast.marek.person, "method": "fault_tree"}
    return commands.create("root_cause_analysis", values, actor=cast.marek, parent=problem)


def cause(cast: Cast, above: Any, title: str) -> Any:
    return commands.create("possible_cause", {"title": title, "owner": cast.marek.person}, actor=cast.marek, parent=above)


def test_marek_adds_joins_and_repeats_events_on_the_drawing(cast: Cast, browser_of: Any, analysis: Any) -> None:
    marek, here = browser_of("marek"), f"/root_cause_analysis/{analysis.number}/"
    assert marek.post(f"{here}ask/", {"title": "The tool leaves it"}).url == f"{here}#{analysis.number}"  # one goes on adding there
    first = analysis.children.get()
    marek.post(f"{here}ask/", {"title": "", "same": first.number, "under": analysis.number})
    assert marek.post(f"{here}events/{analysis.number}/", {"gate": "all"}).status_code == 302
    page = marek.get(here).content.decode()
    assert '<text class="gate"' in page
    assert f"the same as {first.number}" in page
    assert "One event is enough alone:" in page
    assert "A burr &lt;flies&gt;" in page
    assert "<flies>" not in page
    analysis.refresh_from_db()
    assert analysis.gate == "all"


def test_a_probability_without_a_source_opens_its_form_again(cast: Cast, browser_of: Any, analysis: Any) -> None:
    marek, made = browser_of("marek"), cause(cast, analysis, "The tool leaves it")
    at = f"/root_cause_analysis/{analysis.number}/events/{made.number}/"
    answer = marek.post(at, {"probability": "0.03", "probability_source": "", "undeveloped": "yes"})
    assert answer.status_code == 422
    assert "Say where the probability comes from" in answer.content.decode()
    assert 'value="0.03"' in answer.content.decode()
    assert marek.post(at, {"probability": "0.03", "probability_source": "9 of 300 racks", "undeveloped": "yes"}).status_code == 302
    made.refresh_from_db()
    assert (made.undeveloped, float(made.probability)) == (True, 0.03)
    assert marek.post(at, {"probability": "", "probability_source": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.undeveloped, made.probability) == (False, None)


def test_who_may_not_edit_an_event_has_no_form_and_no_way_round_it(cast: Cast, browser_of: Any, analysis: Any) -> None:
    made, hanna = cause(cast, analysis, "The tool leaves it"), browser_of("hanna")
    page = hanna.get(f"/root_cause_analysis/{analysis.number}/").content.decode()
    assert made.number in page
    assert "/events/" not in page
    assert hanna.post(f"/root_cause_analysis/{analysis.number}/events/{made.number}/", {"probability": "1", "probability_source": "x"}).status_code == 403
    assert browser_of("inês").get(f"/root_cause_analysis/{analysis.number}/tree/").status_code == 404


def test_the_sheet_holds_drawing_ways_and_sources(cast: Cast, browser_of: Any, analysis: Any) -> None:
    made = cause(cast, analysis, "The tool leaves it")
    commands.edit(made, {"probability": "0.03", "probability_source": "9 of 300 racks"}, actor=cast.marek)
    page = browser_of("marek").get(f"/root_cause_analysis/{analysis.number}/tree/").content.decode()
    for said in ("<svg", "One event is enough alone:", "The tool leaves it", "9 of 300 racks", "has the probability 0.03: exact"):
        assert said in page
    commands.edit(analysis, {"method": "five_why"}, actor=cast.marek)
    assert browser_of("marek").get(f"/root_cause_analysis/{analysis.number}/tree/").status_code == 404


def test_a_cause_of_another_method_is_not_asked_about_gates(cast: Cast, browser_of: Any, analysis: Any) -> None:
    made, marek = cause(cast, analysis, "The tool leaves it"), browser_of("marek")
    assert "In the fault tree" in marek.get(f"/possible_cause/{made.number}/").content.decode()
    commands.edit(analysis, {"method": "five_why"}, actor=cast.marek)
    assert "In the fault tree" not in marek.get(f"/possible_cause/{made.number}/").content.decode()


def test_problems_like_it_are_counted_on_a_page_and_kept_on_the_analysis(cast: Cast, browser_of: Any, analysis: Any) -> None:
    marek, here = browser_of("marek"), f"/root_cause_analysis/{analysis.number}/"
    page = marek.get(f"{here}alike/?like=&by=cause_group&period=12").content.decode()
    assert "Problems like this one (all of them) of the last 12 months" in page
    assert "1 of 1 is “Machine”." in page
    assert marek.post(f"{here}alike/keep/", {"like": ["process", ""], "by": "cause_group", "period": "all"}).url == f"{here}#s-figures"
    page = marek.get(here).content.decode()
    assert "Problems like this one (Process Deburr) of all the time on record" in page
    assert "Kept by Marek Zieliński on" in page
    assert "kept figures as they stood" in page
    assert marek.get(f"{here}alike/?by=weather").status_code == 422
    assert browser_of("inês").get(f"{here}alike/").status_code == 404
