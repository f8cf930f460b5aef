"""A list of people before it is taken over: what its columns are, and what each row makes of whom."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linchpin.exchange.arrivals.people_matching import PLAIN, match_people
from linchpin.exchange.arrivals.people_reading import LABELS, NUMBER, PersonRow, read_people, understand_people
from linchpin.exchange.arrivals.receiving_many import data_of, look_into_people
from linchpin.exchange.models import ArrivedFile, StagedRow
from linchpin.exchange.reading.problems import shown
from linchpin.exchange.reading.sources import Book
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing
from linchpin.surfaces.web.arriving import found_file

SHOWN, CELL = 300, 40
EMPLOYMENTS = dict(Person.Employment.choices)
COLUMNS = ("name", "email", NUMBER, "initials", "position", "employment", "unit", "manager")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, uid: Any, file: Any) -> HttpResponse:
    """Choose what the columns are, and see what would become of each row."""
    found = found_file(request, uid, file)
    if found.becomes != ArrivedFile.PEOPLE:
        raise Http404
    book = Book(data_of(found), found.name)
    understood = understand_people(book, found.answers)
    if request.method == "POST" and found.state == ArrivedFile.State.OPEN:
        letters = [plan.column.letter for plan in understood.guess.plans]
        found.answers = {letter: name for letter in letters if (name := request.POST.get(f"field-{letter}", "")) in LABELS or name == ""}
        look_into_people(found, book)
        with writing():
            found.save(update_fields=["answers", "counts", "notes"])
        return redirect("arrived_people", uid=uid, file=file)
    rows = read_people(understood)
    match_people(rows)
    context = {
        "file": found, "arrival": found.arrival, "open": found.state == ArrivedFile.State.OPEN, "fields": LABELS.items(),
        "columns": [(p.column.letter, p.column.header, [_sample(s) for s in p.column.samples[:3]], p.field) for p in understood.guess.plans],
        "heads": [LABELS[name] for name in COLUMNS], "lines": [_line(one) for one in sorted(rows, key=_wrong_first)[:SHOWN]], "total": len(rows),
    }  # fmt: skip
    return render(request, "linchpin/arrived_people.html", context)


def _sample(cell: Any) -> str:
    """A few letters of a cell; whole numbers without decimals."""
    return shown(int(cell) if isinstance(cell, float) and cell.is_integer() else cell, CELL)


def _wrong_first(one: PersonRow) -> tuple[bool, bool, int]:
    return not one.wrong, not one.remarks, one.row


def _line(one: PersonRow) -> dict[str, Any]:
    label = dict(StagedRow.Outcome.choices).get(one.outcome, "")
    cells = []
    for name in COLUMNS:
        before = getattr(one.person, name, None) if one.person is not None and name in one.changes and name in PLAIN else None
        text = one.values.get(name, "")
        cells.append((LABELS[name], EMPLOYMENTS.get(text, text) if name == "employment" else text, str(before) if before else "", name in one.changes))
    return {"row": one.row, "outcome": one.outcome, "label": label, "cells": cells, "wrong": one.wrong, "remarks": one.remarks}
