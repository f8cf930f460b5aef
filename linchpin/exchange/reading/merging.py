"""Several cells of one field become one value: columns of a row by `combine`, rows of a key by `merge`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.reading.problems import shown
from linchpin.exchange.reading.shapes import Part, Target
from linchpin.exchange.reading.values import as_text


@dataclass(frozen=True, slots=True)
class Found:
    """A value that one cell gave: its part, row (from 1) and column (from 0)."""

    part: Part
    value: Any
    row: int
    index: int


@dataclass(slots=True)
class Merged:
    """The one value, the cell it is credited to, and sentences about cells that say otherwise (row, column, sentence, blocking)."""

    value: Any = None
    place: tuple[int, int] | None = None
    remarks: list[tuple[int, int, str, bool]] = field(default_factory=list)


def merge(target: Target, rows: Sequence[Sequence[Found]]) -> Merged:
    """The field's value from the cells of one key's rows; each row lists only cells that said something."""
    filled = [row for row in rows if row]
    if not filled:
        return Merged()
    place = (filled[0][0].row, filled[0][0].index)
    if target.merge == "join":
        return Merged(_assembled(target, [found for row in filled for found in row]), place)
    each = [(_assembled(target, row), row[0]) for row in filled]
    if len(each) == 1:
        return Merged(each[0][0], place)
    if target.merge == "max":
        value, found = max(each, key=lambda pair: _rank(pair[0], target.order))
        return Merged(value, (found.row, found.index))
    return _one_of(target, each)


def _one_of(target: Target, each: list[tuple[Any, Found]]) -> Merged:
    """The first value; every other one that differs is remarked upon, and under `same` blocks."""
    value, first = each[0]
    answer = Merged(value, (first.row, first.index))
    blocking = target.merge == "same"
    for other, found in each[1:]:
        if other == value:
            continue
        facts = {"other": shown(as_text(other)), "row": first.row, "value": shown(as_text(value))}
        if blocking:
            sentence = _("“%(other)s” contradicts row %(row)s, which has the same key and says “%(value)s”: make them agree.") % facts
        else:
            sentence = _("“%(other)s” differs from row %(row)s, which has the same key: “%(value)s” is kept.") % facts
        answer.remarks.append((found.row, found.index, sentence, blocking))
    return answer


def _assembled(target: Target, found: Sequence[Found]) -> Any:
    """One value from several cells: the first, or all different ones as text, under their labels where `labels` asks."""
    if target.combine == "first" and target.merge != "join":
        return found[0].value
    if target.combine == "first":
        return "; ".join(_different(f.value for f in found))
    by_part: dict[int, list[Found]] = {}
    for cell in found:
        by_part.setdefault(target.parts.index(cell.part), []).append(cell)
    pieces = []
    for number, cells in sorted(by_part.items()):
        text = ", ".join(_different(cell.value for cell in cells))
        label = target.parts[number].label if target.combine == "labels" else ""
        pieces.append(f"{label}: {text}" if label else text)
    return (" " if target.combine == "space" else "\n").join(pieces)


def _different(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(as_text(value) for value in values))


def _rank(value: Any, order: Sequence[str]) -> Any:
    """Declared order names the highest first; without one the larger value wins."""
    if not order:
        return value
    return -order.index(str(value)) if str(value) in order else -len(order)
