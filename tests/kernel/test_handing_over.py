"""What people leave behind is in nobody's blind spot: the queue, handing over, taking over, and naming whoever can act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.asking.in_hand import in_hand, left_open, suggested
from linchpin.kernel.commands.asking import name_audience
from linchpin.kernel.commands.handing_over import hand_over, take_over
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.commands.standing_in import delegate
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people import clock
from linchpin.kernel.people.clock import standing_at
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.trail import history, history_of
from tests.cast import Cast
from tests.support.documents import STRONG, drafted, planned


@pytest.fixture
def priyas(cast: Cast) -> dict[str, Any]:
    """Priya owns a problem, is to confirm another, and is asked to review a revision."""
    revision = commands.edit(drafted(cast, planned(cast)), {"owner": cast.marek.person}, actor=cast.daniel)
    name_audience(revision, "review", [cast.priya.person], actor=cast.daniel)
    return {
        "owner": cast.problem(owner=cast.priya.person),
        "verifier": cast.problem(title="Bore oversize", owner=cast.marek.person, verifier=cast.priya.person),
        "asked:review": commands.move(revision, "submit", actor=cast.daniel),
    }


def test_priya_does_not_leave_silently_and_what_she_had_goes_to_others_in_one_go(cast: Cast, priyas: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="3 things are still open in the hands of Priya Raman"):
        edit_subject(cast.priya.person, {"state": "left"}, actor=cast.norbert)
    edit_subject(cast.priya.person, {"state": "left"}, actor=cast.norbert, leave_open=True)
    assert Notice.objects.get(kind="leaver").person == cast.marek.person
    (priya,) = left_open()
    things = in_hand(priya, cast.marek)
    assert {thing.how: thing.subject.number for thing in things} == {how: record.number for how, record in priyas.items()}
    to = suggested(things, priya)
    assert {thing.how: to[thing.key].name for thing in things} == {
        "owner": "Marek Zieliński", "verifier": "Daniel Petrov", "asked:review": "Daniel Petrov",
    }, "Marek owns the two: whoever looks at them is somebody else"  # fmt: skip
    for thing in things:
        hand_over(thing, priya, to[thing.key], actor=cast.marek, reason="Priya has left.")
    assert not left_open().exists()
    assert history(priyas["owner"].pk)[-1].verb == "hand_over"
    row = priyas["asked:review"].asked.get(person=cast.daniel.person, duty="review")
    assert (row.answer, row.taken_from) == ("", cast.priya.person)


def test_handing_over_is_for_whoever_is_responsible_and_keeps_duties_apart(cast: Cast, priyas: dict[str, Any]) -> None:
    things = {thing.how: thing for thing in in_hand(cast.priya.person)}
    with pytest.raises(NotAllowed):
        hand_over(things["owner"], cast.priya.person, cast.inês.person, actor=cast.inês)
    for to, sentence in ((cast.marek, "owns NC-"), (cast.seun, "cannot sign in")):
        with pytest.raises(Refused, match=sentence):
            hand_over(things["verifier"], cast.priya.person, to.person, actor=cast.marek)


def test_after_five_working_days_the_line_manager_takes_over_an_approval(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    name_audience(revision, "approve", [cast.hanna.person], actor=cast.priya)
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "agree", actor=cast.marek)
    with pytest.raises(NotAllowed, match="after 5 working days"):
        take_over(revision, "approve", cast.hanna.person, actor=cast.daniel)
    with standing_at(clock.now() + timedelta(days=14)):
        with pytest.raises(NotAllowed):
            take_over(revision, "approve", cast.hanna.person, actor=cast.priya)
        take_over(revision, "approve", cast.hanna.person, actor=cast.daniel)
        commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)
    assert revision.asked.get(person=cast.hanna.person).answer == "lapsed"
    assert "Daniel Petrov took over" in Notice.objects.filter(person=cast.hanna.person).latest("id").text


def test_seun_is_not_named_to_confirm_what_he_could_not_sign(cast: Cast) -> None:
    with pytest.raises(Refused, match="Seun Adeyemi cannot sign in"):
        cast.problem(verifier=cast.seun.person)
    with pytest.raises(Refused, match="cannot sign in"):
        name_audience(drafted(cast, planned(cast)), "review", [cast.seun.person], actor=cast.priya)
    assert cast.problem(owner=cast.seun.person).owner == cast.seun.person, "an owner may be without an account: whoever names them is told"


def test_the_pages_show_the_queue_and_give_it_away(cast: Cast, priyas: dict[str, Any], browser_of: Any) -> None:
    norbert, marek = browser_of("norbert"), browser_of("marek")
    page = norbert.get(f"/people/{cast.priya.person.pk}/")
    fields = {f["name"]: f["value"] for f in page.context["fields"]} | {"state": "left"}
    refused = norbert.post(f"/people/{cast.priya.person.pk}/", fields)
    assert refused.status_code == 422 and "Leave it in the queue" in refused.content.decode()
    assert norbert.post(f"/people/{cast.priya.person.pk}/", fields | {"leave_open": "yes"}).status_code == 302
    todo = marek.get("/todo/").content.decode()
    assert "Priya Raman" in todo and "Nothing needs you" not in todo and "3 things open" in marek.get("/leavers/").content.decode()
    keys = [thing.key for thing in in_hand(cast.priya.person)]
    assert marek.post(f"/people/{cast.priya.person.pk}/hand-over/", {"thing": keys, "to": "suggested"}).status_code == 302
    assert "Nothing is left open" in marek.get("/leavers/").content.decode()


def test_maeve_decides_how_long_an_approval_may_wait_and_the_trail_keeps_it(cast: Cast, priyas: dict[str, Any], browser_of: Any) -> None:
    maeve, daniel, revision = browser_of("maeve"), browser_of("daniel"), priyas["asked:review"]
    assert "after 5 working days" in daniel.get("/rules/").content.decode()
    assert daniel.post("/rules/", {"rule": "take_over_after", "number": "2"}).status_code == 403
    refused = maeve.post("/rules/", {"rule": "take_over_after", "number": "0"})
    assert refused.status_code == 422 and "from 1 to 60" in refused.content.decode()
    with standing_at(clock.now() + timedelta(days=6)):
        with pytest.raises(NotAllowed, match="after 5 working days"):
            take_over(revision, "review", cast.priya.person, actor=cast.daniel)
        assert maeve.post("/rules/", {"rule": "take_over_after", "number": "2", "reason": "Half the house is on holiday."}).status_code == 302
        take_over(revision, "review", cast.priya.person, actor=cast.daniel)
    event = history_of(Organization.objects.get().uid)[-1]
    assert [(c.field, c.old, c.new) for c in event.changes] == [("rule.take_over_after", "5", "2")] and event.actor == cast.maeve.person
    assert "after 2 working days" in daniel.get("/rules/").content.decode()


def test_the_badge_and_the_heading_say_the_same_and_count_what_one_is_named_in(cast: Cast, priyas: dict[str, Any], browser_of: Any) -> None:
    action = commands.create("action", {"title": "Fit the borescope", "kind": "corrective", "owner": cast.marek.person, "unit": cast.machining},
                             actor=cast.daniel, parent=priyas["verifier"])  # fmt: skip
    commands.move(action, "complete", actor=cast.marek, values={"evidence": "Runs since Monday."})
    for giver, who in (("priya", "hanna"), ("daniel", "hanna"), ("marek", "aoife")):
        delegate(getattr(cast, who).person, starts=clock.today(), ends=clock.today(), actor=cast.again(giver))
    counts = {}
    for name in ("priya", "marek", "daniel", "hanna", "aoife"):
        page = browser_of(name).get("/todo/")
        shown = len(page.context["waiting"]) + sum(len(tasks) for _name, tasks in page.context["groups"])
        shown += sum(len(found) for _delegation, found in page.context["standing"])
        assert page.context["all_in_all"] == page.context["todo_count"]() == shown, name
        counts[name] = shown
    assert counts["hanna"] == counts["priya"] + counts["daniel"] and counts["aoife"] == counts["marek"], "what waits for the absent waits for them"
    commands.edit(priyas["owner"], {"confidentiality": "restricted"}, actor=cast.daniel)
    assert browser_of("hanna").get("/todo/").context["all_in_all"] == counts["hanna"] - 1, "what is confidential is not passed on"
