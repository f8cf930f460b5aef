"""The bars of a Pareto chart and their intervals, drawn as SVG without a style: the same for a count and for what was kept of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from linchpin.chapters.improvement.analyses.alike import Bar
from linchpin.kernel.files.figures import figures_of

KIND = "pareto"


def rows_drawn(bars: Iterable[Bar]) -> list[dict[str, Any]]:
    return _drawn([asdict(bar) for bar in bars])


def kept_drawn(analysis: Any) -> list[dict[str, Any]]:
    """What was kept with the analysis, newest first, its rows with their bars."""
    return [
        {"told": one.told, "rows": _drawn(one.told["rows"]) if one.told else [], "who": one.who, "at": one.at, "file": one.file}
        for one in figures_of(analysis)
        if one.kind == KIND
    ]


def _drawn(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = list(rows)
    widest = max((row["upper"] for row in rows), default=0) or 1
    return [{**row, "drawn": _bar(*(100 * row[name] / widest for name in ("share", "lower", "upper")))} for row in rows]


def _bar(share: float, lower: float, upper: float) -> SafeString:
    return format_html(
        '<svg class="bar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true"><rect class="amount" width="{}" height="16"/>'
        '<rect class="whisker" x="{}" y="7" width="{}" height="2"/></svg>',
        f"{share:.2f}", f"{lower:.2f}", f"{upper - lower:.2f}",
    )  # fmt: skip
