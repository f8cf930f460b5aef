"""Pictures as files, by vl-convert: no browser and no network. The first one takes a second and 135 MB, so documents do it in a job."""

from __future__ import annotations

from typing import Any

from linchpin.charts.picture import Picture
from linchpin.charts.theme import Theme, config

VEGA_LITE = "6.1"


def svg(picture: Picture | dict[str, Any] | str, theme: Theme = "light") -> str:
    """SVG text with the alt text as its title and description. A drawing that is SVG already stays as it is."""
    if isinstance(picture, str):
        return picture
    import vl_convert

    spec = picture.spec if isinstance(picture, Picture) else picture
    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, config=config(theme), allowed_base_urls=[]))
    alt = str(spec.get("description", ""))
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{_escaped(alt)}" ', 1)


def png(picture: Picture | dict[str, Any] | str, theme: Theme = "light", *, scale: float = 2.0) -> bytes:
    """PNG bytes at `scale` times the size of the picture."""
    import vl_convert

    if isinstance(picture, str):
        return bytes(vl_convert.svg_to_png(picture, scale=scale))
    spec = picture.spec if isinstance(picture, Picture) else picture
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, config=config(theme), scale=scale, allowed_base_urls=[]))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
