"""The library of controlled documents: brought in from Daniel's list as it stood, matched by Grace, looked at again by whoever owns them."""

from __future__ import annotations

import heapq
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from linchpin.chapters.support.documents.lifecycle import next_review
from linchpin.chapters.support.documents.models import Document
from linchpin.demonstration.company.gathering import told
from linchpin.kernel.commands import edit, move
from linchpin.kernel.commands.importing import Changed, New, change_many, create_many
from linchpin.kernel.people.stage import Play, Stage
from linchpin.kernel.records.models import Confidentiality

SHELVES = Path(__file__).parent / "library"
BEFORE_DUE = timedelta(days=9)
"""How early somebody looks at a document again."""
LEFT = ("WI-MC-027", "WI-FO-002", "WI-TR-011", "QP-04", "QP-09", "F-LAB-02")
"""The six past their review, as the open action of Grace names them: each was put off once, and its new date has gone by too."""
PUT_OFF = timedelta(days=18)


def library(stage: Stage) -> Play:
    """Brought in at T−24 with own numbers, revisions and owners as text; owners matched a month later; then looked at again in time."""
    yield stage.at(stage.day(-24), "quality", 17.4)
    rows = [row for name in ("system", "floor", "sites") for row in _rows(stage, name)]
    _bring_in(stage, rows)
    yield stage.at(stage.day(-23), "quality", 11.0)
    _match(stage, rows)
    yield from _looked_at_again(stage, rows)


def _rows(stage: Stage, name: str) -> list[dict[str, Any]]:
    columns = ("number", "label", "months", "owner", "title", "purpose")
    shelves = told(name, SHELVES)["shelf"]
    return [{**shelf, **dict(zip(columns, line, strict=True))} for shelf in shelves for line in shelf["documents"]]


def _bring_in(stage: Stage, rows: list[dict[str, Any]]) -> None:
    """Each document with the revision that was in force, as an import makes them."""
    made = [_pair(stage, row) for row in rows]
    create_many([new for pair in made for new in pair], actor=stage.who("daniel"), reason="Documents.xlsx, the ones in force.")
    prints = [sha256(below.values["content"].encode()).hexdigest() for _above, below in made]
    changes = [Changed(a.record, {"effective": b.record, "fingerprint": p}) for (a, b), p in zip(made, prints, strict=True)]
    change_many(changes, actor=stage.who("daniel"))
    for row, (above, _below) in zip(rows, made, strict=True):
        stage.records[row["number"]] = above.record


def _pair(stage: Stage, row: dict[str, Any]) -> tuple[New, New]:
    day = stage.day(row["months"])
    raised, unit = stage.at(day, row["unit"], 9.0), stage.units[row["unit"]]
    values = {name: row[name] for name in ("title", "kind", "place", "clauses", "purpose", "review_months")}
    values |= {"reference": row["number"], "unit": unit, "due": _first_due(stage, row, day), "confidentiality": Confidentiality.PUBLIC}
    own = {"revision_label": row["label"], "in_force_on": day}
    above = New("document", values, status="in_force", owner_text=row["owner"], raised=raised, own=own)
    where = f"The text is the file {row['number']} {row['label']}.docx on the quality drive, as Daniel's list names it."
    known = {"title": row["title"], "label": row["label"], "content": f"{row['purpose']}\n\n{where}", "unit": unit, "confidentiality": Confidentiality.PUBLIC}
    return above, New("revision", known, status="effective", owner_text=row["owner"], raised=raised, parent=above, own={"effective_on": day})


def _first_due(stage: Stage, row: dict[str, Any], day: date) -> date:
    """When the list says that it is looked at again: the rounds before it was brought in were kept."""
    document, due = Document(kind=row["kind"], review_months=row["review_months"]), day
    while due < stage.day(-23) + BEFORE_DUE:
        due = next_review(document, due) or due
    return due


def _match(stage: Stage, rows: list[dict[str, Any]]) -> None:
    meant = told("matched", SHELVES)["matched"]
    known = [row for row in rows if row["owner"] in meant]
    changes = [Changed(stage.records[row["number"]], {"owner": stage.who(meant[row["owner"]]).person}) for row in known]
    change_many(changes, actor=stage.who("grace"), reason="Names and initials of the list, asked for one by one.")
    for row in known:
        row["keeper"] = meant[row["owner"]]


def _looked_at_again(stage: Stage, rows: list[dict[str, Any]]) -> Play:
    """Whoever owns it reads it a few days before it is due and says that it still holds; Grace where nobody does."""
    coming = [(stage.records[row["number"]].due, row["number"], row) for row in rows]
    heapq.heapify(coming)
    while coming and coming[0][0] - BEFORE_DUE < stage.today - timedelta(days=4):
        due, number, row = heapq.heappop(coming)
        document = Document.objects.get(pk=stage.records[number].pk)
        if not document.is_open or document.due is None:
            continue
        if document.due > due:  # a new revision came into force meanwhile
            heapq.heappush(coming, (document.due, number, row))
            continue
        yield stage.at(due - BEFORE_DUE, row["unit"], stage.dice("looked at", number, due).uniform(8.5, 16))
        if number in LEFT:
            why = "It does not hold as it stands: whoever works by it writes it anew."
            edit(document, {"due": due + PUT_OFF}, actor=stage.who("grace"), reason=why)
            continue
        document = move(document, "review", actor=stage.who(row.get("keeper", "grace")))
        heapq.heappush(coming, (document.due, number, row))
