"""The organizations that can be shown: where each one's tables lie, and what is played of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from linchpin.chapters.installed import TYPES
from linchpin.demonstration.company.adding import additions
from linchpin.demonstration.company.happenings import happenings
from linchpin.demonstration.company.library import library
from linchpin.demonstration.telling import told_in
from linchpin.kernel.people.stage import Play, Stage

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pack:
    """One organization. `begins`: months before the day of loading; `folder`: its `units.toml`, `cast.toml` and told stories."""

    key: str
    name: str
    country: str
    time_zone: str
    domain: str
    begins: float
    folder: Path
    plays: Callable[[Stage], Iterable[Play]]
    said: str


def _dunmallow(stage: Stage) -> Iterable[Play]:
    """What happened to the company, its library, what runs through several types, then each type's part in the standard's order."""
    yield from happenings(stage)
    yield from additions(stage)
    yield library(stage)
    yield from told_in(HERE / "company" / "stories", stage)
    for name in TYPES:
        yield from import_module(f"{name}.demo").stories(stage)


def _hollin(stage: Stage) -> Iterable[Play]:
    yield from told_in(HERE / "hollin" / "stories", stage)


PACKS = {
    pack.key: pack
    for pack in (
        Pack("dunmallow", "Dunmallow Aero Components", "IE", "Europe/Dublin", "dunmallow.example", -24.5, HERE / "company", _dunmallow,
             "Two years of an aerospace supplier are being played, as if today were their end. This takes less than a minute."),
        Pack("hollin", "Hollin Instruments", "GB", "Europe/London", "hollin.example", -14.5, HERE / "hollin", _hollin,
             "Fourteen months of a firm of six are being played, as if today were their end."),
    )
}  # fmt: skip
"""The first one is loaded where none is named."""
