"""Ready for an audit on any day: clauses with what proves them and how new that is, what was bent, and five drawn and looked up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linchpin import standard
from linchpin.chapters.evaluation.readiness.drawing import draw_five
from linchpin.kernel import commands
from linchpin.kernel.commands.looking import start_clock
from linchpin.kernel.commands.sampling import population, rank
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.records.models import DeclaredException, Record
from linchpin.kernel.records.readiness import readiness
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.trail import history
from tests.auditing import invite
from tests.cast import Cast

SEED = "41 pages, tea"


def line_of(cast: Cast, number: str, who: str = "daniel") -> Any:
    lines = [line for chapter in readiness(standard.catalogue("2015"), getattr(cast, who)) for line in chapter.lines]
    return next(line for line in lines if line.clause.number == number)


def aged(record: Any, days: int, **also: Any) -> None:
    """As if nobody had worked on it for so many days."""
    with permitted():
        Record.objects.filter(pk=record.pk).update(updated_at=timezone.now() - timedelta(days=days), **also)


def page(browser: Any, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_a_clause_is_proved_old_or_bare_and_every_figure_leads_to_its_register(cast: Cast, browser_of: Any) -> None:
    burr = cast.problem()
    text = page(browser_of("daniel"), "/ready/")
    address = re.search(r'href="(/nonconformity/\?[^"]*)"', text).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    assert burr.number in page(browser_of("daniel"), address) and line_of(cast, "8.7").state == "fresh" and line_of(cast, "4.1").state == "nothing"
    aged(burr, 364)
    assert line_of(cast, "10.2").state == "fresh"
    aged(burr, 367)
    assert line_of(cast, "10.2.1").state == "old" and "due-mark is-old" in page(browser_of("daniel"), "/ready/?edition=2026")
    aged(burr, 0, provenance="imported", created_at=timezone.now() - timedelta(days=900))
    assert line_of(cast, "10.2").state == "old"  # brought in today, and untouched: it counts from its own day


def test_the_filters_keep_to_a_unit_and_to_what_was_imported(cast: Cast, browser_of: Any) -> None:
    here, there = cast.problem(), cast.problem(unit=cast.lipnica)
    aged(there, 3, provenance="imported")
    text = page(browser_of("daniel"), f"/ready/?unit={cast.machining.pk}")
    assert ">1</span>" in text and f"unit={cast.machining.pk}" in text
    text = page(browser_of("daniel"), "/ready/?show=imported")
    address = re.search(r'href="(/nonconformity/\?[^"]*)"', text).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    listed = page(browser_of("daniel"), address)
    assert there.number in listed and here.number not in listed
    assert "There is no such unit" in page(browser_of("daniel"), "/ready/?unit=999999", 422)


def test_exceptions_of_this_year_stand_with_the_overdue_check_first_and_nobody_reads_what_is_not_theirs(cast: Cast, browser_of: Any) -> None:
    late, checked, secret = cast.problem(title="Late"), cast.problem(title="Checked"), cast.problem(title="Bribe", confidentiality="restricted")
    at = timezone.now()
    with permitted():
        for record, reason, days, due in ((checked, "Sunday shift", 5, 9), (late, "Alone on the line", 30, -4), (secret, "Hush", 2, 9)):
            DeclaredException.objects.create(record_id=record.pk, duty="x", sentence="Somebody else confirms.", reason=reason, declared_by=cast.marek.person,
                                             declared_at=at - timedelta(days=days), check_due=today() + timedelta(days=due))  # fmt: skip
            Record.objects.filter(pk=record.pk).update(exceptions=1)
        DeclaredException.objects.filter(record_id=checked.pk).update(checked_at=at, checked_by=cast.daniel.person, finding="It holds.")
    text = page(browser_of("daniel"), "/ready/?show=exceptions")
    assert text.index("Alone on the line") < text.index("Hush") < text.index("Sunday shift") and "1 check is overdue" in text and "It holds." in text
    assert "Hush" not in page(browser_of("aoife"), "/ready/?show=exceptions")


def test_the_page_asks_as_little_of_a_full_house_as_of_a_small_one(cast: Cast, browser_of: Any) -> None:
    browser = browser_of("aoife")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browser, "/ready/")
        return len(captured)

    cast.problem()
    asked()
    before = asked()
    for n in range(12):
        cast.problem(title=f"Burr {n}")
        commands.create("action", {"title": f"Gauge {n}", "kind": "other", "unit": cast.machining}, actor=cast.daniel)
    assert asked() == before <= 12


def test_aoife_draws_five_by_a_seed_that_anybody_can_repeat_and_keeps_what_was_missing(cast: Cast, browser_of: Any) -> None:
    uids = [(str(cast.problem(title=f"Burr {n}").uid), "") for n in range(9)]
    browser = browser_of("aoife")
    sent = {"population": "problems_open", "since": (today() - timedelta(days=30)).isoformat(), "seed": SEED, "unit": cast.company.pk, "once": "a"}
    home = browser.post("/ready/draws/", sent)["Location"]
    assert browser.post("/ready/draws/", sent)["Location"] == home  # sent twice, drawn once
    check = Record.objects.get(type="readiness_check").readinesscheck
    drawn = [one["uid"] for one in check.looked]
    assert drawn == sorted((uid for uid, _n in population("x", uids).members), key=lambda uid: rank(SEED, uid))[:5]
    first, second = drawn[:2]
    assert browser.post(f"{home}{first}/judge/", {"proof": "found"}).status_code == 422  # the clock begins with the opening
    assert browser.post(f"{home}{first}/open/")["Location"].startswith("/nonconformity/")
    assert "The clock of" in browser.post(f"{home}{second}/open/").content.decode()
    assert browser.post(f"{home}{first}/judge/", {"missing": " "}).status_code == 422
    browser.post(f"{home}{first}/judge/", {"missing": "No file shows the sample"})
    for uid in drawn[1:]:
        browser.post(f"{home}{uid}/open/")
        browser.post(f"{home}{uid}/judge/", {"proof": "found"})
    check.refresh_from_db()
    assert (check.status, check.found_n, check.population_n) == ("done", 4, 9) and "No file shows the sample" in check.missing
    assert browser.post(f"{home}{first}/judge/", {"proof": "found"}).status_code == 422  # what was found stays
    text = page(browser_of("daniel"), "/ready/draws/")
    assert "4 of 5" in text and "No file shows the sample" in text and "%" not in re.sub(r"<[^>]*>", "", text)
    assert [one.verb for one in history(check.pk)].count("start_clock") == 5


def test_only_who_drew_looks_up_and_no_guest_reads_it(cast: Cast, browser_of: Any) -> None:
    cast.problem()
    values = {"population": "problems_open", "since": today(), "seed": "x", "unit": cast.company}
    check = draw_five(values, actor=cast.hanna)
    uid = check.looked[0]["uid"]
    with pytest.raises(NotAllowed):
        start_clock(check, uid, actor=cast.daniel)
    with pytest.raises(NotAllowed):
        draw_five(values, actor=cast.seun)
    with pytest.raises(Refused, match="nothing to draw from"):
        draw_five(values | {"population": "audits"}, actor=cast.hanna)
    assert Record.objects.filter(type="readiness_check").count() == 1  # what could not be drawn leaves nothing
    with pytest.raises(Refused, match="drawn from stays"):
        commands.edit(check, {"seed": "kinder"}, actor=cast.hanna)
    invite(cast)
    assert browser_of("kateřina").get(f"/readiness_check/{check.number}/").status_code == 404


def test_kateřina_reads_by_clause_what_lies_within_her_visit(cast: Cast, browser_of: Any) -> None:
    cast.problem()
    cast.problem(unit=cast.lipnica)
    visit = invite(cast, unit=cast.machining)
    text = page(browser_of("kateřina"), "/room/clauses/")
    assert "Nonconformity" in text and f"unit={cast.machining.pk}" in text and "What would an auditor draw" not in text
    assert re.search(r"Nonconformit[a-z]+ <span class=\"faint\">1</span>", text)
    assert "Nothing yet" in page(browser_of("daniel"), f"/room/{visit.number}/clauses/")
