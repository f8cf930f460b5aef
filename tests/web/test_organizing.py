"""People, units, roles and rules in force, as the administrator and top management see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.people.models import Grant, Person, Unit
from linchpin.kernel.records.models import DeclaredException, DutyRule
from tests.cast import Cast


@pytest.fixture
def norbert(browser_of: Any) -> Client:
    client: Client = browser_of("norbert")
    return client


def known(person: Person, **changed: str) -> dict[str, str]:
    """The form of a person as it was shown, with what was typed over it."""
    names = ("name", "email", "badge", "initials", "position", "employment", "state")
    shown = {name: getattr(person, name) or "" for name in names}
    return {**shown, "unit": str(person.unit_id), "manager": str(person.manager_id or ""), "start": "", "end": "", **changed}


@pytest.mark.parametrize(
    ("words", "found"),
    [("zielinski", "Marek Zieliński"), ("NÍ DHOMHNAILL", "Aoife Ní Dhomhnaill"), ("dhomhnaill ni", "Aoife Ní Dhomhnaill"), ("4117", "Seun Adeyemi"),
     ("administrator", "Norbert Szabó"), ("lipnica head", "Boštjan Hribar"), ("priya@", "Priya Raman")],
)  # fmt: skip
def test_a_person_is_found_by_any_words_of_theirs(norbert: Client, words: str, found: str) -> None:
    page = norbert.get("/people/", {"q": words}).content.decode()
    assert found in page
    assert "1 person." in page


def test_nobody_matches_and_the_page_says_so(norbert: Client) -> None:
    assert "Nobody here matches “xyz”." in norbert.get("/people/", {"q": "xyz"}).content.decode()


def test_who_left_is_on_a_page_of_their_own(cast: Cast, norbert: Client) -> None:
    edit_subject(cast.priya.person, {"state": "left"}, actor=cast.norbert)
    assert "Priya Raman" not in norbert.get("/people/").content.decode()
    assert "Priya Raman" in norbert.get("/people/?view=left").content.decode()


def test_the_tree_of_units_shows_heads_and_how_many_are_there(norbert: Client) -> None:
    page = norbert.get("/people/?view=units").content.decode()
    at = [page.index(f">{name}</a>") for name in ("Dunmallow Aero Components", "Dunmallow", "Machining")]
    assert at == sorted(at)
    assert 'depth-2"><a' in page
    assert "Marek Zieliński" in page


@pytest.mark.parametrize("who", ["priya", "marek", "hanna", "kateřina"])
@pytest.mark.parametrize("address", ["/people/", "/people/new/", "/units/new/", "/rules/"])
def test_these_pages_are_not_for_everybody(cast: Cast, browser_of: Any, who: str, address: str) -> None:
    assert browser_of(who).get(address).status_code == 403
    assert browser_of(who).get(f"/people/{cast.daniel.person.pk}/").status_code == 403


def test_maeve_reads_but_changes_nothing(cast: Cast, browser_of: Any) -> None:
    maeve, priya = browser_of("maeve"), cast.priya.person
    page = maeve.get(f"/people/{priya.pk}/").content.decode()
    assert "Process engineer" in page
    assert "Save</button>" not in page
    assert "Lock the account" not in page
    assert maeve.post(f"/people/{priya.pk}/", known(priya, position="Director")).status_code == 403
    assert Person.objects.get(pk=priya.pk).position == "Process engineer"


def test_norbert_lets_a_new_person_in(cast: Cast, norbert: Client) -> None:
    form = norbert.get(f"/people/new/?unit={cast.machining.pk}").content.decode()
    assert f'<option value="{cast.machining.pk}" selected>' in form
    given = {"name": "Luís Carvalhal", "email": "Luis@Dunmallow.Example", "employment": "employee", "unit": str(cast.machining.pk), "state": "active"}
    answer = norbert.post("/people/new/", given, follow=True)
    made = Person.objects.get(name="Luís Carvalhal")
    assert answer.redirect_chain == [(f"/people/{made.pk}/", 302)]
    assert (made.email, made.account) == ("luis@dunmallow.example", "none")
    page = answer.content.decode()
    assert "Saved." in page
    assert "Cannot sign in, but can report." in page


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"name": ""}, "name", "“Name” is empty: fill it in."),
        ({"email": "not an e-mail"}, "email", "valid email"),
        ({"email": "maeve@dunmallow.example"}, "email", "each person has their own"),
        ({"start": "2026-05-02", "end": "2026-05-01"}, "end", "comes before the first"),
        ({"start": "yesterday"}, "start", "valid date"),
        ({"unit": ""}, "unit", "Choose one"),
        ({"unit": "999999"}, "unit", "no such"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast: Cast, norbert: Client, changed: dict[str, str], field: str, sentence: str) -> None:
    priya = cast.priya.person
    answer = norbert.post(f"/people/{priya.pk}/", known(priya, position="Chief engineer", **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    beside = page.split(f'id="h-{field}"')[1].split("</div>")[0]
    assert sentence in beside
    assert 'value="Chief engineer"' in page, "nothing typed is lost"
    assert Person.objects.get(pk=priya.pk).position == "Process engineer"


def test_nobody_is_their_own_manager_by_a_detour(cast: Cast, norbert: Client) -> None:
    marek = cast.marek.person
    answer = norbert.post(f"/people/{marek.pk}/", known(marek, manager=str(cast.priya.person.pk)))
    assert "not even by a detour" in answer.content.decode()


def test_a_role_is_given_between_two_days_and_taken_away(cast: Cast, norbert: Client) -> None:
    priya = cast.priya.person
    given = {"role": "auditor", "unit": str(cast.dunmallow.pk), "starts": "2026-01-01", "ends": "2027-01-31"}
    page = norbert.post(f"/people/{priya.pk}/role/", given, follow=True).content.decode()
    assert "Auditor" in page
    assert "until 31 Jan 2027" in page
    row = Grant.objects.get(person=priya)
    norbert.post(f"/people/role/{row.pk}/take/")
    assert not Grant.objects.filter(person=priya).exists()
    assert [e.verb for e in trail.history_of(priya.uid)][-2:] == ["grant", "revoke"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"unit": "", "role": "auditor"}, "Choose the unit"),
        ({"unit": "x", "role": "auditor"}, "Choose the unit"),
        ({"role": "emperor"}, "Choose one of the roles"),
        ({"role": "everyone"}, "Choose one of the roles"),
        ({"role": "auditor", "starts": "2026-02-01", "ends": "2026-01-01"}, "It would end before it starts"),
        ({"role": "auditor", "starts": "soon"}, "valid date"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_on_the_page(cast: Cast, norbert: Client, given: dict[str, str], sentence: str) -> None:
    answer = norbert.post(f"/people/{cast.priya.person.pk}/role/", {"unit": str(cast.dunmallow.pk), **given})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Grant.objects.filter(person=cast.priya.person).exists()


def test_the_system_s_own_person_has_no_page(cast: Cast, norbert: Client) -> None:
    assert norbert.get(f"/people/{cast.system.person.pk}/").status_code == 404


def test_a_unit_shows_who_is_there_and_grows_one_below(cast: Cast, norbert: Client) -> None:
    page = norbert.get(f"/units/{cast.machining.pk}/").content.decode()
    assert "Priya Raman" in page
    assert "Process owner: <a" in page
    given = {"name": "Five-axis cell", "kind": "team", "parent": str(cast.machining.pk), "in_scope": "true"}
    norbert.post("/units/new/", given)
    cell = Unit.objects.get(name="Five-axis cell")
    assert cell.path == f"{cast.machining.path}{cell.pk}/"


def test_a_unit_does_not_hang_below_itself(cast: Cast, norbert: Client) -> None:
    given = {"name": "Dunmallow", "kind": "site", "parent": str(cast.machining.pk), "country": "IE", "time_zone": "Europe/Dublin", "in_scope": "true"}
    answer = norbert.post(f"/units/{cast.dunmallow.pk}/", given)
    assert "cannot be a part of itself" in answer.content.decode()
    assert "A site has a time zone" in norbert.post(f"/units/{cast.dunmallow.pk}/", {**given, "time_zone": ""}).content.decode()


def test_maeve_closes_a_unit_and_what_is_open_goes_elsewhere(cast: Cast, browser_of: Any, norbert: Client) -> None:
    problem = cast.problem(unit=cast.lipnica)
    maeve, address = browser_of("maeve"), f"/units/{cast.lipnica.pk}/"
    asked = norbert.get(address).content.decode()
    assert "Close this unit" not in asked and "Top management decides it: Maeve Brannigan." in asked
    assert "1 record is open in it: it goes to another unit in the same step" in asked and "1 person is in it and stays" in asked
    above = maeve.get(f"/units/{cast.dunmallow.pk}/").content.decode()
    assert "to be closed or moved first:" in above and "Close this unit" not in above, "Machining below it is at work"
    assert norbert.post(f"{address}close/").status_code == 403
    refused = maeve.post(f"{address}close/", {"reason": "The line moves to Dunmallow."})
    assert refused.status_code == 422
    assert problem.number in refused.content.decode()
    assert 'value="The line moves to Dunmallow."' in refused.content.decode()
    page = maeve.post(f"{address}close/", {"reason": "The line moves to Dunmallow.", "move_to": str(cast.dunmallow.pk)}, follow=True)
    assert "Lipnica is closed." in page.content.decode()
    problem.refresh_from_db()
    assert problem.unit == cast.dunmallow
    assert "Close this unit" not in maeve.get(address).content.decode()
    reopened = {"name": "Lipnica", "kind": "site", "parent": str(cast.company.pk), "time_zone": "Europe/Ljubljana", "state": "active", "in_scope": "true"}
    norbert.post(address, reopened)
    assert Unit.objects.get(pk=cast.lipnica.pk).state == "active"


def test_only_top_management_decides_how_far_a_duty_bends(cast: Cast, browser_of: Any) -> None:
    duty = "action_owner_is_not_verifier"
    assert "Whoever carries out a lasting fix does not verify that it worked." in browser_of("norbert").get("/rules/").content.decode()
    assert browser_of("norbert").post("/rules/", {"duty": duty, "mode": "never"}).status_code == 403
    page = browser_of("maeve").post("/rules/", {"duty": duty, "mode": "never"}, follow=True).content.decode()
    assert "Decided: Never." in page
    assert DutyRule.objects.get(duty=duty).mode == "never"
    assert browser_of("maeve").post("/rules/", {"duty": duty, "mode": "sometimes"}).status_code == 422


def test_declared_exceptions_are_shown_to_whoever_may_see_their_records(cast: Cast, browser_of: Any) -> None:
    decide("correction_owner_is_not_confirmer", "with_reason", actor=cast.maeve)
    with commands.command() as at:
        secret = cast.problem(confidentiality="restricted", title="Burr of the prototype")
        DeclaredException.objects.create(
            record_id=secret.pk, duty="correction_owner_is_not_confirmer", sentence="-", reason="Alone on Sunday with eleven racks",
            declared_by=cast.boštjan.person, declared_at=at, check_due=at.date(),
        )  # fmt: skip
    maeve, norbert = browser_of("maeve").get("/rules/").content.decode(), browser_of("norbert").get("/rules/").content.decode()
    assert "Alone on Sunday with eleven racks" in maeve
    assert "Whoever made the quick fix does not confirm it." in maeve
    assert "To be looked at by" in maeve
    assert "Alone on Sunday" not in norbert
