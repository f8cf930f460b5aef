"""From columns to a study, its picture, and what is printed about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.charts.capability import capability_figures, capability_finding, capability_report
from linchpin.charts.effects import forest_plot, interrupted_chart, interrupted_figures, interrupted_finding
from linchpin.charts.gauge import gauge_panel
from linchpin.charts.pareto import pareto_chart
from linchpin.charts.picture import Picture, listed, number
from linchpin.charts.surveys import heat_map
from linchpin.statistics import Estimate
from linchpin.statistics.capability.capability import capability
from linchpin.statistics.control.subgroups import grouped
from linchpin.statistics.effects.interrupted import interrupted
from linchpin.statistics.effects.means import mean_difference
from linchpin.statistics.effects.season import Season
from linchpin.statistics.gauge.agreement import attribute_agreement
from linchpin.statistics.gauge.anova import gauge_anova
from linchpin.statistics.gauge.average_range import gauge_average_range
from linchpin.statistics.pareto import pareto
from linchpin.statistics.surveys.agreement import icc
from linchpin.statistics.surveys.alpha import cronbach_alpha
from linchpin.statistics.surveys.report import survey_report
from linchpin.statistics.trend.change_points import change_points
from linchpin.statistics.trend.mann_kendall import mann_kendall
from linchpin.surfaces.cli.columns import Columns, Unusable


@dataclass(frozen=True, slots=True)
class Studied:
    """A result with its sentences and, where there is one, its picture."""

    result: Any
    said: Sequence[str]
    picture: Picture | None = None

    def plain(self) -> Any:
        return self.result

    def lines(self) -> Iterator[str]:
        yield from map(str, self.said)
        results = self.result.values() if isinstance(self.result, dict) else [self.result]
        for result in results:
            if hasattr(result, "method"):
                yield f"Method: {result.method}"
            yield from (f"Note: {warning}" for warning in getattr(result, "warnings", ()))


def study_of(columns: Columns, options: dict[str, Any]) -> Studied:
    """The study that the options ask for. Raises Unusable for columns that it needs and that were not named."""
    return STUDIES[options["kind"]](columns, options)


def _needed(options: dict[str, Any], *names: str) -> None:
    for name in names:
        if not options[name]:
            raise Unusable(f"A {options['kind']} study needs --{name}.")


def _one(columns: Columns, options: dict[str, Any]) -> list[float]:
    if len(options["value"]) != 1:
        raise Unusable(f"A {options['kind']} study takes one --value.")
    return columns.values(options["value"][0])


def _said(name: str, estimate: Estimate) -> str:
    every = [estimate.value, estimate.lower, estimate.upper]
    value, low, high = (number(one, like=[edge for edge in every if np.isfinite(edge)]) for one in every)
    return f"{name} {value} ({100 * estimate.confidence:.0f} % interval {low} to {high})"


def _capability(columns: Columns, options: dict[str, Any]) -> Studied:
    values = _one(columns, options)
    data: Any = grouped(values, columns.texts(options["subgroup"])) if options["subgroup"] else values
    found = capability(data, lower=options["lower"], upper=options["upper"], target=options["target"])
    picture = capability_report(found, values, name=options["value"][0], unit=options["unit"])
    return Studied(found, [capability_finding(found), capability_figures(found)], picture)


def _grr(columns: Columns, options: dict[str, Any]) -> Studied:
    _needed(options, "part", "appraiser")
    values, parts, people = _one(columns, options), columns.texts(options["part"]), columns.texts(options["appraiser"])
    found: Any = (
        gauge_anova(values, parts, people, tolerance=options["tolerance"], pool_above=options["pool_above"])
        if options["method"] == "anova" else gauge_average_range(values, parts, people, tolerance=options["tolerance"])
    )  # fmt: skip
    lines = [str(found.verdict.words), f"Number of distinct categories: {found.ndc}."]
    for one in found.components:
        interval = f" ({one.study_variation.lower:.1f} to {one.study_variation.upper:.1f})" if np.isfinite(one.study_variation.lower) else ""
        tolerance = "" if one.tolerance is None else f", {one.tolerance:.1f} % of the tolerance"
        lines.append(f"{one.source}: sigma {one.sigma:.6g}, {one.study_variation.value:.1f} %{interval} of study variation, "
                     f"{one.contribution:.1f} % of the variance{tolerance}")  # fmt: skip
    return Studied(found, lines, gauge_panel(found, values, parts, people, unit=options["unit"]))


def _agreement(columns: Columns, options: dict[str, Any]) -> Studied:
    _needed(options, "part", "appraiser")
    cells: dict[str, dict[str, str]] = {}
    for judged, part, who in zip(columns.texts(options["value"][0]), columns.texts(options["part"]), columns.texts(options["appraiser"]), strict=True):
        cells.setdefault(part, {})[who] = judged
    people = list(dict.fromkeys(columns.texts(options["appraiser"])))
    gaps = [part for part, judged in cells.items() if set(judged) != set(people)]
    if gaps:
        raise Unusable(f"Not everybody judged {gaps[0]}: every appraiser must judge every part.")
    right = dict(zip(columns.texts(options["part"]), columns.texts(options["reference"]), strict=True)) if options["reference"] else None
    found = attribute_agreement([[judged[who] for who in people] for judged in cells.values()], people, None if right is None else [right[p] for p in cells])
    lines = [f"Among the appraisers: {_said('kappa', found.between.kappa)}, {found.between.verdict}."]
    lines += [f"{who} with the reference: {_said('kappa', one.kappa)}, {one.verdict}." for who, one in found.against_reference]
    return Studied(found, lines)


def _survey(columns: Columns, options: dict[str, Any]) -> Studied:
    items = [name for pattern in options["value"] for name in _matching(columns, pattern)]
    rows = np.column_stack([columns.values(name) for name in items])
    low, _sign, high = options["scale"].partition("-")
    try:
        scale = (float(low), float(high))
    except ValueError as error:
        raise Unusable(f"“{options['scale']}” is no scale: write its lowest and highest answer, such as 1-5.") from error
    reverse = [items.index(name) + 1 if name in items else _unknown(name) for name in options["reverse"]]
    groups: dict[str, Any] = {"all": np.ones(len(columns), dtype=bool)}
    results: dict[str, Any] = {}
    if options["group"]:
        labels = np.array(columns.texts(options["group"]))
        groups |= {name: labels == name for name in dict.fromkeys(labels.tolist())}
    scales = {"scale": items} if len(items) > 1 else None
    cut = scale[0] + 0.75 * (scale[1] - scale[0])
    report = survey_report(rows, groups, items=items, scales=scales, scale=scale, reverse=reverse, favourable_from=cut, k=options["least"])
    results["report"] = report
    main = report.measures[0]
    lines = [f"{name}: {_said('mean', cell.mean)}, {100 * cell.favourable.value:.0f} % favourable (n {cell.n})." for name, cell in main.cells.items()]
    lines += [f"{name}: not shown. {reason}" for name, reason in main.hidden.items()]
    complete = ~np.isnan(rows).any(axis=1)
    if len(items) > 1 and complete.sum() >= max(options["least"], 3):
        results["alpha"] = cronbach_alpha(rows[complete], items=items, scale=scale, reverse=reverse)
        lines.append(_said("Cronbach's alpha", results["alpha"].alpha) + f", {results['alpha'].complete} complete answers.")
        if options["group"] and len(groups) > 2:
            results["icc"] = icc(_turned(rows[complete], reverse, scale).mean(axis=1), labels[complete])
            lines.append(_said("ICC(1)", results["icc"].icc1) + f"; {_said('ICC(2)', results['icc'].icc2)}.")
    return Studied(results, lines, heat_map(report, scale=scale))


def _turned(rows: Any, reverse: Sequence[int], scale: tuple[float, float]) -> Any:
    turned = rows.copy()
    for item in reverse:
        turned[:, item - 1] = scale[0] + scale[1] - turned[:, item - 1]
    return turned


def _unknown(name: str) -> int:
    raise Unusable(f"“{name}” is reversed, but is not among the items.")


def _matching(columns: Columns, pattern: str) -> list[str]:
    if not pattern.endswith("*"):
        return [columns.names[columns.place(pattern)]]
    found = [name for name in columns.names if name.startswith(pattern[:-1]) and name[len(pattern) - 1 :].strip("_- ").isdigit()]
    if not found:
        raise Unusable(f"No column is named “{pattern[:-1]}” with a number behind it. The file has: {', '.join(columns.names)}.")
    return found


def _effect(columns: Columns, options: dict[str, Any]) -> Studied:
    values = _one(columns, options)
    start = options["start"]
    if start is None:
        _needed(options, "phase")
        phases = columns.texts(options["phase"])
        changes = [place for place in range(1, len(phases)) if phases[place] != phases[place - 1]]
        if len(changes) != 1:
            raise Unusable(f"Column “{options['phase']}” must change once, from before to after; it changes {len(changes)} times.")
        start = changes[0] + 1
    found = interrupted(
        values, start=start, log=options["log"], exposure=columns.values(options["exposure"]) if options["exposure"] else None,
        comparison=columns.values(options["comparison"]) if options["comparison"] else None,
        season=Season(period=options["season"]) if options["season"] else None,
    )  # fmt: skip
    terms = [f"{term.name}: {_said('', term.value).strip()}, p {term.p:.3g}" for term in found.terms[1:4]]
    lines = [str(interrupted_finding(found, options["unit"])), str(interrupted_figures(found)), *terms, f"Durbin–Watson {found.durbin_watson:.2f}.",
             f"Plain difference of means, beside and never instead: {_said('', found.unadjusted).strip()}."]  # fmt: skip
    drawn = interrupted_chart(found, name=options["value"][0], unit=options["unit"], logged=options["log"]) if not options["comparison"] else None
    return Studied(found, lines, drawn)


def _means(columns: Columns, options: dict[str, Any]) -> Studied:
    _needed(options, "group")
    values, labels = _one(columns, options), columns.texts(options["group"])
    names = list(dict.fromkeys(labels))
    if len(names) != 2:
        raise Unusable(f"Column “{options['group']}” must name two groups; it names {len(names)}: {', '.join(names[:8])}.")
    parts = [[value for value, label in zip(values, labels, strict=True) if label == name] for name in names]
    found = mean_difference(parts[0], parts[1])
    lines = [f"{names[0]} minus {names[1]}: {_said('', found.difference).strip()}, p {found.p:.3g} (Welch), {found.p_permutation:.3g} (permutation).",
             f"Means: {names[0]} {number(found.means[0])}, {names[1]} {number(found.means[1])}; {found.n} values."]  # fmt: skip
    return Studied(found, lines, forest_plot({f"{names[0]} − {names[1]}": found.difference}, unit=options["unit"]))


def _pareto(columns: Columns, options: dict[str, Any]) -> Studied:
    causes = columns.texts(options["value"][0])
    amounts: dict[str, float] = {}
    each = columns.values(options["amount"]) if options["amount"] else [1.0] * len(causes)
    for cause, amount, row in zip(causes, each, columns.numbers, strict=True):
        if amount != amount:
            raise Unusable(f"Row {row}, column “{options['amount']}” is empty.")
        amounts[cause] = amounts.get(cause, 0.0) + amount
    found = pareto(amounts, counts=all(float(amount).is_integer() for amount in amounts.values()))
    lines = [f"{cause.name}: {cause.amount:,.6g}, {cause.share.value:.1f} %, together {cause.cumulative:.1f} %" for cause in found.causes]
    picture = pareto_chart(found, what=options["unit"] or "cases")
    return Studied(found, [str(picture.finding), *lines], picture)


def _trend(columns: Columns, options: dict[str, Any]) -> Studied:
    found = mann_kendall(_one(columns, options))
    return Studied(found, [f"Trend: {found.direction}. {_said('Slope for each point', found.slope)}, p {found.p:.3g}, tau {found.tau:.2f}, n {found.n}."])


def _change_points(columns: Columns, options: dict[str, Any]) -> Studied:
    found = change_points(_one(columns, options))
    lines = [f"A new level begins at point {listed(found.changes)}." if found.changes else "No change of level shows."]
    lines += [f"Points {part.first} to {part.last}: {_said('mean', part.mean)}." for part in found.segments]
    return Studied(found, lines)


STUDIES: dict[str, Callable[[Columns, dict[str, Any]], Studied]] = {
    "grr": _grr, "capability": _capability, "survey": _survey, "effect": _effect, "means": _means, "pareto": _pareto, "trend": _trend,
    "change-points": _change_points, "agreement": _agreement,
}  # fmt: skip
