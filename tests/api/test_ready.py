"""Audit-ready for machines: the clauses with what proves them, what was bent, and draws of one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from linchpin.kernel.people.clock import today
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.records.models import DeclaredException, Record
from tests.api.callers import sentences
from tests.cast import Cast


def test_the_api_tells_what_proves_a_clause_and_what_was_bent(cast: Cast, caller_of: Any) -> None:
    burr, at = cast.problem(), timezone.now() - timedelta(days=400)
    with permitted():
        DeclaredException.objects.create(record_id=burr.pk, duty="x", sentence="Somebody else.", reason="Alone", declared_by=cast.marek.person,
                                         declared_at=at, check_due=at.date())  # fmt: skip
        Record.objects.filter(pk=burr.pk).update(updated_at=at, exceptions=1)
    aoife = caller_of("aoife")
    told = {one["number"]: one for one in aoife.get("/ready/", edition="2026", unit=str(cast.machining.uid), show="exceptions").json()["clauses"]}
    assert (told["10.2"]["state"], told["10.2"]["proofs"][0]["count"], told["4.1"]["state"]) == ("old", 1, "nothing")
    (bent,) = aoife.get("/ready/exceptions/").json()  # older than a year, and nobody looked yet
    assert bent["record"]["number"] == burr.number and bent["overdue"] and bent["reason"] == "Alone"
    assert caller_of("seun").get("/ready/", edition="1987").status_code == 404


def test_hanna_draws_five_and_looks_each_up(cast: Cast, caller_of: Any) -> None:
    for n in range(7):
        cast.problem(title=f"Burr {n}")
    hanna = caller_of("hanna")
    values = {"title": "Five open problems", "population": "problems_open", "since": today().isoformat(), "seed": "bus 46A", "unit": str(cast.company.uid)}
    number = hanna.post("/readiness_check/", {"values": values}).json()["number"]
    here = f"/readiness_check/{number}/drawn/"
    drawn = hanna.post(here).json()
    assert len(drawn) == 5 and hanna.post(here).status_code == 422
    for place, one in enumerate(drawn):
        assert sentences(hanna.post(f"{here}{one['uid']}/", {"did": "found"}))  # not opened yet
        hanna.post(f"{here}{one['uid']}/", {"did": "opened"})
        hanna.post(f"{here}{one['uid']}/", {"did": "missing", "missing": "No date"} if place == 2 else {"did": "found"})
    assert [one["found"] for one in hanna.get(here).json()] == [True, True, False, True, True]
    assert hanna.get(f"/readiness_check/{number}/").json()["status"] == "done"
    assert caller_of("daniel").post(f"{here}{drawn[0]['uid']}/", {"did": "opened"}).status_code in (403, 422)
