"""Audits that others held, and lessons that others learned, brought in by the profiles that come with the product."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.improvement.actions.models import Action
from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.exchange.bringing import bring_in
from linchpin.exchange.reading.markup import as_plain
from linchpin.kernel import trail
from linchpin.kernel.links.models import Link
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.records.models import Record
from tests.cast import Cast

Register = Callable[[str], Path]
PARTS = {"findings": "fac-findings", "findings_text": "fac-findings-text", "corrective_action_plan": "fac-corrective-actions"}


@pytest.mark.parametrize(("case", "auditee"), [("171944_22", "JCJBPTJXYXH9"), ("182926_22", "M1LVPE5GLSD9")])
def test_a_federal_workbook_is_one_external_audit_with_its_findings_whichever_comes_first(register: Register, cast: Cast, case: str, auditee: str) -> None:
    findings = register(f"fac_{case}_findings.xlsx")
    bring_in(findings, "", "fac-audits", actor=cast.daniel)
    problems = bring_in(findings, "", "fac-findings", actor=cast.daniel).counts["created"]
    audit = Audit.objects.get()
    assert (audit.reference, audit.kind, audit.status, audit.provenance) == (f"{auditee} / 2022", "external", "reported", "imported")
    assert Link.objects.filter(source_id=audit.pk, kind="found", target__type="nonconformity").count() == problems
    again = bring_in(findings, "", "fac-audits", actor=cast.daniel)
    assert (again.counts["created"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 1)
    assert Audit.objects.count() == 1 and Link.objects.count() >= problems and trail.verify().ok


def test_two_federal_reports_with_the_same_numbers_stay_apart_however_often_they_come(register: Register, cast: Cast, tmp_path: Path) -> None:
    ours = {part: register(f"fac_171944_22_{part}.xlsx") for part in PARTS}
    theirs = {part: _of_another(path, "ZZZ9OTHERUEI", tmp_path) for part, path in ours.items()}
    for _time in range(2):
        for files in (ours, theirs):
            for part, profile in PARTS.items():
                bring_in(files[part], "", profile, actor=cast.daniel)
            bring_in(files["findings"], "", "fac-audits", actor=cast.daniel)
    assert (Audit.objects.count(), Nonconformity.objects.count(), Action.objects.count()) == (2, 60, 60)
    for audit in Audit.objects.all():
        auditee = audit.reference.partition(" / ")[0]
        found = Record.objects.filter(links_in__source_id=audit.pk, links_in__kind="found")
        assert found.count() == 30 and {one.reference.partition(" / ")[0] for one in found} == {auditee}
    assert all(fix.parent.reference == fix.reference for fix in Action.objects.select_related("parent")) and trail.verify().ok


def _of_another(path: Path, auditee: str, folder: Path) -> Path:
    """The same workbook, as somebody else might have sent it."""
    book = openpyxl.load_workbook(path)
    for row in book["Coversheet"].iter_rows():
        for place, cell in enumerate(row):
            if str(cell.value).strip() == "Auditee UEI:":
                row[place + 1].value = auditee
    book.save(folder / f"other_{path.name}")
    return folder / f"other_{path.name}"


def test_the_lessons_of_nasa_come_in_as_answered_reports_once(register: Register, cast: Cast) -> None:
    lessons = register("nasa_llis_odd_ids.csv")
    first = bring_in(lessons, "", "nasa-lessons", actor=cast.daniel)
    assert (first.counts["rows"], first.counts["created"], first.counts["rejected"]) == (768, 768, 0)
    arc = Concern.objects.get(reference="9501")
    assert (arc.title, arc.status, arc.place, arc.created_at.year) == ("Manhole Arc-Flash Risk Reduction", "answered", "KSC", 2014)
    assert "Categories: Energy, Facilities" in arc.saw and not Concern.objects.filter(answer__contains="<").filter(answer__contains="href").exists()
    assert bring_in(lessons, "", "nasa-lessons", actor=cast.daniel).counts["unchanged"] == 768
    assert not Notice.objects.exists()


def test_markup_becomes_what_its_reader_would_see() -> None:
    assert as_plain('<p>See <a href="https://x.example/a">the &quot;plan&quot;</a>.</p><ul><li>one<li>two</ul>') == (
        'See the "plan" (https://x.example/a).\n\n– one\n– two'
    )  # fmt: skip
    assert as_plain("5 < 6 and 7 > 2") == "5 < 6 and 7 > 2"
    assert as_plain("a &lt;script&gt; in words<script>alert(1)</script>") == "a ‹script› in words"
