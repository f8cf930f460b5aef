"""The built front end: its styles, scripts and icons under their hashed names."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BUILD = Path(__file__).resolve().parent / "static" / "build"
MANIFEST = BUILD / "manifest.json"
NOT_BUILT = "The styles and scripts of the pages are not built yet: run “npm ci && npm run build” in the folder of package.json."
LATIN = "hanken-latin.woff2"


@lru_cache(maxsize=1)
def _manifest() -> dict[str, dict[str, Any]]:
    """The build's files by what they were made from. Kept for the life of the process, as whitenoise keeps its list of files."""
    entries: dict[str, dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return entries | {name.rsplit("/", 1)[-1]: entry for name, entry in entries.items()}


def entry_of(name: str) -> dict[str, Any]:
    """What the build made of `name`. Raises ImproperlyConfigured, saying what to do, when there is no build or no such file in it."""
    try:
        return (_manifest.__wrapped__() if settings.DEBUG else _manifest())[name]
    except FileNotFoundError:
        raise ImproperlyConfigured(NOT_BUILT) from None
    except KeyError:
        raise ImproperlyConfigured(f"The build of the pages holds no “{name}”. {NOT_BUILT}") from None


def built(name: str) -> str:
    """The address of one built file."""
    return _address(name) if not settings.DEBUG else static(f"build/{entry_of(name)['file']}")


@lru_cache(maxsize=100)
def _address(name: str) -> str:
    return static(f"build/{entry_of(name)['file']}")


def assets() -> SafeString:
    """The head's links to the styles, the font that every page shows, and the one entry script."""
    entry = entry_of("main.ts")
    styles = format_html_join("", '<link rel="stylesheet" href="{}">', ((static(f"build/{css}"),) for css in entry["css"]))
    font = format_html('<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>', built(LATIN))
    script = format_html('<script type="module" src="{}"></script>', static(f"build/{entry['file']}"))
    return styles + font + script


def icon(name: str, classes: str = "") -> SafeString:
    """A Tabler outline icon beside a word. Python names are found by the build when they are quoted in pages or record types."""
    return _icon(built("icons.svg"), name, classes)


@lru_cache(maxsize=500)
def _icon(sprite: str, name: str, classes: str) -> SafeString:
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', f" {classes}" if classes else "", sprite, name)
