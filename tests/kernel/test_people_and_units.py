"""What people, units, roles and tokens are refused for (model, sections 0.5, 1 and 2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.closing_units import close_unit
from linchpin.kernel.commands.organizing import (
    add_person,
    add_unit,
    digest_of,
    edit_subject,
    found_organization,
    grant,
    issue_token,
    revoke,
    revoke_token,
)  # fmt: skip
from linchpin.kernel.people.grants import access_of, holders
from linchpin.kernel.people.models import Grant, Person, Unit
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.listing import matching
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import get_type
from tests.cast import Cast


def unit(cast: Cast, **values: Any) -> Unit:
    return add_unit({"name": "Assembly", "kind": "department", "parent": cast.dunmallow, **values}, actor=cast.daniel)


def person(cast: Cast, **values: Any) -> Person:
    return add_person({"name": "Gareth Pell", "unit": cast.dunmallow, **values}, actor=cast.daniel)


UNITS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no parent": ({"parent": None}, "parent", "Say which unit it is a part of."),
    "a twin": ({"name": "machining"}, "name", "Dunmallow has a unit named machining already"),
    "a site without time zone": ({"kind": "site", "time_zone": ""}, "time_zone", "A site has a time zone"),
    "a time zone that is none": ({"time_zone": "Ireland/Dunmallow"}, "time_zone", "There is no time zone “Ireland/Dunmallow”"),
    "a kind that is none": ({"kind": "kingdom"}, "kind", ""),
    "no name": ({"name": "   "}, "name", ""),
    "only punctuation": ({"name": "—"}, "name", "Write words"),
    "a script": ({"name": "<script>"}, "name", "HTML is not taken"),
    "a control character": ({"name": "Assem\0bly"}, "name", "control characters"),
}


@pytest.mark.parametrize("what", UNITS)
def test_a_unit_is_refused_for(what: str, cast: Cast) -> None:
    values, name, sentence = UNITS[what]
    with pytest.raises(Refused) as said:
        unit(cast, **values)
    assert sentence in said.value.by_field()[name][0]
    assert Unit.objects.count() == 5


def test_the_same_name_under_another_parent_is_another_unit(cast: Cast) -> None:
    assert unit(cast, name="Machining", parent=cast.lipnica).parent == cast.lipnica


def test_a_unit_is_no_part_of_itself(cast: Cast) -> None:
    for below in (cast.machining, cast.dunmallow):
        with pytest.raises(Refused, match="A unit cannot be a part of itself"):
            edit_subject(cast.dunmallow, {"parent": below}, actor=cast.daniel)


def test_what_is_below_a_unit_moves_with_it(cast: Cast) -> None:
    cell = unit(cast, name="5-axis cell", kind="team", parent=cast.machining)
    edit_subject(cast.machining, {"parent": cast.lipnica}, actor=cast.daniel)
    cell.refresh_from_db()
    lipnica = Unit.objects.get(pk=cast.lipnica.pk)
    assert cell.path.startswith(lipnica.path)
    assert cell.pk in (access_of(cast.boštjan.person).units(("line_manager",)) or ())


def test_only_top_management_closes_a_unit(cast: Cast) -> None:
    empty = unit(cast)
    for actor in (cast.daniel, cast.norbert, cast.marek):
        with pytest.raises(NotAllowed, match="A unit is closed by top management"):
            edit_subject(empty, {"state": "closed"}, actor=actor)
        with pytest.raises(NotAllowed, match="A unit is closed by top management"):
            close_unit(empty, actor=actor)
    assert close_unit(empty, actor=cast.maeve, reason="Moved to Lipnica.").state == "closed"
    assert [e.verb for e in trail.history_of(empty.uid)] == ["create", "close"]
    with pytest.raises(Refused, match="is closed already"):
        close_unit(empty, actor=cast.maeve)


def test_maeve_edits_nothing_else_of_a_unit(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        edit_subject(cast.machining, {"name": "Turning"}, actor=cast.maeve)


def test_a_unit_with_open_problems_stays_until_they_are_moved_in_one_step(cast: Cast) -> None:
    problem = cast.problem()
    with pytest.raises(Refused, match=f"1 of its records is still open \\({problem.number}\\)"):
        close_unit(cast.machining, actor=cast.maeve)
    with pytest.raises(Refused, match="choose a unit that stays"):
        close_unit(cast.machining, actor=cast.maeve, move_to=cast.machining)
    close_unit(cast.machining, actor=cast.maeve, move_to=cast.dunmallow, reason="One department now.")
    problem.refresh_from_db()
    assert problem.unit == cast.dunmallow and trail.history(problem.pk)[-1].reason == "One department now."
    with pytest.raises(Refused, match="Machining is no longer active"):
        cast.problem(unit=Unit.objects.get(pk=cast.machining.pk))
    trail.seal_pending()
    assert trail.verify().ok


def test_a_unit_with_a_unit_at_work_below_it_stays(cast: Cast) -> None:
    with pytest.raises(Refused, match="Machining is a part of it and still at work"):
        close_unit(cast.dunmallow, actor=cast.maeve)
    with pytest.raises(Refused, match="The organization itself cannot be closed"):
        close_unit(cast.company, actor=cast.maeve)


PEOPLE: dict[str, tuple[dict[str, Any], str, str]] = {
    "an end before the start": ({"start": date(2026, 3, 2), "end": date(2026, 3, 1)}, "end", "The last day comes before the first"),
    "an e-mail of somebody else": ({"email": "Daniel@Dunmallow.example"}, "email", "Somebody has the e-mail"),
    "a badge of somebody else": ({"badge": "4117"}, "badge", "Somebody has the badge 4117 already"),
    "an e-mail that is none": ({"email": "gareth at dunmallow"}, "email", ""),
    "being the system": ({"employment": "system"}, "employment", "nobody else becomes it"),
    "no name": ({"name": ""}, "name", ""),
    "HTML": ({"name": "Gareth <img src=x>"}, "name", "HTML is not taken"),
}


@pytest.mark.parametrize("what", PEOPLE)
def test_a_person_is_refused_for(what: str, cast: Cast) -> None:
    values, name, sentence = PEOPLE[what]
    before = Person.objects.count()
    with pytest.raises(Refused) as said:
        person(cast, **values)
    assert sentence in said.value.by_field()[name][0]
    assert Person.objects.count() == before


def test_nobody_is_their_own_manager_by_a_detour(cast: Cast) -> None:
    with pytest.raises(Refused, match="own line manager"):
        edit_subject(cast.maeve.person, {"manager": cast.maeve.person}, actor=cast.daniel)
    with pytest.raises(Refused, match="own line manager"):
        edit_subject(cast.maeve.person, {"manager": cast.priya.person}, actor=cast.daniel)


def test_norbert_does_not_become_the_system(cast: Cast) -> None:
    """The administrator has no business rights, and cannot give them to himself this way."""
    with pytest.raises(Refused, match="nobody else becomes it"):
        edit_subject(cast.norbert.person, {"employment": "system"}, actor=cast.norbert)


def test_who_left_is_named_nowhere_new_and_what_they_own_is_nobodys(cast: Cast) -> None:
    problem = cast.problem(owner=cast.priya.person)
    priya = edit_subject(cast.priya.person, {"state": "left", "end": today()}, actor=cast.norbert, reason="Left for another company.", leave_open=True)
    for make in (lambda: cast.problem(owner=priya), lambda: commands.edit(cast.problem(), {"verifier": priya}, actor=cast.daniel),
                 lambda: person(cast, manager=priya), lambda: edit_subject(cast.machining, {"head_person": priya}, actor=cast.daniel)):  # fmt: skip
        with pytest.raises(Refused, match="Priya Raman is no longer active"):
            make()
    assert commands.edit(problem, {"title": "Still hers, until somebody takes it"}, actor=cast.daniel).owner == priya
    found = matching(get_type("nonconformity"), {"owner": ["none"]}, cast.daniel)
    assert problem.pk in set(found.values_list("pk", flat=True)), "the ownerless queue"


def test_only_administrator_and_quality_manager_keep_people_and_units(cast: Cast) -> None:
    for actor in (cast.maeve, cast.marek, cast.aoife, cast.seun, cast.kateřina):
        for make in (
            lambda actor=actor: add_person({"name": "Somebody", "unit": cast.lipnica}, actor=actor),
            lambda actor=actor: add_unit({"name": "Somewhere", "kind": "team", "parent": cast.lipnica}, actor=actor),
            lambda actor=actor: grant(cast.seun.person, "quality_manager", cast.company, actor=actor),
            lambda actor=actor: revoke(Grant.objects.get(person=cast.daniel.person), actor=actor),
            lambda actor=actor: edit_subject(cast.priya.person, {"position": "Chief"}, actor=actor),
        ):
            with pytest.raises(NotAllowed):
                make()


def test_a_role_is_one_of_the_roles_and_ends_after_it_starts(cast: Cast) -> None:
    for role in ("emperor", "everyone"):
        with pytest.raises(Refused, match="Choose one of the roles"):
            grant(cast.seun.person, role, cast.company, actor=cast.daniel)
    with pytest.raises(Refused, match="It would end before it starts"):
        grant(cast.seun.person, "auditor", cast.company, actor=cast.daniel, starts=today(), ends=today() - timedelta(days=1))


def test_a_role_holds_only_while_it_is_in_force_and_the_trail_keeps_it(cast: Cast) -> None:
    ended = grant(cast.seun.person, "auditor", cast.dunmallow, actor=cast.daniel, ends=today() - timedelta(days=1), starts=date(2026, 1, 1))
    assert not cast.again("seun").has("auditor") and cast.seun.person not in holders("auditor", cast.machining)
    grant(cast.seun.person, "auditor", cast.dunmallow, actor=cast.daniel)
    assert cast.again("seun").covers(("auditor",), cast.machining.pk) and cast.seun.person in holders("auditor", cast.machining)
    assert not cast.again("seun").covers(("auditor",), cast.lipnica.pk)
    ended.refresh_from_db()
    revoke(ended, actor=cast.daniel, reason="One audit only.")
    assert not cast.again("seun").has("auditor")
    assert [e.verb for e in trail.history_of(cast.seun.person.uid)][-3:] == ["grant", "grant", "revoke"]


def test_there_is_one_organization(cast: Cast) -> None:
    with pytest.raises(Refused, match="has its organization already"):
        found_organization("Another")


def test_a_token_needs_a_name_scopes_and_an_end(cast: Cast) -> None:
    for name, scopes, days in (("", ["read"], 30), ("Machine", [], 30), ("Machine", ["rule"], 30), ("Machine", ["read"], 0), ("Machine", ["read"], 4000)):
        with pytest.raises(Refused, match="A token needs a name, scopes"):
            issue_token(cast.seun.person, name, scopes=scopes, days=days, actor=cast.seun)


def test_only_the_hash_of_a_token_is_kept_and_it_ends_at_once(cast: Cast) -> None:
    token, secret = issue_token(cast.priya.person, "Measuring machine", scopes=["read", "write"], days=90, actor=cast.priya)
    assert secret not in str(vars(token)) and token.digest == digest_of(secret)
    assert secret not in "".join(str(c.new) for e in trail.history_of(cast.priya.person.uid) for c in e.changes)
    with pytest.raises(NotAllowed):
        revoke_token(token, actor=cast.seun)
    revoke_token(token, actor=cast.priya)
    token.refresh_from_db()
    assert token.revoked_at is not None
    with pytest.raises(NotAllowed):
        issue_token(cast.daniel.person, "Not mine", scopes=["read"], days=1, actor=cast.seun)
