"""Every kind of picture is a valid drawing in three themes, and says in words what it shows."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from linchpin.charts import Picture, config, png, svg
from linchpin.charts.capability import capability_report, histogram
from linchpin.charts.causes import Branch, cause_tree, fishbone
from linchpin.charts.control import control_chart, cusum_chart, run_chart_picture
from linchpin.charts.effects import forest_plot, interrupted_chart
from linchpin.charts.gauge import gauge_panel
from linchpin.charts.pareto import pareto_chart
from linchpin.charts.picture import number
from linchpin.charts.planning import Lane, bowling_chart, small_multiples
from linchpin.charts.surveys import heat_map, likert_bars
from linchpin.statistics import DataRefused, Estimate
from linchpin.statistics.capability.capability import Specification, capability
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.run_chart import run_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.effects.interrupted import interrupted
from linchpin.statistics.gauge.anova import gauge_anova
from linchpin.statistics.pareto import pareto
from linchpin.statistics.surveys.report import survey_report
from tests.statistics import published_series as data

RANDOM = np.random.default_rng(1)
STUDY = ([float(v) for v in RANDOM.normal(10, 2, 30).repeat(2) + RANDOM.normal(0, 0.3, 60)], list(np.arange(10).repeat(6)), ["A", "A", "B", "B", "C", "C"] * 10)


def survey() -> Picture:
    unit = np.array(["mill"] * 20 + ["paint"] * 4)
    report = survey_report(RANDOM.integers(1, 6, (24, 3)).astype(float), {"mill": unit == "mill", "paint": unit == "paint"})
    return heat_map(report)


PICTURES: dict[str, tuple[Callable[[], Picture], str]] = {
    "xmr": (lambda: control_chart(xmr(data.VISCOSITY), name="viscosity"), "of viscosity. 20 points, one point with a signal: 4 beyond the upper limit"),
    "stable": (lambda: control_chart(xbar_r(data.rings(data.RINGS_I)), unit="mm"), "25 points, no signal. Average 74.0012"),
    "flat": (lambda: control_chart(xmr([5.0] * 14)), "no signal"),
    "gap": (lambda: control_chart(xmr([1, 2, None, 2, 1, 3, 2]), labels=list("abcdefg")), "6 points"),
    "ewma": (lambda: control_chart(ewma(data.MONTGOMERY_91, target=10, sigma=1, weight=0.1, width=2.7)), "two points with a signal: 29 and 30"),
    "cusum": (lambda: cusum_chart(cusum(data.CUSUM_SERIES, target=325, sigma=0.635)), "it most likely began after point 12"),
    "run": (lambda: run_chart_picture(run_chart(data.WAFERS)), "Run chart. 25 points about a median of 16"),
    "histogram": (lambda: histogram(data.VISCOSITY, specification=Specification(33, 35.5, 34)), "5.0 % of the values lie outside"),
    "capability": (lambda: capability_report(capability(data.rings(data.RINGS_I), lower=73.95, upper=74.05), np.ravel(data.rings(data.RINGS_I))), "Capable"),
    "gauge": (lambda: gauge_panel(gauge_anova(*STUDY), *STUDY), "Shares of study variation"),
    "pareto": (lambda: pareto_chart(pareto({"a": 9, "b": 4, "other": 2})), "From the largest down: a, b"),
    "likert": (lambda: likert_bars({"I am heard": [0.1, 0.2, 0.3, 0.3, 0.1]}, list("12345"), n={"I am heard": 40}), "I am heard: 40 % agree (n 40)"),
    "heat": (survey, "cells hidden to protect small groups"),
    "forest": (lambda: forest_plot({"Cork": Estimate(2, 1.5, 2.6), "Graz": Estimate(0.9, 0.6, 1.4)}, ratio=True), "Cork: 2 (1.5 to 2.6)"),
    "interrupted": (lambda: interrupted_chart(interrupted([*RANDOM.normal(10, 1, 15), *RANDOM.normal(16, 1, 15)], start=16)), "against the trend before"),
    "multiples": (lambda: small_multiples({"Cork": data.VISCOSITY, "Graz": data.FLOW}), "Signals in Cork"),
    "bowling": (lambda: bowling_chart([Lane("On time", [95, 95, 96], [96, 94, None])], ["Jan", "Feb", "Mar"]), "1 of 2 periods missed"),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_say_what_they_show(name: str) -> None:
    make, words = PICTURES[name]
    picture = make()
    assert words in picture.alt, picture.alt
    assert picture.spec["description"] == picture.alt and json.dumps(picture.spec, allow_nan=False)
    assert str(picture.finding).split()[0] in " ".join(np.atleast_1d(picture.spec["title"]["text"]))


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_drawn(name: str) -> None:
    drawn = svg(PICTURES[name][0](), "print")
    assert drawn.startswith("<svg") and 'role="img"' in drawn and "NaN" not in drawn


def test_a_picture_has_no_color_of_its_own() -> None:
    for make, _words in PICTURES.values():
        assert "#" not in json.dumps(make().spec).replace("prot #", ""), "colors belong to the theme"
    light, dark = config("light"), config("dark")
    assert light["background"] != dark["background"] and set(light["style"]) == set(dark["style"]) == set(config("print")["style"])
    with pytest.raises(DataRefused, match="The theme is one of"):
        config("sepia")


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_lines_and_letters_stand_out_from_the_paper(theme: str) -> None:
    found = config(theme)
    for name, style in found["style"].items():
        if name in ("band", "missed", "pale-bar", "comparison"):
            continue
        lighter, darker = sorted((luminance(style["color"]), luminance(found["background"])), reverse=True)
        wanted = 4.5 if "label" in name else 3.0
        assert (lighter + 0.05) / (darker + 0.05) >= wanted, f"{name} on {theme}"


def test_png_and_too_many_points() -> None:
    assert png(PICTURES["pareto"][0]())[:8] == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(DataRefused, match="at most 2000"):
        control_chart(xmr(RANDOM.normal(size=2001)))
    with pytest.raises(DataRefused, match="do not add up"):
        likert_bars({"x": [0.5, 0.1]}, ["no", "yes"], n={"x": 9})


def test_causes_as_svg() -> None:
    bone = fishbone("Bore out of round", {"People": ["one setter on nights"], "Machine": ["probe off & on"]})
    assert "probe off &amp; on" in bone and 'aria-label="Fishbone of causes of “Bore out of round”: People: one setter on nights' in bone
    tree = cause_tree(Branch("Bore out of round", [Branch("Offset wrong", [Branch("Probe off", mark=True)])]), theme="dark")
    assert "Probe off (confirmed)" in tree and tree.count("<circle") == 3
    assert png(bone)[:4] == b"\x89PNG"


NUMBERS = [(74.001176, [73.99, 74.02], "74.0012"), (1234567.0, None, "1,234,567"), (-0.25, None, "−0.25"), (float("nan"), None, "–")]


@pytest.mark.parametrize(("value", "like", "text"), NUMBERS)
def test_numbers_have_as_many_places_as_tell_them_apart(value: float, like: list[float] | None, text: str) -> None:
    assert number(value, like=like) == text
