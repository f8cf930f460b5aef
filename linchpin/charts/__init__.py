"""Pictures of results: one Vega-Lite specification for each kind of chart, the same for browser and documents.

Each function takes a result of `linchpin.statistics` and gives a `Picture`: the specification, the finding as a sentence, and
alt text in words. A specification names styles; `config()` gives them their colors for light, dark or print, so that one
drawing serves all three. `svg()` and `png()` turn it into a file.
"""

from __future__ import annotations

from linchpin.charts.picture import Picture
from linchpin.charts.rendering import png, svg
from linchpin.charts.theme import config

__all__ = ["Picture", "config", "png", "svg"]
