"""Sentences of results can be said in another language: whole, with nothing of the English left behind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import linchpin.statistics
from linchpin.statistics import DataRefused
from linchpin.statistics.capability.capability import capability
from linchpin.statistics.capability.non_normal import percentile_performance
from linchpin.statistics.claims.aligning import aligning
from linchpin.statistics.control.c_chart import c_chart
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.run_chart import run_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.effects.design import design_grade
from linchpin.statistics.effects.interrupted import interrupted
from linchpin.statistics.gauge.anova import gauge_anova
from linchpin.statistics.gauge.average_range import gauge_average_range
from linchpin.statistics.risk.action_priority import action_priority
from linchpin.statistics.sampling.plans import sampling_plan
from linchpin.statistics.surveys.alpha import cronbach_alpha
from linchpin.statistics.surveys.report import survey_report
from linchpin.statistics.trend.mann_kendall import mann_kendall
from linchpin.statistics.words import Words
from tests.statistics import published_series as data
from tests.statistics.test_gauge import PARTS, PEOPLE, VALUES

PLACE = re.compile(r"(\{[^}]*\})")


def masked(template: str) -> str:
    """A language in which every letter outside the figures is ⧫."""
    return "".join(part if PLACE.fullmatch(part) else re.sub(r"[^\W\d_]", "⧫", part) for part in PLACE.split(template))


def words_of(result: Any) -> Iterator[Words]:
    if isinstance(result, Words):
        yield result
    elif is_dataclass(result):
        for field in fields(result):
            yield from words_of(getattr(result, field.name))
    elif isinstance(result, dict):
        for value in result.values():
            yield from words_of(value)
    elif isinstance(result, list | tuple):
        for value in result:
            yield from words_of(value)


RESULTS = [
    lambda: xmr([1, 2, None, 9, 2], spread="median"), lambda: xbar_r([[1, 2], [3, 2], [2, 2]]), lambda: ewma([1, 2, None, 9, 2], sigma=1.0),
    lambda: cusum(data.FLOW),    lambda: gauge_average_range(VALUES, PARTS, PEOPLE), lambda: action_priority(9, 2, 5), lambda: sampling_plan(1000, 1.0),
    lambda: percentile_performance(np.arange(1.0, 40.0), upper=50, resamples=5),
    lambda: p_chart([1, 0, 2, 1], 50, limits="exact"), lambda: c_chart(data.WAFERS),
    lambda: run_chart(data.WAFERS, center=16.0), lambda: capability(data.HAND, lower=6, upper=16), lambda: gauge_anova(VALUES, PARTS, PEOPLE),
    lambda: interrupted([*np.arange(10.0), *np.arange(11.0, 20.0) ** 1.1], start=11, comparison=list(np.arange(19.0) ** 0.5)),
    lambda: interrupted([5, 6, 4, 5, 9, 8, 9, 30], exposure=[100.0] * 8, start=5, errors="usual"), lambda: mann_kendall([1, 2, None, 4, 3, 6], hamed_rao=True),
    lambda: cronbach_alpha([[2, 3, 4], [3, 3, 5], [4, 5, 5], [1, 2, 3], [5, 4, np.nan]], missing="pairwise"), lambda: design_grade("phased"),
    lambda: survey_report(np.tile([5.0, 1.0], (10, 1)), {"42": np.ones(10, dtype=bool)}),
    lambda: aligning(np.arange(8.0), {"1": np.arange(8.0) ** 2}).outcomes[0].verdict,
]  # fmt: skip


@pytest.mark.parametrize("make", RESULTS)
def test_nothing_of_a_sentence_stays_english_in_another_language(make) -> None:
    sentences = list(words_of(make()))
    assert sentences
    for sentence in sentences:
        said = sentence.translated(masked)
        kept = set(re.findall(r"[^\W\d_⧫]{3,}", said)) - {"Anhoej"}
        assert not kept, f"{said} keeps {kept} of “{sentence}”"
        assert sentence.translated(str) == sentence


def test_a_refusal_keeps_its_figures_in_another_language() -> None:
    with pytest.raises(DataRefused) as refused:
        xmr([1, "two", 3])
    german = {"Value {row} of “{argument}” is no number: “{value}”.": "Wert {row} von „{argument}“ ist keine Zahl: „{value}“."}
    assert refused.value.sentence.translated(german.__getitem__) == "Wert 2 von „values“ ist keine Zahl: „two“."


def test_no_figure_of_a_sentence_is_a_piece_of_english() -> None:
    """Read from the source: what fills a place in a template is no text written there, unless it is a whole expression of its own."""
    fragments = []
    for path in Path(linchpin.statistics.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("Words", "DataRefused"):
                figures = [keyword.value for keyword in call.keywords if keyword.arg != "argument"]
                fragments += [f"{path.name}:{text.lineno} {text.value!r}" for figure in figures for text in _written(figure)]
    assert not fragments


def _written(figure: ast.expr) -> list[ast.Constant]:
    """English written in an expression: texts with three letters in a row, but those inside `Words(…)` of their own."""
    inside = {id(node) for call in ast.walk(figure) if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Words" for node in ast.walk(call)}
    texts = [node for node in ast.walk(figure) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside]
    compared = {id(text) for test in ast.walk(figure) if isinstance(test, ast.Compare) for text in ast.walk(test)}
    return [text for text in texts if id(text) not in compared and re.search(r"[^\W\d_]{3,}", text.value)]
