"""What goes out as a file comes in again: every type, every ending that an import reads."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from linchpin.exchange.bringing import bring_in
from linchpin.exchange.writing_out import write_register
from linchpin.kernel import trail
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.listing import Asked
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.search.finding import find
from tests.cast import Cast
from tests.contract.walking import fresh, raise_one


def written(kind: RecordType, cast: Cast, ending: str, path: Path, who: str = "daniel") -> Path:
    target = path / f"{kind.key}.{ending}"
    with target.open("wb") as out:
        write_register(kind, Asked(), getattr(cast, who), ending, out)
    return target


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(kind: RecordType, ending: str, cast: Cast, tmp_path: Path) -> None:
    """Numbers become own numbers, everything else stays what it was; nothing typed is lost, and the trail is whole."""
    raised = {record.number: record for n in range(3) if (record := raise_one(kind, cast, title=f"Round trip {n}"))}
    brought = bring_in(written(kind, cast, ending, tmp_path), kind.key, actor=cast.daniel, accept_guesses=True)
    assert (brought.counts["rows"], brought.counts["created"], brought.counts["rejected"], brought.questions) == (3, 3, 0, [])
    imported = list(kind.model._default_manager.filter(provenance="imported"))
    assert {record.reference for record in imported} == set(raised)
    for record in imported:
        assert_same(kind, fresh(kind, raised[record.reference]), record)
    assert {hit.record.pk for hit in find(cast.daniel, "Round trip 1")} >= {r.pk for r in imported if r.title == "Round trip 1"}
    trail.seal_pending()
    assert trail.verify().ok


def assert_same(kind: RecordType, original: Any, copy: Any) -> None:
    assert (copy.status, copy.phase) == (original.status, original.phase)
    for name in kind.fields:
        if name == "reference":
            continue
        was, now = as_text(getattr(original, name)), as_text(getattr(copy, name))
        assert (now or "") == (was or ""), f"{name}: {was} became {now}"


def test_a_file_shows_what_one_may_see_and_no_formula_runs(kind: RecordType, cast: Cast, tmp_path: Path) -> None:
    hidden = raise_one(kind, cast, confidentiality="restricted", owner=None, title="Quetzalcoatlus")
    raise_one(kind, cast, title="=HYPERLINK(evil)")
    reader = next(name for name in ("priya", "marek") if getattr(cast, name).covers(kind.who("read"), cast.machining.pk))
    for ending in ("csv", "jsonl"):
        text = written(kind, cast, ending, tmp_path, reader).read_text("utf-8-sig")
        assert hidden.number not in text and "Quetzalcoatlus" not in text
        if ending == "csv":
            (row,) = csv.DictReader(io.StringIO(text))
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values()), row
        else:
            assert json.loads(text)["title"] == "=HYPERLINK(evil)"
