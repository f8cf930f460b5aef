"""What a fault tree says in sentences: the ways, those by one event first, and how probable they make it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.chapters.improvement.analyses.fault_tree import Read

if TYPE_CHECKING:
    from linchpin.statistics.risk.fault_trees import Way

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_SHOWN = 40
"""So many ways of one size are listed; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Said:
    """One way: the causes that it takes, and how probable they are together."""

    causes: list[Any]
    chance: str


@dataclass(frozen=True, slots=True)
class Group:
    """The ways that take equally many events, and how many of them are not listed."""

    heading: str
    ways: list[Said]
    more: int

    @property
    def sentence(self) -> str:
        listed = "; ".join(_(" and ").join(f"“{cause.title}”" for cause in way.causes) for way in self.ways)
        rest = _(" … and %s more") % self.more if self.more else ""
        return f"{self.heading} {listed}{rest}."


def groups_of(read: Read) -> list[Group]:
    """The ways by how many events they take."""
    if read.found is None:
        return []
    causes, groups = read.by_number(), []
    for size, rows in groupby(read.found.ways, key=lambda way: len(way.events)):
        ways = list(rows)
        listed = [_said(way, causes) for way in ways[:MOST_SHOWN]]
        groups.append(Group(_heading(size, len(ways)), listed, max(0, len(ways) - MOST_SHOWN)))
    return groups


def notes_of(read: Read) -> list[str]:
    """What else is to be known: how probable it is, and what the ways leave out."""
    return list(_notes(read))


def chance(value: float) -> str:
    """A probability with three digits: 0.0124, and 3.5 × 10⁻⁵ below a thousandth."""
    if value == 0 or value >= 0.001:
        return f"{value:.3g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')} × 10{str(int(exponent)).translate(RAISED)}"


def _heading(size: int, n: int) -> str:
    if size == 1:
        return ngettext("One event is enough alone:", "%(n)s ways this can happen alone, by one event:", n) % {"n": n}
    return ngettext("One way takes %(size)s events together:", "%(n)s ways take %(size)s events together:", n) % {"n": n, "size": size}


def _said(way: Way, causes: dict[str, Any]) -> Said:
    return Said([causes[event] for event in way.events], chance(way.probability) if way.probability is not None else "")


def _notes(read: Read) -> Iterator[str]:
    if read.hidden:
        yield _("Some of its events are not for you to read, so the ways are not told: they would not be all.")
    if read.refused:
        yield read.refused
    found = read.found
    if found is None:
        return
    if not found.ways:
        yield _("As the tree stands, it cannot happen: every way leads through an event that was shown not to be so.")
    yield from _how_probable(read)
    yield from map(str, found.warnings)
    if read.ruled_out:
        yield _("Left out, because it was shown not to be so: %s.") % _titles(read.ruled_out)
    if read.undeveloped:
        yield _("Not looked into further: %s. Below them there may be more ways.") % _titles(read.undeveloped)


def _how_probable(read: Read) -> Iterator[str]:
    found = read.found
    if found is None or not found.ways:
        return
    if found.probability is not None:
        yield _("The top event has the probability %s: exact, from those of its events.") % chance(found.probability)
    elif found.at_least is not None and found.missing:
        causes = read.by_number()
        words = {"p": chance(found.at_least), "events": _titles([causes[event] for event in found.missing])}
        yield _("The top event has at least the probability %(p)s. More cannot be said: %(events)s has none, and none is guessed.") % words


def _titles(causes: list[Any]) -> str:
    return ", ".join(f"“{cause.title}”" for cause in causes)
