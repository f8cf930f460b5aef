"""Who stands in for whom: dated, visible as "for", never passed on, and never a way around separation of duties."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.commands.moving import offers
from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.commands.standing_in import delegate, end_delegation
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people import clock
from linchpin.kernel.people.clock import standing_at
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Delegation
from linchpin.kernel.people.standing_in import standing_in
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.records.waiting import waiting_for
from linchpin.kernel.trail import history
from linchpin.surfaces.web.standing import done_for
from tests.api.callers import Caller
from tests.cast import Cast
from tests.support.documents import STRONG, drafted, planned


def away(cast: Cast, giver: str, who: str, days: int = 7, **more: Any) -> Delegation:
    return delegate(getattr(cast, who).person, starts=clock.today(), ends=clock.today() + timedelta(days=days), actor=getattr(cast, giver), **more)


def acting(cast: Cast, who: str) -> Access:
    """The access by which they act for the one person they stand in for."""
    (through,) = standing_in(cast.again(who))
    return through


@pytest.fixture
def revision(cast: Cast) -> Any:
    """By Priya, agreed by Marek; it waits for Daniel's approval."""
    made = drafted(cast, planned(cast))
    commands.move(made, "submit", actor=cast.priya)
    return commands.move(made, "agree", actor=cast.marek)


def test_aoife_approves_for_daniel_and_both_names_stand_everywhere(cast: Cast, revision: Any) -> None:
    away(cast, "daniel", "aoife", scope="approvals", note="On holiday")
    assert Notice.objects.get(person=cast.aoife.person, kind="standing_in").text.startswith("You stand in for Daniel Petrov from")
    aoife = acting(cast, "aoife")
    assert [record.number for record, _what in waiting_for(aoife)] == [revision.number]
    with pytest.raises(NotAllowed):
        commands.move(revision, "approve", actor=cast.again("aoife"), signing=STRONG)
    commands.move(revision, "approve", actor=aoife, signing=STRONG)
    signature = revision.signatures.get(move="approve")
    assert (signature.signer.name, signature.signed_for.name) == ("Aoife Ní Dhomhnaill", "Daniel Petrov")
    row = revision.asked.get(person=cast.daniel.person)
    assert (row.answer, row.stood_in) == ("done", cast.aoife.person)
    event = next(e for e in history(revision.pk) if e.verb == "approve")
    assert event.actor.name == "Aoife Ní Dhomhnaill"
    assert [c.new for c in event.changes if c.field == "on_behalf_of"] == [str(cast.daniel.person.uid)]
    assert [(done.record.number, done.what) for done in done_for(cast.daniel.person)] == [(revision.number, "Approve")]


def test_priya_may_not_approve_her_own_work_for_daniel_nor_declare_an_exception(cast: Cast, revision: Any) -> None:
    away(cast, "daniel", "priya")
    priya = acting(cast, "priya")
    offer = next(o for o in offers(revision, get_type("revision"), priya) if o.transition.name == "approve")
    assert offer.allowed and offer.blocked
    with pytest.raises(Refused, match="somebody else"):
        commands.move(revision, "approve", actor=priya, signing=STRONG, exception="Nobody else is here.")


def test_who_did_the_work_for_its_owner_does_not_verify_it_afterwards(cast: Cast) -> None:
    action = commands.create("action", {"title": "Fit the borescope", "kind": "corrective", "owner": cast.marek.person, "unit": cast.machining},
                             actor=cast.daniel, parent=cast.problem())  # fmt: skip
    given = away(cast, "marek", "aoife")
    commands.move(action, "complete", actor=acting(cast, "aoife"), values={"evidence": "Runs since Monday."})
    end_delegation(given, actor=cast.again("aoife"))
    with pytest.raises(Refused, match="somebody else verifies it"):
        commands.move(action, "verify", actor=cast.again("aoife"), values={"verification": "Seen."})
    commands.move(action, "verify", actor=cast.hanna, values={"verification": "Seen at the machine."})


def test_it_is_not_passed_on_and_ends_by_itself(cast: Cast, revision: Any) -> None:
    away(cast, "daniel", "aoife", days=3)
    with pytest.raises(Refused, match="not yours to pass on"):
        delegate(cast.hanna.person, starts=clock.today(), ends=clock.today(), actor=acting(cast, "aoife"))
    with pytest.raises(Refused, match="it is not passed on: choose somebody else"):
        away(cast, "marek", "daniel")
    away(cast, "aoife", "hanna", days=9)
    assert waiting_for(acting(cast, "hanna")) == [], "what Aoife does for Daniel is not Hanna's"
    with standing_at(clock.now() + timedelta(days=4)):
        assert list(standing_in(access_of(cast.aoife.person))) == []


@pytest.mark.parametrize(("who", "days", "sentence"), [
    ("daniel", 3, "stand in for yourself"), ("seun", 3, "cannot sign in"), ("kateřina", 3, "from outside"), ("aoife", -1, "end before it starts"),
    ("aoife", 400, "At most 180 days"),
])  # fmt: skip
def test_nobody_stands_in_who_could_not(cast: Cast, who: str, days: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        away(cast, "daniel", who, days=days)


def test_for_one_unit_it_is_for_that_unit_and_what_is_confidential_stays(cast: Cast) -> None:
    here, _there = (commands.create("nonconformity", {"title": "Burr", "unit": unit, "severity": "minor", "owner": cast.daniel.person}, actor=cast.daniel)
                   for unit in (cast.machining, cast.lipnica))  # fmt: skip
    cast.problem(confidentiality="restricted", owner=cast.daniel.person)
    away(cast, "daniel", "hanna", scope="unit", unit=cast.machining)
    assert {record.number for record, _what in waiting_for(acting(cast, "hanna"))} == {here.number}


def test_only_the_two_end_it_and_the_other_is_told(cast: Cast) -> None:
    given = away(cast, "daniel", "aoife")
    with pytest.raises(NotAllowed):
        end_delegation(given, actor=cast.priya)
    end_delegation(given, actor=cast.aoife)
    assert "no longer stands in for Daniel Petrov" in Notice.objects.get(person=cast.daniel.person, kind="standing_in").text
    assert list(standing_in(cast.again("aoife"))) == []
    with pytest.raises(Refused, match="ended already"):
        end_delegation(given, actor=cast.daniel)


def test_the_pages_show_it_from_to_do_to_the_signature(cast: Cast, browser_of: Any) -> None:
    action = commands.create("action", {"title": "Fit the borescope", "kind": "corrective", "owner": cast.priya.person, "unit": cast.lipnica},
                             actor=cast.daniel, parent=cast.problem())  # fmt: skip
    commands.move(action, "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})
    daniel, marek = browser_of("daniel"), browser_of("marek")
    days = {"starts": clock.today().isoformat(), "ends": (clock.today() + timedelta(days=5)).isoformat()}
    assert daniel.post("/standing-in/", {"delegate": cast.daniel.person.pk, "scope": "all"} | days).status_code == 422
    assert daniel.post("/standing-in/", {"delegate": cast.marek.person.pk, "scope": "all", "note": "On holiday"} | days).status_code == 302
    assert "For Daniel Petrov" in marek.get("/todo/").content.decode()
    address = f"/action/{action.number}/"
    assert f"{address}move/verify/?for={cast.daniel.person.pk}" in marek.get(address).content.decode(), "of a site that is not his to read"
    assert "Marek Zieliński for Daniel Petrov" in marek.get(f"{address}move/verify/?for={cast.daniel.person.pk}").content.decode()
    form = {"for": cast.daniel.person.pk, "verification": "Seen at the machine."}
    assert marek.post(f"{address}move/verify/", form).status_code == 302
    page = daniel.get(address).content.decode()
    assert "<b>Marek Zieliński for Daniel Petrov</b>" in page and "Marek Zieliński for Daniel Petrov: I verified" in page
    assert "Fit the borescope" in daniel.get("/standing-in/").content.decode()
    assert marek.post(f"{address}move/void/", {"for": cast.hanna.person.pk}).status_code == 404


def test_aoife_edits_for_daniel_what_he_may_edit_and_the_trail_names_both(cast: Cast, browser_of: Any) -> None:
    problem = commands.create("nonconformity", {"title": "Burr", "unit": cast.lipnica, "severity": "minor", "owner": cast.boštjan.person}, actor=cast.daniel)
    away(cast, "daniel", "marek")
    marek, here = browser_of("marek"), f"/nonconformity/{problem.number}/"
    page = marek.get(here).content.decode()
    assert "Edit for Daniel Petrov" in page and "is written down as “Marek Zieliński for Daniel Petrov”" in page
    form = {"title": "Burr at the crossing", "old-title": "Burr", "owner": cast.boštjan.person.pk, "old-owner": cast.boštjan.person.pk}
    assert marek.post(f"{here}edit/", form).status_code == 403, "in his own name it is not his"
    assert marek.post(f"{here}edit/", form | {"for": cast.daniel.person.pk}).status_code == 302
    event = history(problem.pk)[-1]
    assert (event.verb, event.actor) == ("edit", cast.marek.person)
    assert "<b>Marek Zieliński for Daniel Petrov</b>" in marek.get(here).content.decode()
    assert [done.what for done in done_for(cast.daniel.person)] == ["Changed"]
    uid = str(cast.daniel.person.uid)
    machine, at = Caller(issue_token(cast.marek.person, "clock", scopes=("read", "write"), days=3, actor=cast.system)[1]), f"/nonconformity/{problem.number}/"
    assert machine.get(at).json()["values"]["title"] == "Burr at the crossing"
    assert [one["giver"]["name"] for one in machine.get("/todo/").json()["standing_in"]] == ["Daniel Petrov"]
    assert machine.patch(at, {"values": {"evidence": "0.4 mm"}}).status_code == 404
    assert machine.patch(at, {"values": {"evidence": "0.4 mm"}, "on_behalf_of": uid}).status_code == 200
    refused = machine.post("/nonconformity/", {"values": {"title": "Another"}, "on_behalf_of": uid})
    assert refused.status_code == 422 and "which one it hangs under" in refused.text


def test_nobody_edits_more_than_the_absent_may_nor_what_is_confidential_nor_for_signatures_alone(cast: Cast) -> None:
    theirs = commands.create("nonconformity", {"title": "Burr", "unit": cast.lipnica, "severity": "minor"}, actor=cast.daniel)
    secret = cast.problem(confidentiality="restricted", owner=cast.daniel.person)
    away(cast, "priya", "hanna")
    with pytest.raises((NotAllowed, Missing)):
        commands.edit(theirs, {"title": "Not hers either"}, actor=acting(cast, "hanna"))
    away(cast, "daniel", "aoife", scope="approvals")
    aoife = acting(cast, "aoife")
    with pytest.raises(NotAllowed):
        commands.edit(theirs, {"title": "Only what is signed"}, actor=aoife)
    assert not type(theirs).objects.visible_to(aoife, "edit").exists()
    away(cast, "daniel", "marek")
    with pytest.raises(Missing):
        commands.edit(secret, {"title": "Not passed on"}, actor=acting(cast, "marek"))


def test_who_edited_for_the_owner_had_a_hand_in_it(cast: Cast) -> None:
    action = commands.create("action", {"title": "Fit the borescope", "kind": "corrective", "owner": cast.marek.person, "unit": cast.machining},
                             actor=cast.daniel, parent=cast.problem())  # fmt: skip
    given = away(cast, "marek", "aoife")
    commands.edit(action, {"evidence": "Runs since Monday."}, actor=acting(cast, "aoife"))
    end_delegation(given, actor=cast.again("aoife"))
    commands.move(action, "complete", actor=cast.marek, values={"evidence": "Runs since Monday."})
    with pytest.raises(Refused, match="somebody else verifies it"):
        commands.move(action, "verify", actor=cast.again("aoife"), values={"verification": "Seen."})


def test_causes_and_checklists_are_filled_in_for_whoever_is_away(cast: Cast, browser_of: Any) -> None:
    problem = commands.create("nonconformity", {"title": "Film too thin", "unit": cast.lipnica, "severity": "minor"}, actor=cast.daniel)
    analysis = commands.create("root_cause_analysis", {"title": "Why?", "seen_what": "8 µm", "owner": cast.boštjan.person}, actor=cast.daniel, parent=problem)
    audit = commands.create("audit", {"title": "Is the bath kept?", "unit": cast.lipnica, "owner": cast.aoife.person}, actor=cast.aoife)
    for giver in ("boštjan", "aoife"):
        away(cast, giver, "marek")
    marek, drawing, sheet = browser_of("marek"), f"/root_cause_analysis/{analysis.number}/", f"/audit/{audit.number}/"
    assert "Marek Zieliński for Boštjan Hribar" in marek.get(drawing).content.decode()
    asked = {"title": "The bath is too cold", "kind": "occurrence"}
    assert marek.post(f"{drawing}ask/", asked).status_code == 404, "in his own name he does not read it"
    number = marek.post(f"{drawing}ask/", asked | {"for": cast.boštjan.person.pk}).url.rsplit("#")[1]
    shown = {"evidence": "18 °C on the chart", "test": "Read twice", "for": cast.boštjan.person.pk}
    assert marek.post(f"{drawing}causes/{number}/verify/", shown).status_code == 302
    for_aoife = {"for": cast.aoife.person.pk}
    check = marek.post(f"{sheet}question/", {"title": "Is the bath measured daily?", "clause": "8.5.1"} | for_aoife).url.rsplit("#")[1]
    commands.move(audit, "notify", actor=cast.aoife, values={"held_from": "2026-01-12", "scope": "Bath 2"})
    commands.move(audit, "begin", actor=cast.aoife)
    assert marek.post(f"{sheet}checks/{check}/answer/", {"answer": "conforms", "evidence": "Daily chart"} | for_aoife).status_code == 302
    for one in (number, check):
        record = Record.objects.get(number=one)
        assert all([c.new for c in event.changes if c.field == "on_behalf_of"] for event in history(record.pk))
    assert Record.objects.get(number=check).owner == cast.aoife.person
