"""Rehearsal: rows become drafts of records, with every problem beside its cell. Nothing is written, nothing silently dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.reading.dates import date_order
from linchpin.exchange.reading.fields import Field, Fields
from linchpin.exchange.reading.given import constants_of, with_given
from linchpin.exchange.reading.headers import Table, find_table, match_columns
from linchpin.exchange.reading.merging import Found, Merged, merge
from linchpin.exchange.reading.numbers import decimal_style
from linchpin.exchange.reading.problems import Problem, Unreadable
from linchpin.exchange.reading.rehearsal import Counts, Draft, LeftOut, LinkTo, Rehearsal, names_in, problem_beside
from linchpin.exchange.reading.shapes import Child, Part, Profile, Target
from linchpin.exchange.reading.sources import Book, Row, is_blank
from linchpin.exchange.reading.values import as_text, read, text_of
from linchpin.kernel.records.refusals import Refused

NOTHING_FOUND = Merged()
REFERENCE = Field("reference", "reference", "line", longest=120)
BETWEEN_REFERENCES = re.compile(r"[,;\n]")


def rehearse_book(book: Book, profile: Profile, fields: Mapping[str, Fields]) -> Rehearsal:
    """Rehearse the sheet that the profile names, else the first one with all its required columns. Raises Refused."""
    names = [sheet.name for sheet in book.sheets if sheet.rows]
    if not names:
        raise Refused(_("The file has no sheet with cells."))
    tried = [profile.sheet] if profile.sheet in names else names
    refusal: Refused | None = None
    for name in tried:
        try:
            covers = [other for other in names if other != name] if any(column.beside for column in profile.columns) else []
            return rehearse(book.cells(name), profile, fields, [book.cells(other) for other in covers])
        except Refused as refused:
            refusal = refusal or refused
    assert refusal
    raise refusal


def rehearse(cells: Sequence[Row], profile: Profile, fields: Mapping[str, Fields], beside: Sequence[Sequence[Row]] = ()) -> Rehearsal:
    """What the rows become by the profile. `fields` holds the fields of the profile's type and of its children's, by type; `beside`, rows of other sheets.

    Raises Refused when a required column is missing.
    """
    known = [header for column in profile.columns for header in column.known_by]
    table = find_table(cells, profile.header_row, known)
    return _Rehearsing(table, profile, fields, beside).run()


class _Rehearsing:
    def __init__(self, table: Table, profile: Profile, fields: Mapping[str, Fields], beside: Sequence[Sequence[Row]]) -> None:
        self.profile, self.fields = profile, fields
        self.places = match_columns(table.columns, profile.columns)
        self.table = table = with_given(table, profile.columns, self.places, beside)
        self._insist_on_required()
        self.ignored = {self.places[name] for name in profile.left_out if name in self.places}
        self.used = {self.places[name] for name in profile.used_columns() if name in self.places}
        self.unknown = [column for column in table.columns if column.index not in self.used | self.ignored]
        self.targets = [self._settled(t, fields[profile.type]) for t in profile.targets]
        self.children = [replace(c, targets=tuple(self._settled(t, fields[c.type]) for t in c.targets)) for c in profile.children]
        self.constants = constants_of(profile.constants, fields[profile.type])
        types = {profile.type, *(child.type for child in profile.children)}
        self.needed = {key: [(n, f) for n, f in fields[key].items() if f.required and not f.has_default] for key in types}
        self.problems: list[Problem] = []
        self.rejected: set[int] = set()
        self.blank = 0

    def run(self) -> Rehearsal:
        groups = list(self._groups())
        drafts = [draft for key, numbers in groups if (draft := self._draft(key, numbers))]
        read_rows = len(self.table.rows) - self.table.header_row
        merged = sum(len(draft.rows) - 1 for draft in drafts)
        counts = Counts(read_rows, len(drafts), merged, len(self.rejected), self.blank)
        missing = [c.known_by[0] for c in self.profile.columns if c.name not in self.places]
        self.problems.sort(key=lambda p: (p.row, len(p.column), p.column))
        return Rehearsal(self.table, drafts, self.problems, sorted(self.rejected), counts, self._left_out(), missing, names_in(drafts, self.fields))

    def _insist_on_required(self) -> None:
        lacking = [c.known_by[0] for c in self.profile.columns if c.required and c.name not in self.places]
        if lacking:
            there = ", ".join(f"“{column.header}”" for column in self.table.columns[:20])
            raise Refused(_("The file has no column %(lacking)s, which the profile “%(profile)s” needs. It has: %(there)s.")
                          % {"lacking": ", ".join(f"“{n}”" for n in lacking), "profile": self.profile.title or self.profile.name, "there": there})  # fmt: skip

    def _settled(self, target: Target, fields: Fields) -> Target:
        """The target with each undeclared order of days and sign of decimals decided by its own column."""
        return replace(target, parts=tuple(self._settle(part, fields[target.field]) for part in target.parts))

    def _settle(self, part: Part, field: Field) -> Part:
        index = self.places.get(part.column)
        if index is None:
            return part
        label = part.label or next(c.header for c in self.table.columns if c.index == index)
        part = replace(part, label=label)
        if field.kind in ("date", "datetime") and not part.dates:
            order = date_order(self.table.column(index))
            return replace(part, dates=order if order in ("dmy", "mdy") else "")
        if field.kind in ("integer", "decimal") and not part.decimals:
            style = decimal_style(self.table.column(index))
            return replace(part, decimals=style if style in ("point", "comma") else "")
        return part

    def _groups(self) -> Iterator[tuple[str, list[int]]]:
        """Rows by their key, in order of first appearance; without a key each row stands alone."""
        groups: dict[str, list[int]] = {}
        for number, row in enumerate(self.table.rows[self.table.header_row :], self.table.header_row + 1):
            if not any(value is not None and index not in self.ignored and not is_blank(value) for index, value in enumerate(row)):
                self.blank += 1
            elif not self.profile.key:
                groups[f"row {number}"] = [number]
            elif key := self._key(number):
                groups.setdefault(key, []).append(number)
        for key, numbers in groups.items():
            if len(numbers) > 1 and self.profile.repeated != "merge":
                self._refuse_repeated(key, numbers)
            else:
                yield key if self.profile.key else "", numbers

    def _key(self, number: int) -> str:
        """The row's reference; a row without one is rejected."""
        pieces = []
        for name in self.profile.key:
            try:
                piece = " ".join(text_of(self._cell(number, name)).split())
                if not piece:
                    raise Unreadable(_("It is empty: every row needs it to be found again."))
            except Unreadable as problem:
                self._reject(number, self.places.get(name, -1), str(problem))
                return ""
            pieces.append(piece)
        key = self._within(number, self.profile.within) + " / ".join(pieces)
        if len(key) > REFERENCE.longest:
            self._reject(number, self.places[self.profile.key[0]], _("It has %s characters; as a reference at most 120 fit.") % len(key))
            return ""
        return key

    def _within(self, number: int, column: str) -> str:
        """What a reference of the row begins with, where the file says whose number it is."""
        said = " ".join(self._text(number, column).split()) if column else ""
        return f"{said} / " if said else ""

    def _refuse_repeated(self, key: str, numbers: list[int]) -> None:
        index = self.places[self.profile.key[0]]
        for number in numbers:
            others = ", ".join(str(n) for n in numbers if n != number)
            self._reject(number, index, _("“%(key)s” also stands in row %(others)s: keep one of them, or let the profile merge them.")
                         % {"key": key, "others": others})  # fmt: skip

    def _draft(self, key: str, numbers: list[int]) -> Draft | None:
        """The record that the rows make, or None when a problem in any of them rejects them all."""
        draft = Draft(self.profile.type, key, dict(self.constants), tuple(numbers))
        self._fill(draft, self.targets, numbers)
        if self.profile.key and "reference" in self.fields[self.profile.type]:
            draft.values["reference"] = key
            draft.places["reference"] = (numbers[0], self.places[self.profile.key[0]])
        self._keep_unknown(draft)
        self._need(draft)
        for child in self.children:
            self._add_children(draft, child)
        draft.links = list(dict.fromkeys(link for number in numbers for link in self._links(number)))
        draft.parent = self._parent(numbers[0])
        if self.rejected.isdisjoint(numbers):
            return draft
        self._reject_with_them(numbers)
        return None

    def _fill(self, draft: Draft, targets: Sequence[Target], numbers: Sequence[int]) -> None:
        fields = self.fields[draft.type]
        for target in targets:
            field = fields[target.field]
            if len(numbers) == 1 and len(target.parts) == 1 and target.combine != "labels":
                found = self._only(target, field, numbers[0])
            else:
                found = merge(target, [list(self._found(target, field, number)) for number in numbers])
            for row, index, sentence, blocking in found.remarks:
                self._say(row, index, sentence, blocking)
            if found.place is None:
                continue
            value = found.value
            if field.longest and isinstance(value, str) and len(value) > field.longest:
                self._reject(*found.place, _("It has %(n)s characters; in “%(field)s” at most %(most)s fit.")
                             % {"n": len(value), "field": field.label, "most": field.longest})  # fmt: skip
            draft.values[target.field] = value
            draft.places[target.field] = found.place
        draft.whens = {target.field: target.when for target in targets if target.when != "always"}

    def _only(self, target: Target, field: Field, number: int) -> Merged:
        """The value of a field that one cell alone gives: nothing has to be merged."""
        if (found := next(self._found(target, field, number), None)) is None:
            return NOTHING_FOUND
        joined = target.merge == "join" and not isinstance(found.value, str)
        return Merged(as_text(found.value) if joined else found.value, (number, found.index))

    def _found(self, target: Target, field: Field, number: int) -> Iterator[Found]:
        """The values that the row's cells give to the field; unreadable ones reject the row."""
        for part in target.parts:
            try:
                value = read(self._cell(number, part.column), field, part)
            except Unreadable as problem:
                self._reject(number, self.places[part.column], str(problem))
            else:
                if value is not None:
                    yield Found(part, value, number, self.places[part.column])

    def _need(self, draft: Draft) -> None:
        """A new record needs its required fields; one that is only attached to brings its own."""
        if self.profile.match == "attach" and draft.type == self.profile.type:
            return
        for name, field in self.needed[draft.type]:
            if draft.values.get(name) in (None, "") and self.rejected.isdisjoint(draft.rows):
                column = next((p.column for t in self.profile.all_targets() if t.field == name for p in t.parts), "")
                self._reject(draft.rows[0], self.places.get(column, -1), _("“%s” is empty: every new record needs it.") % field.label)

    def _add_children(self, draft: Draft, child: Child) -> None:
        """Records under the draft, one for each row that says something different; the first shares its parent's reference."""
        constants = constants_of(child.constants, self.fields[child.type])
        seen: list[dict[str, Any]] = []
        for number in draft.rows:
            made = Draft(child.type, "", {}, (number,))
            self._fill(made, child.targets, [number])
            if not made.values or made.values in seen:
                continue
            seen.append(dict(made.values))
            same = sum(other.type == child.type for other in draft.children)
            made.reference = draft.reference and (f"{draft.reference}/{same + 1}" if same else draft.reference)
            made.values = {**constants, **made.values} | ({"reference": made.reference} if made.reference else {})
            self._need(made)
            draft.children.append(made)

    def _links(self, number: int) -> Iterator[LinkTo]:
        for link in self.profile.links:
            for piece in BETWEEN_REFERENCES.split(self._text(number, link.column)):
                if (reference := " ".join(piece.split())) and reference not in link.empty:
                    yield LinkTo(link.kind, link.type, self._within(number, link.within) + reference)

    def _parent(self, number: int) -> tuple[str, str] | None:
        if not (parent := self.profile.parent):
            return None
        if reference := " ".join(self._text(number, parent.column).split()):
            return parent.type, self._within(number, parent.within) + reference
        self._reject(number, self.places.get(parent.column, -1), _("It is empty: it should name the record that this one belongs to."))
        return None

    def _keep_unknown(self, draft: Draft) -> None:
        """Columns that the profile does not know are kept as lines of the declared text field."""
        if not (name := self.profile.unknown_into):
            return
        lines = []
        for column in self.unknown:
            texts = dict.fromkeys(t for n in draft.rows if (t := self._text_at(n, column.index)))
            if texts:
                lines.append(f"{column.header}: {', '.join(texts)}")
        if lines:
            draft.values[name] = "\n".join(filter(None, [draft.values.get(name), *lines]))

    def _left_out(self) -> list[LeftOut]:
        kept = {c.index for c in self.unknown} if self.profile.unknown_into else set()
        return [LeftOut(c.letter, c.header, c.filled) for c in self.table.columns if c.index not in self.used | kept]

    def _cell(self, number: int, column: str) -> Any:
        index = self.places.get(column)
        row = self.table.rows[number - 1]
        return row[index] if index is not None and index < len(row) else None

    def _text(self, number: int, column: str) -> str:
        index = self.places.get(column)
        return "" if index is None else self._text_at(number, index)

    def _text_at(self, number: int, index: int) -> str:
        row = self.table.rows[number - 1]
        try:
            return text_of(row[index] if index < len(row) else None)
        except Unreadable as problem:
            self._reject(number, index, str(problem))
            return ""

    def _reject(self, row: int, index: int, message: str) -> None:
        self.rejected.add(row)
        self._say(row, index, message, blocking=True)

    def _say(self, row: int, index: int, message: str, blocking: bool) -> None:
        found = problem_beside(self.table, row, index, message, blocking) if index >= 0 else Problem(row, "", "", "", message, blocking)
        if found not in self.problems[-50:]:
            self.problems.append(found)
        if blocking:
            self.rejected.add(row)

    def _reject_with_them(self, numbers: Sequence[int]) -> None:
        faulty = next(n for n in numbers if n in self.rejected)
        for number in numbers:
            if number not in self.rejected:
                sentence = _("Row %s has the same key and a problem: they are taken together or not at all.") % faulty
                self._reject(number, self.places[self.profile.key[0]], sentence)
