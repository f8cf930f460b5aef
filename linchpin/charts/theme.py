"""Colors and type of all charts, for light and dark screens and for grey print."""

from __future__ import annotations

from typing import Any, Literal

from linchpin.statistics.words import DataRefused

Theme = Literal["light", "dark", "print"]

INKS: dict[str, dict[str, Any]] = {
    "light": {
        "paper": "#fdfdfb", "ink": "#17212b", "ink2": "#46525e", "ink3": "#5c6770", "line": "#dcdfd9", "band": "#e6eef6", "signal": "#b8420a",
        "signal-tint": "#fdeee3", "bar": "#16508c", "pale": "#b9c3ca", "lines": ["#16508c", "#e7700d", "#229c8b", "#b26ac1", "#755b12", "#53595e"],
        "diverging": ["#a3450c", "#e8ab7d", "#e9ebe6", "#8db3d8", "#16508c"], "ramp": ["#eef3f8", "#8fb3dc"],
    },
    "dark": {
        "paper": "#131b22", "ink": "#e9edee", "ink2": "#b6c0c7", "ink3": "#93a0a9", "line": "#28343d", "band": "#17304a", "signal": "#ff9457",
        "signal-tint": "#33200f", "bar": "#86b6ee", "pale": "#50606b", "lines": ["#86b6ee", "#f2763f", "#4fd0c6", "#b765cf", "#eddd8a", "#6b7a84"],
        "diverging": ["#f2763f", "#8a4b2c", "#28343d", "#3f6794", "#86b6ee"], "ramp": ["#1b252d", "#3a6799"],
    },
    "print": {
        "paper": "#ffffff", "ink": "#000000", "ink2": "#222222", "ink3": "#444444", "line": "#cccccc", "band": "#eeeeee", "signal": "#000000",
        "signal-tint": "#cccccc", "bar": "#8c8c8c", "pale": "#aaaaaa", "lines": ["#000000", "#6e6e6e", "#8c8c8c", "#3c3c3c", "#7c7c7c", "#555555"],
        "diverging": ["#333333", "#888888", "#f0f0f0", "#bbbbbb", "#666666"], "ramp": ["#f8f8f8", "#bdbdbd"],
    },
}  # fmt: skip

FONT = "Hanken Grotesk, Segoe UI, Helvetica Neue, Arial, Liberation Sans, sans-serif"


def inks(theme: Theme) -> dict[str, Any]:
    """The colors of a theme by name. Raises DataRefused for an unknown one."""
    if theme not in INKS:
        raise DataRefused("The theme is one of {themes}, not “{theme}”.", argument="theme", themes=", ".join(INKS), theme=theme)
    return INKS[theme]


def config(theme: Theme = "light") -> dict[str, Any]:
    """The Vega-Lite `config` that all specifications are drawn with."""
    ink = inks(theme)
    label = {"labelFont": FONT, "labelFontSize": 12, "labelColor": ink["ink3"], "titleFont": FONT, "titleFontSize": 12, "titleFontWeight": 400,
             "titleColor": ink["ink3"]}  # fmt: skip
    title = {"font": FONT, "fontSize": 16, "fontWeight": 600, "color": ink["ink"], "subtitleFont": FONT, "subtitleFontSize": 13, "lineHeight": 22,
             "subtitleColor": ink["ink2"], "anchor": "start", "frame": "group", "offset": 16, "subtitlePadding": 6,
             "subtitleLineHeight": 18}  # fmt: skip
    return {
        "background": ink["paper"], "font": FONT, "padding": 16, "view": {"stroke": None}, "title": title,
        "axis": label | {"grid": False, "domain": False, "ticks": False, "labelPadding": 8, "titlePadding": 10, "gridColor": ink["line"]},
        "axisX": {"domain": True, "domainColor": ink["line"], "labelOverlap": True}, "axisY": {"grid": True, "tickCount": 5},
        "header": label | {"labelFontWeight": 600, "labelColor": ink["ink"], "labelAnchor": "start"},
        "legend": label | {"orient": "bottom", "direction": "horizontal", "title": None},
        "text": {"font": FONT, "fontSize": 12},
        "range": {"category": ink["lines"], "diverging": ink["diverging"], "heatmap": ink["ramp"], "ramp": ink["ramp"], "ordinal": ink["ramp"]},
        "style": _styles(ink, theme),
    }  # fmt: skip


def _styles(ink: dict[str, Any], theme: Theme) -> dict[str, Any]:
    first, second, third = ink["lines"][:3]
    signal_shape = {"shape": "diamond"} if theme == "print" else {}
    return {
        "series": {"color": first, "strokeWidth": 1.5}, "dot": {"color": first, "filled": True, "size": 28, "opacity": 1},
        "signal": {"color": ink["signal"], "stroke": ink["paper"], "strokeWidth": 1, "filled": True, "size": 110, "opacity": 1, **signal_shape},
        "left-out": {"color": ink["ink3"], "filled": False, "strokeWidth": 1.5, "size": 70, "opacity": 1},
        "signal-label": {"color": ink["signal"], "fontWeight": 600}, "center": {"color": ink["ink2"], "strokeWidth": 1},
        "limit": {"color": ink["ink3"], "strokeWidth": 1, "strokeDash": [5, 4]}, "band": {"color": ink["band"], "opacity": 0.7},
        "stage": {"color": ink["ink3"], "strokeWidth": 1, "strokeDash": [1, 3]}, "label": {"color": ink["ink3"]},
        "strong-label": {"color": ink["ink"], "fontWeight": 600}, "bar": {"color": ink["bar"]}, "pale-bar": {"color": ink["pale"]},
        "second": {"color": second, "strokeWidth": 1.5}, "second-dot": {"color": second, "filled": True, "size": 36, "opacity": 1},
        "third": {"color": third, "strokeWidth": 1.5}, "comparison": {"color": ink["pale"], "strokeWidth": 1.5},
        "fit": {"color": ink["ink"], "strokeWidth": 2}, "counterfactual": {"color": ink["ink3"], "strokeWidth": 1.5, "strokeDash": [6, 4]},
        "specification": {"color": ink["signal"], "strokeWidth": 1.5}, "interval": {"color": first, "strokeWidth": 2},
        "zero": {"color": ink["ink2"], "strokeWidth": 1}, "target": {"color": ink["ink"], "thickness": 2},
        "missed": {"color": ink["signal-tint"], "opacity": 1},
        "cell-label": {"color": ink["ink"], "fontSize": 12, "fontWeight": 500},
    }  # fmt: skip
