"""How a duty bends, visibly: who may, who decides, who looks at it afterwards (for-real-life, class B)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.exceptions import check, decide
from linchpin.kernel.commands.organizing import add_person, edit_subject, grant, revoke
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Grant, Person
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import DeclaredException
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.cast import Cast
from tests.kernel.refusing import STRONG, answered, at

DUTY = "action_owner_is_not_verifier"


def done(cast: Cast, owner: Any) -> Any:
    action = commands.create("action", {"title": "New bath", "kind": "corrective", "owner": owner.person, "unit": cast.lipnica}, actor=cast.daniel)
    return commands.move(action, "complete", actor=owner, values={"evidence": "Bath 3 runs."})


def verify(action: Any, actor: Any, exception: str = "") -> Any:
    return commands.move(action, "verify", actor=actor, values={"verification": "Seen."}, exception=exception)


def alone(cast: Cast) -> None:
    """Boštjan is the only one left who could verify anything in Lipnica."""
    for given in Grant.objects.exclude(person__in=[cast.boštjan.person, cast.maeve.person, cast.norbert.person, cast.marek.person, cast.inês.person]):
        revoke(given, actor=cast.system, reason="For this test.")


def test_with_somebody_else_eligible_it_stays_strict(cast: Cast) -> None:
    """The test is whether anyone else is eligible, not a head count."""
    with pytest.raises(Refused, match="somebody else verifies it"):
        verify(done(cast, cast.boštjan), cast.boštjan, "It is Sunday.")


@pytest.mark.parametrize("role", ["quality_manager", "process_owner", "line_manager", "auditor", "lead_auditor"])
def test_one_other_of_any_checking_role_is_enough_to_stay_strict(role: str, cast: Cast) -> None:
    action = done(cast, cast.boštjan)
    alone(cast)
    grant(cast.seun.person, role, cast.lipnica, actor=cast.system)
    with pytest.raises(Refused, match="somebody else verifies it"):
        verify(action, cast.boštjan, "It is Sunday.")


def test_alone_on_a_sunday_boštjan_goes_on_with_a_reason_and_it_shows_for_ever(cast: Cast) -> None:
    action = done(cast, cast.boštjan)
    alone(cast)
    with pytest.raises(Refused, match="somebody else verifies it"):
        verify(action, cast.boštjan)
    with pytest.raises(Refused, match="only punctuation"):
        verify(action, cast.boštjan, "...")
    verified = verify(action, cast.boštjan, "It is Sunday, and the bath must run.")
    declared = verified.declared_exceptions.get()
    assert (verified.status, verified.exceptions, declared.duty, declared.declared_by) == ("verified", 1, DUTY, cast.boštjan.person)
    assert declared.check_due == add_working_days(declared.declared_at.date(), 10, "SI")
    (event,) = (e for e in trail.history(action.pk) if e.verb == "verify")
    assert any("It is Sunday" in str(c.new) for c in event.changes if c.field == "declared_exception")


def test_somebody_who_left_is_not_eligible(cast: Cast) -> None:
    action = done(cast, cast.boštjan)
    alone(cast)
    grant(cast.seun.person, "auditor", cast.lipnica, actor=cast.system)
    edit_subject(cast.seun.person, {"state": "left"}, actor=cast.system)
    assert verify(action, cast.boštjan, "There is nobody else.").exceptions == 1


def test_never_means_never_even_alone(cast: Cast) -> None:
    action = done(cast, cast.boštjan)
    decide(DUTY, "never", actor=cast.maeve)
    alone(cast)
    with pytest.raises(Refused, match="somebody else verifies it"):
        verify(action, cast.boštjan, "There is nobody else.")


def test_top_management_decides_and_the_organizations_trail_keeps_it(cast: Cast) -> None:
    for actor in (cast.daniel, cast.norbert, cast.marek, cast.seun):
        with pytest.raises(NotAllowed, match="Only top management decides"):
            decide(DUTY, "with_reason", actor=actor)
    with pytest.raises(Refused, match="There is no such separation of duties"):
        decide("signing_as_someone_else", "with_reason", actor=cast.maeve)
    with pytest.raises(Refused, match="Choose one of"):
        decide(DUTY, "always", actor=cast.maeve)
    rule = decide(DUTY, "with_reason", actor=cast.maeve)
    assert rule.mode == "with_reason"
    from linchpin.kernel.people.models import Organization

    event = trail.history_of(Organization.objects.get().uid)[-1]
    assert (event.verb, event.actor, event.changes[0].new) == ("decide", cast.maeve.person, "with_reason")
    assert verify(done(cast, cast.boštjan), cast.boštjan, "Daniel is at Vale Sereno.").exceptions == 1


def declared_by_daniel(cast: Cast) -> DeclaredException:
    decide(DUTY, "with_reason", actor=cast.maeve)
    problem = at("awaiting_effectiveness", cast)
    commands.edit(problem, {"owner": cast.daniel.person}, actor=cast.marek)
    moved = commands.move(problem, "confirm", actor=cast.daniel, values=answered("confirm", cast), exception="Hanna is away.", signing=STRONG)
    return moved.declared_exceptions.get()  # type: ignore[no-any-return]


def test_somebody_is_always_called_to_look(cast: Cast) -> None:
    """Daniel is the only quality manager: the lead auditor is called instead of him."""
    declared_by_daniel(cast)
    assert set(Notice.objects.filter(kind="exception").values_list("person__name", flat=True)) == {"Aoife Ní Dhomhnaill"}


def test_nobody_looks_at_their_own_and_it_takes_somebody_whose_job_it_is(cast: Cast) -> None:
    declared = declared_by_daniel(cast)
    with pytest.raises(NotAllowed, match="You declared this exception yourself"):
        check(declared, "All good.", actor=cast.daniel)
    for actor in (cast.seun, cast.norbert, cast.priya):
        with pytest.raises(NotAllowed):
            check(declared, "All good.", actor=actor)
    with pytest.raises(Refused, match="Say what you found"):
        check(declared, "  ", actor=cast.aoife)
    looked = check(declared, "The data say the same.", actor=cast.aoife)
    assert (looked.checked_by, looked.finding) == (cast.aoife.person, "The data say the same.")
    with pytest.raises(Refused, match="checked already, by Aoife"):
        check(declared, "Again.", actor=cast.hanna)


def test_a_problem_does_not_close_over_an_unchecked_exception(cast: Cast) -> None:
    declared = declared_by_daniel(cast)
    problem = declared.record.nonconformity
    commands.move(problem.children.get(), "verify", actor=cast.hanna, values={"verification": "Seen."})
    with pytest.raises(Refused, match="A declared exception is not checked yet"):
        commands.move(problem, "close", actor=cast.daniel, values=answered("close", cast))
    check(declared, "The data say the same.", actor=cast.aoife)
    assert commands.move(problem, "close", actor=cast.daniel, values=answered("close", cast)).status == "closed"


def test_a_six_person_firm_works_with_its_exceptions_seen(cast: Cast) -> None:
    """Whoever is everything at once declares it, and the next one in the house looks."""
    alone(cast)
    owner = add_person({"name": "Ruth Hollin", "unit": cast.lipnica, "email": "ruth@hollin.example"}, actor=cast.system, password="a-long-enough-password")
    grant(owner, "top_manager", cast.company, actor=cast.system)
    for role in ("quality_manager", "process_owner"):
        grant(owner, role, cast.vale_sereno, actor=cast.system)
    edit_subject(cast.inês.person, {"state": "left"}, actor=cast.system)
    ruth = access_of(Person.objects.select_related("unit").get(pk=owner.pk))
    values = {"title": "New bath", "kind": "corrective", "owner": owner, "unit": cast.vale_sereno, "due": today() + timedelta(days=3)}
    action = commands.move(commands.create("action", values, actor=ruth), "complete", actor=ruth, values={"evidence": "Runs."})
    assert verify(action, ruth, "I am the only one.").exceptions == 1
    assert set(Notice.objects.filter(kind="exception").values_list("person__name", flat=True)) == {"Maeve Brannigan"}
