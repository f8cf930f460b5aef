"""Who may audit: on file with its proof and its last day, judged by somebody else; others are not announced, once a pool is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.commands import Signing
from linchpin.kernel.people.clock import today
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.trail import history
from tests.cast import Cast

SIGNED = Signing(reauthenticated=True)


def propose(cast: Cast, who: Any, level: str = "leads", days: int = 700) -> Any:
    values = {"title": f"{who.person} may audit", "unit": cast.company, "auditor": who.person, "level": level, "proof": "Course with examination."}
    values["valid_until"] = today() + timedelta(days=days)
    return commands.create("audit_competence", values, actor=cast.aoife)


def judged(cast: Cast, who: Any, level: str = "leads", days: int = 700) -> Any:
    return commands.move(propose(cast, who, level, days), "judge", actor=cast.daniel, signing=SIGNED)


def announce(cast: Cast, lead: Any, second: Any, in_days: int = 30) -> Any:
    values = {"title": "Goods-in", "unit": cast.lipnica, "owner": lead.person, "auditor": second.person, "scope": "Both shifts."}
    audit = commands.create("audit", values, actor=cast.aoife)
    return commands.move(audit, "notify", actor=cast.aoife, values={"held_from": today() + timedelta(days=in_days)})


def test_nobody_is_refused_until_the_first_is_judged(cast: Cast) -> None:
    propose(cast, cast.hanna)
    assert announce(cast, cast.aoife, cast.hanna).status == "notified"


def test_whose_competence_ends_before_the_day_is_not_announced_while_another_is_fit(cast: Cast) -> None:
    judged(cast, cast.aoife)
    hannas = judged(cast, cast.hanna, days=20)
    assert announce(cast, cast.hanna, cast.aoife, in_days=20).status == "notified"
    with pytest.raises(Refused, match=r"Hanna Wieczorek has no competence to lead an audit on file that is valid on") as refused:
        announce(cast, cast.hanna, cast.hanna, in_days=21)
    assert refused.value.refusals[0].kind == "second_person" and refused.value.refusals[0].duty == "auditor_is_competent"
    commands.move(hannas, "renew", actor=cast.daniel, signing=SIGNED, values={"valid_until": today() + timedelta(days=900), "proof": "Two audits more."})
    assert announce(cast, cast.hanna, cast.aoife, in_days=21).status == "notified"
    assert [one.verb for one in history(hannas.pk) if one.verb != "sign"] == ["create", "judge", "renew"]


def test_who_audits_beside_a_lead_does_not_lead(cast: Cast) -> None:
    judged(cast, cast.aoife)
    judged(cast, cast.hanna, level="audits")
    assert announce(cast, cast.aoife, cast.hanna).status == "notified"
    with pytest.raises(Refused, match="no competence to lead"):
        announce(cast, cast.hanna, cast.aoife)


def test_aoife_may_not_judge_herself_nor_anybody_for_a_day_that_is_over(cast: Cast) -> None:
    own = propose(cast, cast.aoife)
    with pytest.raises(Refused, match="somebody else judges it"):
        commands.move(own, "judge", actor=cast.aoife, signing=SIGNED)
    with pytest.raises(Refused, match="That day is over"):
        commands.move(propose(cast, cast.hanna), "judge", actor=cast.daniel, signing=SIGNED, values={"valid_until": today() - timedelta(days=1)})
    done = commands.move(own, "judge", actor=cast.daniel, signing=SIGNED)
    with pytest.raises(Refused, match="renew it with what is new"):
        commands.edit(done, {"valid_until": today() + timedelta(days=4000)}, actor=cast.daniel)


def test_a_program_with_an_auditor_who_may_not_audit_is_not_approved_and_its_page_says_why(cast: Cast, browser_of: Any) -> None:
    judged(cast, cast.aoife)
    period = {"starts": today(), "until": today() + timedelta(days=300)}
    made = commands.create("audit_program", {"title": "Audits", "unit": cast.company, **period}, actor=cast.daniel)
    commands.create("audited_area", {"title": "Lipnica", "unit": cast.lipnica, "importance": "2", "change": "0"}, actor=cast.daniel, parent=made)
    values = {"title": "Lipnica", "unit": cast.lipnica, "owner": cast.hanna.person, "held_from": today() + timedelta(days=40)}
    audit = commands.create("audit", values, actor=cast.daniel, parent=made)
    with pytest.raises(Refused, match=f"{audit.number}: Hanna Wieczorek has no competence"):
        commands.move(made, "approve", actor=cast.maeve, signing=SIGNED, values={"gaps": "The rest next year."})
    text = browser_of("aoife").get(f"/audit_program/{made.number}/").content.decode()
    assert "Hanna Wieczorek has no competence" in text and "Independent here: Aoife" in text and "Who may audit" in text
    commands.edit(audit, {"owner": cast.aoife.person}, actor=cast.daniel)
    assert commands.move(made, "approve", actor=cast.maeve, signing=SIGNED, values={"gaps": "The rest next year."}).status == "running"
