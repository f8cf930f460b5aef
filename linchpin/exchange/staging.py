"""The rehearsal: what every row would become, kept beside the records until somebody accepts it. Nothing is sent to anyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linchpin.exchange.drafts import Ready, Said, as_json, dumped, fingerprints, loaded, ready
from linchpin.exchange.importable import importable
from linchpin.exchange.matching import REJECTED, match
from linchpin.exchange.models import Import, StagedRow
from linchpin.exchange.naming import Names
from linchpin.exchange.reading.fields import Fields
from linchpin.exchange.reading.headers import match_columns
from linchpin.exchange.reading.problems import letter, shown
from linchpin.exchange.reading.profile_writing import dumps
from linchpin.exchange.reading.profiles import check
from linchpin.exchange.reading.rehearsal import Rehearsal
from linchpin.exchange.reading.rows import rehearse_book
from linchpin.exchange.reading.shapes import Profile, Target
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.reading.values import NOTHING
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.records.tables import blank
from linchpin.kernel.trail.bulk import insert_rows, next_ids, without_collector

COLUMNS = ("id", "source_id", "row", "rows", "outcome", "reference", "draft", "before", "problems", "fingerprint")
Places = Mapping[str, tuple[str, str, int]]
"""Letter, header and place (from 0) of the column that feeds each field; a child's fields as `type:field`."""


@dataclass(slots=True)
class Rehearsed:
    """A rehearsal with its drafts made ready, and the rows of it as they are staged."""

    rehearsal: Rehearsal
    drafts: list[Ready]
    taken: list[StagedRow]
    rejected: list[StagedRow]

    @property
    def rows(self) -> list[StagedRow]:
        return sorted([*self.taken, *self.rejected], key=lambda row: row.row)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Every problem beside its cell, in the order of the file."""
        return sorted((p for row in self.rows for p in row.problems), key=lambda p: (p["row"], len(p["column"]), p["column"]))


def rehearse(source: Import, book: Book, profile: Profile, *, actor: Access) -> Rehearsed:
    """What the file would become by the profile, in memory. Raises Refused when the profile does not fit file or types."""
    fields = importable()
    if mistakes := check(profile, fields):
        raise Refused(*mistakes)
    with without_collector():
        return _rehearse(source, book, profile, fields, actor)


def _rehearse(source: Import, book: Book, profile: Profile, fields: Mapping[str, Fields], actor: Access) -> Rehearsed:
    rehearsal = rehearse_book(book, profile, fields)
    names = Names()
    drafts = [ready(draft, names, source.unit) for draft in rehearsal.drafts]
    kept = [dumped(one.draft) for one in drafts]
    for one, fingerprint in zip(drafts, fingerprints(kept), strict=True):
        one.fingerprint = fingerprint
    match(drafts, profile.match, actor=actor, overwrite=source.overwrite)
    places = places_of(rehearsal, profile)
    taken = list(_taken_rows(rehearsal, drafts, kept, places))
    rejected = list(_rejected_rows(rehearsal, places, fields[profile.type]))
    _describe(source, profile, rehearsal, [*taken, *rejected], places)
    return Rehearsed(rehearsal, drafts, taken, rejected)


def stage(source: Import, rehearsed: Rehearsed) -> None:
    """Keep the rehearsal in the place of any earlier one of the same import."""
    rows = rehearsed.rows
    kept = [_as_row(source, row) for row in rows]  # before anybody has to wait
    with writing():
        held = Import.objects.select_for_update(of=("self",)).get(pk=source.pk)
        if held.state not in (Import.State.OPEN, Import.State.READING, Import.State.REHEARSED):
            raise Refused(held.get_state_display())
        StagedRow.objects.filter(source=source).delete()
        for row, pk in zip(rows, next_ids(StagedRow, len(rows)), strict=True):
            row.pk = pk
        insert_rows(StagedRow, COLUMNS, [(row.pk, *columns) for row, columns in zip(rows, kept, strict=True)])
        for one, row in zip(rehearsed.drafts, rehearsed.taken, strict=True):
            for member in one.family():
                member.staged = row.pk
        source.state = Import.State.REHEARSED
        source.save(update_fields=["state", "counts", "notes", "profile"])


def restored(source: Import, rows: Iterable[StagedRow]) -> list[Ready]:
    """The drafts of staged rows, made ready anew with the names as they are matched now."""
    names, answer = Names(), []
    for row in rows:
        one = ready(loaded(row.draft), names, source.unit)
        one.fingerprint = row.fingerprint
        for member in one.family():
            member.staged = row.pk
        answer.append(one)
    return answer


def places_of(rehearsal: Rehearsal, profile: Profile) -> dict[str, tuple[str, str, int]]:
    """Which column of the file stands behind each field: the first that the file has."""
    at = match_columns(rehearsal.table.columns, profile.columns)
    headers = {column.index: column.header for column in rehearsal.table.columns}
    found: dict[str, tuple[str, str, int]] = {}

    def put(name: str, columns: Iterable[str]) -> None:
        index = next((at[column] for column in columns if column in at), None)
        if index is not None and name not in found:
            found[name] = (letter(index), headers.get(index, ""), index)

    def targets(prefix: str, each: Iterable[Target]) -> None:
        for target in each:
            put(prefix + target.field, [part.column for part in target.parts])

    put("reference", profile.key)
    targets("", profile.targets)
    for child in profile.children:
        targets(f"{child.type}:", child.targets)
    if profile.parent:
        put("parent", [profile.parent.column])
    return found


def _taken_rows(rehearsal: Rehearsal, drafts: Sequence[Ready], kept: Sequence[dict[str, Any]], places: Places) -> Iterable[StagedRow]:
    hints: dict[int, list[dict[str, Any]]] = {}
    for problem in rehearsal.problems:
        if not problem.blocking:
            hints.setdefault(problem.row, []).append(_as_problem(problem, places))
    for one, draft in zip(drafts, kept, strict=True):
        said = [hint for number in one.draft.rows for hint in hints.get(number, ())] + problems_of(one, places, rehearsal)
        yield blank(StagedRow, {
            "row": one.draft.rows[0], "rows": draft["rows"], "outcome": one.outcome, "reference": one.draft.reference, "draft": draft,
            "before": one.before, "fingerprint": one.fingerprint, "problems": said,
        })  # fmt: skip


def _rejected_rows(rehearsal: Rehearsal, places: Places, fields: Fields) -> Iterable[StagedRow]:
    """One staged row for each row of the file that became no draft: its cells as they stand under the fields."""
    by_row: dict[int, list[dict[str, Any]]] = {}
    for problem in rehearsal.problems:
        by_row.setdefault(problem.row, []).append(_as_problem(problem, places))
    for number in rehearsal.rejected_rows:
        cells = rehearsal.table.rows[number - 1]
        values = {n: shown(cells[i], 300) for n, (_letter, _header, i) in places.items() if n in fields and i < len(cells)}
        draft = {"type": "", "reference": "", "rows": [number], "values": values}
        yield StagedRow(row=number, rows=[number], outcome=REJECTED, reference=values.get("reference", "")[:120], draft=draft, problems=by_row.get(number, []))


def problems_of(one: Ready, places: Places, rehearsal: Rehearsal | None = None) -> list[dict[str, Any]]:
    """What was said of a draft and those below it, each beside its cell."""
    found = []
    for member in one.family():
        prefix = "" if member is one else f"{member.draft.type}:"
        found += [_beside(member, prefix, said, places, rehearsal) for said in (*member.said, *member.met)]
    return found


def _beside(one: Ready, prefix: str, said: Said, places: Places, rehearsal: Rehearsal | None) -> dict[str, Any]:
    row, index = one.draft.places.get(said.field, (one.draft.rows[0], -1))
    where = next((place for place in places.values() if place[2] == index), None) if index >= 0 else places.get(prefix + said.field)
    column, header, at = where or ("", "", -1)
    value = shown(one.draft.values.get(said.field, ""))
    if rehearsal is not None and at >= 0:
        cells = rehearsal.table.rows[row - 1]
        value = shown(cells[at]) if at < len(cells) else ""
    return {"row": row, "column": column, "header": header, "value": value, "message": said.sentence, "blocking": said.blocking, "field": prefix + said.field}


def _as_problem(problem: Any, places: Places) -> dict[str, Any]:
    field = next((name for name, place in places.items() if place[0] == problem.column), "")
    return {**problem.as_dict(), "blocking": problem.blocking, "field": field}


def _gaps(key: str, rows: Sequence[StagedRow]) -> list[list[Any]]:
    """Labels of what the house asks of new records, and how many new ones say nothing there: they come in all the same."""
    record_type, new = get_type(key), [row.draft["values"] for row in rows if row.outcome == StagedRow.Outcome.NEW]
    counted = [(record_type.field_label(name), sum(values.get(name) in (None, "") for values in new)) for name in record_type.asked_by_house]
    return [[label, n] for label, n in counted if n]


def _describe(source: Import, profile: Profile, rehearsal: Rehearsal, rows: Sequence[StagedRow], places: Places) -> None:
    """What the import says of its rehearsal, so that a page needs no file to show it."""
    outcomes = Counter(row.outcome for row in rows)
    rejected = sum(len(row.rows) for row in rows if row.outcome == REJECTED)
    counts = rehearsal.counts
    source.profile = dumps(profile)
    source.counts = {
        "read": counts.read, "blank": counts.blank, "rejected": rejected, "merged": sum(len(r.rows) - 1 for r in rows if r.outcome != REJECTED),
        **{outcome.value: outcomes[outcome.value] for outcome in StagedRow.Outcome if outcome.value != REJECTED},
    }  # fmt: skip
    source.notes = {
        "warnings": source.notes.get("warnings", []), "missing": rehearsal.missing,
        "left_out": [[c.letter, c.header, c.filled] for c in rehearsal.left_out],
        "gaps": _gaps(source.type, rows),
        "places": {name: list(place) for name, place in places.items()},
        "names": {kind: _counted(rehearsal, kind) for kind in ("person", "unit")},
    }  # fmt: skip


def _counted(rehearsal: Rehearsal, kind: str) -> dict[str, int]:
    """In how many drafts each name of that kind is said."""
    if not rehearsal.names.get(kind):
        return {}
    fields = importable()
    counted: Counter[str] = Counter()
    for top in rehearsal.drafts:
        for draft in (top, *top.children):
            counted.update({str(v) for n, v in draft.values.items() if fields[draft.type][n].kind == kind and str(v).lower() not in NOTHING})
    return dict(counted)


def _as_row(source: Import, row: StagedRow) -> tuple[Any, ...]:
    told = (as_json(value) for value in (row.draft, row.before, row.problems))
    return source.pk, row.row, as_json(row.rows), row.outcome, row.reference, *told, row.fingerprint

