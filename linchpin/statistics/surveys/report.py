"""The figures of a survey by group, after disclosure control. Nothing of a survey is shown that did not come through here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import between
from linchpin.statistics.distributions import norm, t
from linchpin.statistics.results import Estimate, Flags, Floats, Whole
from linchpin.statistics.surveys.answers import answers, names_of
from linchpin.statistics.surveys.disclosure import Atoms, Disclosure, atoms, decide
from linchpin.statistics.surveys.wilson import wilson
from linchpin.statistics.words import DataRefused, Words

LOW_RESPONSE = 0.4
"""Below this share of answers a result is warned about, and units are not ranked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Figures of one measure in one group: mean, and share of favourable answers, both with intervals."""

    n: int
    mean: Estimate
    sd: float
    favourable: Estimate


@dataclass(frozen=True, slots=True)
class Measure:
    """One item or scale: its cells by group, and for every group that is not shown the reason."""

    name: str
    items: tuple[str, ...]
    cells: dict[str, Cell]
    hidden: dict[str, Words]


@dataclass(frozen=True, slots=True)
class SurveyReport:
    """`n` people answered something; `responses` gives answers and share of those invited, where known; `ranked` whether units may be."""

    kind: str
    n: int
    k: int
    measures: tuple[Measure, ...]
    responses: dict[str, Estimate]
    ranked: bool
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Groups that may be shown, their rows of atoms as numbers, and the reasons for the others: decided once for all items with the same gaps."""

    names: tuple[str, ...]
    rows: Floats
    hidden: dict[str, Words]


def survey_report(
    rows: Iterable[Iterable[Any]], groups: Mapping[str, Flags], *, items: Sequence[str] | None = None, scales: Mapping[str, Sequence[str]] | None = None,
    scale: tuple[float, float] = (1, 5), reverse: Collection[int] = (), favourable_from: float = 4, k: int = 5, published: Mapping[str, Flags] | None = None,
    invited: Mapping[str, int] | None = None, confidence: float = 0.95,
) -> SurveyReport:  # fmt: skip
    """Mean and favourable share of every item and scale in every group that may be shown. `rows`: respondents × items on one answer
    `scale`, those in `reverse` (from 1) turned first. `groups`: all flags over them that shall stand side by side; `published`: shown before.
    `scales`: items of each, none in two. They count the people who answered all items of the scale: figures over different people
    would give away those who skipped one. Intervals: Student and Wilson. Raises DataRefused.
    """
    between(confidence, 0, 1, "confidence")
    held = answers(rows, scale=scale, reverse=reverse)
    names = names_of(items, held.shape[1])
    before = {f"before: {name}": flags for name, flags in (published or {}).items()}
    known = atoms({**before, **groups})
    if known.place.size != held.shape[0]:
        raise DataRefused("The groups speak of {one} people, but {two} answered.", argument="groups", one=known.place.size, two=held.shape[0])
    decided: dict[bytes, Shown] = {}
    measures = []
    for name, parts in _blocks(names, scales or {}):
        columns = held[:, [names.index(part) for part in parts]]
        answered = ~np.isnan(columns.sum(axis=1))
        measures += _measured(name, parts, columns, answered, known, len(before), k, (favourable_from, confidence), decided)
    n = int((~np.isnan(held).all(axis=1)).sum())
    rates = _responses(invited or {}, groups, k)
    return SurveyReport(
        "survey", n, k, tuple(measures), rates, all(rate.value >= LOW_RESPONSE for rate in rates.values()),
        Words("Means with Student's, shares with Wilson's intervals; groups below {k} hidden, and others where needed to protect them.", k=k),
        tuple(_remarks(measures, rates, n)),
    )  # fmt: skip


def _blocks(names: Sequence[str], scales: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Scales with their items, then the items that stand alone (their block has no name)."""
    taken = [item for parts in scales.values() for item in parts]
    unknown = sorted(set(taken) - set(names))
    if unknown:
        raise DataRefused("A scale names items that are not there: {items}.", argument="scales", items=", ".join(unknown))
    if len(taken) != len(set(taken)) or set(scales) & set(names):
        raise DataRefused("An item belongs to one scale only, and no scale has the name of an item.", argument="scales")
    alone = [("", (name,)) for name in names if name not in set(taken)]
    return [(name, tuple(parts)) for name, parts in scales.items()] + alone


def _measured(
    name: str, parts: tuple[str, ...], columns: Floats, answered: Flags, known: Atoms, before: int, k: int, how: tuple[float, float],
    decided: dict[bytes, Shown],
) -> list[Measure]:  # fmt: skip
    """The scale, if the block has a name, and its items: one decision for all, since the same people answered them."""
    everybody = bool(answered.all())
    place, values = (known.place, columns) if everybody else (known.place[answered], columns[answered])
    sizes = np.bincount(place, minlength=known.rows.shape[1])
    key = np.minimum(sizes, k).tobytes()
    if key not in decided:
        decided[key] = _shown(decide(known, sizes, before, k), known)
    shown = decided[key]
    series: list[tuple[str, tuple[str, ...], Floats]] = [(parts[i], (parts[i],), values[:, i]) for i in range(len(parts))]
    if name:
        series.insert(0, (name, parts, values.mean(axis=1)))
    return [Measure(label, of, _cells(column, place, sizes, shown, how), shown.hidden) for label, of, column in series]


def _shown(found: Disclosure, known: Atoms) -> Shown:
    places = {name: place for place, name in enumerate(known.names)}
    return Shown(found.shown, known.rows[[places[name] for name in found.shown]].astype(np.float64), found.hidden)


def _cells(values: Floats, place: Whole, sizes: Whole, shown: Shown, how: tuple[float, float]) -> dict[str, Cell]:
    cut, confidence = how
    if not shown.names:
        return {}
    middle = float(values.mean())
    centered = values - middle
    atom_sums = [np.bincount(place, weights, minlength=sizes.size) for weights in (centered, centered * centered, (values >= cut).astype(np.float64))]
    n, total, squares, good = (shown.rows @ np.column_stack([sizes, *atom_sums])).T
    deviation = np.sqrt(np.maximum(squares - total * total / n, 0.0) / (n - 1))
    half = t.ppf((1 + confidence) / 2, n - 1) * deviation / np.sqrt(n)
    z = float(norm.ppf((1 + confidence) / 2))
    share, mean = good / n, middle + total / n
    width = 1 + z * z / n
    center, spread = (share + z * z / (2 * n)) / width, z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / width
    low, high = np.where(good == 0, 0.0, center - spread), np.where(good == n, 1.0, center + spread)
    figures = np.column_stack([n, mean, mean - half, mean + half, deviation, share, low, high]).tolist()
    return {
        group: Cell(int(f[0]), Estimate(f[1], f[2], f[3], confidence), f[4], Estimate(f[5], f[6], f[7], confidence))
        for group, f in zip(shown.names, figures, strict=True)
    }


def _responses(invited: Mapping[str, int], groups: Mapping[str, Flags], k: int) -> dict[str, Estimate]:
    found = {}
    for name, number in invited.items():
        came = int(np.asarray(groups[name]).sum()) if name in groups else 0
        if came > number:
            raise DataRefused("In “{name}” {came} people answered, more than were invited ({number}).", argument="invited", name=name, came=came, number=number)
        if number >= k:
            found[name] = wilson(came, number)
    return found


UNANIMOUS = "In {names} all agree on a question, so its figure tells what each of them thinks. Consider leaving it out."


def _remarks(measures: Sequence[Measure], rates: Mapping[str, Estimate], n: int) -> list[Words]:
    remarks = [
        Words("Low response in {name}: {share:.0f} % answered. The others may think differently; units are not ranked.", name=name, share=100 * rate.value)
        for name, rate in rates.items() if rate.value < LOW_RESPONSE
    ]  # fmt: skip
    alike = sorted({name for measure in measures for name, cell in measure.cells.items() if cell.favourable.value in (0.0, 1.0) or cell.sd == 0})
    if alike:
        remarks.append(Words(UNANIMOUS, names=", ".join(alike)))
    if not any(measure.cells for measure in measures):
        remarks.append(Words("Nothing can be shown: {n} people answered.", n=n))
    return remarks
