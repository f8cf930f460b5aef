"""The main job on real files: an audit's findings, their texts and their corrective actions, and registers that nobody prepared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from linchpin.chapters.improvement.actions.models import Action
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.exchange.bringing import Brought, bring_in
from linchpin.exchange.models import LooseLink
from linchpin.kernel import trail
from linchpin.kernel.links.models import Link
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.records.models import Record
from linchpin.kernel.search.finding import find
from linchpin.kernel.trail.models import Event
from tests.cast import Cast

FILES = (("findings", "fac-findings"), ("findings_text", "fac-findings-text"), ("corrective_action_plan", "fac-corrective-actions"))
Register = Callable[[str], Path]


def bring_all(register: Register, case: str, cast: Cast) -> list[Brought]:
    done = [bring_in(register(f"fac_{case}_{part}.xlsx"), "", profile, actor=cast.daniel) for part, profile in FILES]
    for brought in done:
        assert not [p for p in brought.errors if p["blocking"]]
        counts = brought.counts
        assert counts["rows"] == sum(counts[n] for n in ("created", "updated", "unchanged", "merged", "rejected", "blank"))
    return done


def oracle(register: Register, case: str) -> dict:
    return json.loads((register(f"fac_{case}_findings.xlsx").parent.parent / "oracles" / f"fac_{case}.json").read_text())


@pytest.mark.parametrize("case", ["171944_22", "182926_22"])
def test_an_audit_becomes_problems_with_their_texts_and_their_lasting_fixes(register: Register, case: str, cast: Cast) -> None:
    findings, texts, plans = bring_all(register, case, cast)
    expected = oracle(register, case)
    assert findings.counts["rows"] == expected["finding_award_rows"]
    assert (findings.counts["created"], texts.counts["updated"], plans.counts["created"]) == (
        expected["distinct_findings"], expected["text_rows"], expected["cap_rows"],
    )  # fmt: skip
    problems = list(Nonconformity.objects.order_by("serial"))
    severities = Counter(problem.severity for problem in problems)
    assert (severities["major"], severities["minor"]) == (expected["material_weakness"], expected["significant_deficiency"])
    assert {(p.source, p.provenance, p.status) for p in problems} == {("external_audit", "imported", "reported")}
    assert {p.reference.rpartition(" / ")[2]: p.prior_reference for p in problems if p.prior_reference} == expected["repeat_links"]
    assert all(p.repeat == bool(p.prior_reference) for p in problems)
    lengths = [len(p.description) for p in problems]
    assert abs(min(lengths) - expected["text_length_chars"]["min"]) < 10 and abs(max(lengths) - expected["text_length_chars"]["max"]) < 10
    assert not any(p.title.startswith("Audit finding ") for p in problems)
    for problem in problems:
        (fix,) = Action.objects.filter(parent_id=problem.pk)
        assert (fix.kind, fix.reference, fix.unit_id) == ("corrective", problem.reference, problem.unit_id) and fix.what
    assert len({p.number for p in problems}) == len(problems)


@pytest.mark.parametrize("case", ["171944_22", "182926_22"])
def test_each_file_brought_in_twice_changes_nothing_the_second_time(register: Register, case: str, cast: Cast) -> None:
    bring_all(register, case, cast)
    before = [Event.objects.count(), Record.objects.count(), list(Record.objects.order_by("pk").values_list("version", "head"))]
    for again in bring_all(register, case, cast):
        assert again.counts["created"] == again.counts["updated"] == 0
        assert again.counts["unchanged"] == again.counts["rows"] - again.counts["merged"] - again.counts["blank"]
    assert before == [Event.objects.count(), Record.objects.count(), list(Record.objects.order_by("pk").values_list("version", "head"))]


def test_the_trail_is_whole_the_texts_are_found_and_nobody_was_told(register: Register, cast: Cast) -> None:
    bring_all(register, "171944_22", cast)
    answer = trail.verify()
    assert answer.ok and answer.events >= 90, answer.first_fault
    assert find(cast.daniel, "procurement suspension", limit=5)
    assert not Notice.objects.exists()


def test_last_years_finding_is_linked_when_it_arrives(register: Register, cast: Cast, tmp_path: Path) -> None:
    bring_all(register, "171944_22", cast)
    assert LooseLink.objects.count() == 6 and not Link.objects.exists()
    last_year = tmp_path / "last_year.csv"
    last_year.write_text("auditee_uei,reference_number,is_material_weakness,is_significant_deficiency\n"
                         "JCJBPTJXYXH9,2021-003,N,Y\nJCJBPTJXYXH9,2021-004,N,Y\nM1LVPE5GLSD9,2021-003,N,Y\n")
    bring_in(last_year, "", "fac-findings", actor=cast.daniel)
    assert {(link.source.reference, link.kind, link.target.reference) for link in Link.objects.all()} == {
        ("JCJBPTJXYXH9 / 2022-009", "repeats", "JCJBPTJXYXH9 / 2021-003"), ("JCJBPTJXYXH9 / 2022-010", "repeats", "JCJBPTJXYXH9 / 2021-004"),
    }  # fmt: skip
    assert LooseLink.objects.count() == 4 and trail.verify().ok


@pytest.mark.parametrize(("name", "rows", "title"), [("cfpb_complaints_46.csv", 46, "Issue"), ("fda_published_483s.csv", 1723, "Legal Name")])
def test_registers_nobody_prepared_are_brought_in_by_guessing(register: Register, cast: Cast, name: str, rows: int, title: str) -> None:
    first = bring_in(register(name), "nonconformity", actor=cast.daniel, accept_guesses=True)
    assert first.counts["created"] == rows and first.counts["rejected"] == 0
    assert (title, "Title") in first.guessed and first.left_out == []
    assert Nonconformity.objects.exclude(reference="").exclude(description="").count() == rows
    second = bring_in(register(name), "nonconformity", actor=cast.daniel, accept_guesses=True)
    assert second.counts["unchanged"] == rows and Record.objects.count() == rows
    assert trail.verify().ok
