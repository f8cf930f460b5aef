"""Daniel charts and studies spreadsheets from the command line, without an installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from linchpin.surfaces.cli.main import main
from tests.statistics import published_series as data
from tests.statistics.printed import shared


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def said(*arguments: Any) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def sheet(folder: Path, name: str, **columns: list[Any]) -> Path:
    lines = [",".join(columns), *(",".join("" if cell is None else str(cell) for cell in row) for row in zip(*columns.values(), strict=True))]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_chart_as_json_has_the_promised_names(tmp_path: Path) -> None:
    found = said("chart", sheet(tmp_path, "flow.csv", flow=data.FLOW), "--kind", "xmr", "--value", "flow", "--constants", "table")
    assert (found["kind"], found["n"], found["center"]) == ("xmr", 10, 50.81) and found["upper"] == pytest.approx(55.8041, abs=5e-5)
    assert found["signals"] == [] and "provisional" in found["warnings"][0]
    wafers = said("chart", sheet(tmp_path, "wafers.csv", defects=[int(d) for d in data.WAFERS]), "--kind", "c", "--value", "defects")
    assert [(s["index"], s["rule"]) for s in wafers["signals"]] == [(24, "beyond-limits")]


def test_limits_that_differ_by_point_are_lists(tmp_path: Path) -> None:
    path = sheet(tmp_path, "cloth.csv", defects=[int(x) for x in data.CLOTH], square=data.CLOTH_SIZES)
    found = said("chart", path, "--kind", "u", "--value", "defects", "--size", "square")
    assert len(found["upper"]) == 10 and found["upper"][1] == pytest.approx(2.6886, abs=5e-5)


def test_subgroups_from_a_column_or_from_several(tmp_path: Path) -> None:
    rows = data.rings(data.RINGS_I)
    long = sheet(tmp_path, "long.csv", d=[d for row in rows for d in row], sample=[i for i, row in enumerate(rows) for _d in row])
    wide = sheet(tmp_path, "wide.csv", **{f"d{i}": [row[i] for row in rows] for i in range(5)})
    one = said("chart", long, "--kind", "xbar-r", "--value", "d", "--subgroup", "sample")
    other = said("chart", wide, "--kind", "xbar-r", *(part for i in range(5) for part in ("--value", f"d{i}")))
    assert one["upper"] == pytest.approx(74.014304, abs=1e-6) and other["upper"] == one["upper"] and one["companion"]["kind"] == "r"


def test_a_workbook_with_a_condition(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["month", "days", "site"])
    for month, days in enumerate([10, 12, 10, 12, 40, 10, 12], 1):
        book.active.append([month, days, "Cork"])
        book.active.append([month, 99, "Graz"])
    book.save(tmp_path / "days.xlsx")
    found = said("chart", tmp_path / "days.xlsx", "--kind", "xmr", "--value", "Days", "--where", "site=cork", "--exclude", 5)
    assert found["n"] == 7 and found["center"] == 11 and found["signals"][0]["index"] == 5


def test_every_kind_of_chart_answers_and_draws(tmp_path: Path) -> None:
    path = sheet(tmp_path, "all.csv", found=[4, 6, 5, 7, 3, 5, 6, 4, 5, 6, 4, 7, 5], size=[50, 60, 55, 50, 52, 58, 61, 49, 50, 57, 53, 55, 60],
                 group=[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4])  # fmt: skip
    extra = {"xbar-s": ["--subgroup", "group"], "p": ["--size", "size"], "u": ["--size", "size"], "p-prime": ["--size", "size"], "u-prime": ["--size", "size"],
             "np": ["--size", "50"]}  # fmt: skip
    for kind in ("xmr", "xbar-s", "p", "np", "c", "u", "p-prime", "u-prime", "ewma", "cusum", "g", "t", "run"):
        out = tmp_path / f"{kind}.json"
        result = run("chart", path, "--kind", kind, "--value", "found", *extra.get(kind, []), "-o", out)
        assert result.exit_code == 0 and "Method:" in result.stdout, result.output
        assert json.loads(out.read_text())["$schema"].endswith("vega-lite/v6.json")


def test_a_picture_is_written(tmp_path: Path) -> None:
    path = sheet(tmp_path, "v.csv", batch=data.VISCOSITY)
    out = tmp_path / "v.svg"
    result = run("chart", path, "--kind", "xmr", "--value", "batch", "-o", out)
    assert "Something changed: above the upper limit at 4." in result.stdout
    assert "<svg" in out.read_text() and 'role="img"' in out.read_text() and "4 beyond the upper limit" in out.read_text()
    assert run("chart", path, "--kind", "xmr", "--value", "batch", "-o", tmp_path / "v.pdf").exit_code == 2


def test_studies_of_real_sheets() -> None:
    bolts = said("study", shared("measurements/ss_data_bolts.csv"), "--kind", "capability", "--value", "diameter", "--lower", 9.5, "--upper", 10.5)
    assert bolts["pp"]["value"] == pytest.approx(0.91140086366) and bolts["pp"]["lower"] == pytest.approx(0.73138308694) and bolts["stable"]
    grr = said("study", shared("measurements/ss_data_rr.csv"), "--kind", "grr", "--value", "time1", "--part", "prototype", "--appraiser", "operator")
    gauge = next(one for one in grr["components"] if one["source"] == "gauge")
    assert grr["ndc"] == 2 and gauge["contribution"] == pytest.approx(25.38, abs=0.005) and gauge["study_variation"]["lower"] < 50
    climate = said("study", shared("surveys/lq2002_leadership_climate.csv"), "--kind", "survey", "--value", "LEAD*", "--group", "COMPID")
    assert climate["alpha"]["alpha"]["value"] == pytest.approx(0.90223656576) and climate["icc"]["icc1"]["value"] == pytest.approx(0.087956218522)
    effect = said("study", shared("measurements/qi_cdi.csv"), "--kind", "effect", "--value", "n", "--exposure", "days", "--phase", "period")
    assert effect["start"] == 25 and effect["contrast"]["upper"] < 1


def test_small_studies(tmp_path: Path) -> None:
    path = sheet(tmp_path, "s.csv", cause=["burr", "burr", "scratch"] * 8, days=list(range(24)), site=["Cork", "Graz"] * 12)
    assert said("study", path, "--kind", "pareto", "--value", "cause")["causes"][0]["name"] == "burr"
    assert said("study", path, "--kind", "trend", "--value", "days")["direction"] == "rising"
    assert said("study", path, "--kind", "means", "--value", "days", "--group", "site")["difference"]["value"] == -1
    assert "change_points" not in said("study", path, "--kind", "change-points", "--value", "days")
    parts, word = [p for p in range(12) for _who in "AB"], ("ok", "bad")
    says = [word[(p * 7 + w) % 3 == 0] for p in range(12) for w in (0, p % 2)]
    judged = sheet(tmp_path, "j.csv", part=parts, who=["A", "B"] * 12, says=says, right=[word[p * 7 % 3 == 0] for p in parts])
    found = said("study", judged, "--kind", "agreement", "--value", "says", "--part", "part", "--appraiser", "who", "--reference", "right")
    assert found["against_reference"][0][1]["kappa"]["value"] == 1


def test_a_survey_of_few_shows_nothing() -> None:
    result = run("study", shared("surveys/cohesion_small.csv"), "--kind", "survey", "--value", "COH*", "--group", "PLATOON")
    assert result.exit_code == 0 and "1ST" in result.stdout and "not shown" in result.stdout


REFUSED = [
    (["--kind", "xmr", "--value", "flow"], "bad.csv: Row 4, column “flow”: “n.m.” is not a number."),
    (["--kind", "xmr", "--value", "rate"], "There is no column “rate”. The file has: flow, found, size."),
    (["--kind", "c", "--value", "found"], "bad.csv: Row 3, column “found”: Value 2 of “found” is -2: a count cannot be negative."),
    (["--kind", "p", "--value", "size"], "A chart of kind p needs --size"),
    (["--kind", "xbar-r", "--value", "size"], "Name the column of the subgroups with --subgroup"),
    (["--kind", "xmr", "--value", "size", "--where", "size=9"], "No row has size = “9”. There are: 50, 60, 55."),
    (["--kind", "xmr", "--value", "size", "--stage", "3", "--baseline", "2"], "Choose one of a baseline"),
    (["--kind", "xmr", "--value", "size", "--rules", "nelsen"], "There is no set of rules “nelsen”"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_what_cannot_be_used_is_said_with_row_and_column(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    path = sheet(tmp_path, "bad.csv", flow=[1, 2, "n.m."], found=[1, -2, 3], size=[50, 60, 55])
    result = run("chart", path, *arguments)
    assert result.exit_code == 2 and sentence in result.stderr and "Traceback" not in result.output


def test_an_empty_cell_is_a_gap_and_is_said(tmp_path: Path) -> None:
    path = sheet(tmp_path, "gap.csv", month=list("abcdef"), days=[1, 2, None, "NA", 3, 1])
    result = run("chart", path, "--kind", "xmr", "--value", "days")
    assert "2 of 6 points are missing" in result.stdout
    empty = tmp_path / "empty.csv"
    empty.write_text("a,b\n")
    assert "no rows below it" in run("chart", empty, "--kind", "xmr", "--value", "a").stderr
