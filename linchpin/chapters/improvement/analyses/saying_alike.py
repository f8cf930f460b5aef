"""What a count of problems like this one says, and what it does not; and the figures as they are kept with the analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.chapters.improvement.analyses.alike import PERIODS, Alike
from linchpin.kernel.people import clock

MOST_NAMED = 3
CERTAIN = 0.05
"""Below this p the first two are called apart."""


def sentences_of(found: Alike) -> list[str]:
    return list(_sentences(found))


def about(found: Alike) -> str:
    """Which problems are counted, in words."""
    like = [f"{label} {text}" for name, (label, text) in found.offered.items() if name in found.question.like]
    words = {"like": _(" and ").join(like) or _("all of them"), "period": PERIODS[found.question.period]}
    return _("Problems like this one (%(like)s) of %(period)s") % words


def figures_of(found: Alike) -> dict[str, Any]:
    """What is kept: the figures, the question, the day, and what was said of them."""
    rows = [
        {"name": bar.name, "n": bar.n, "share": round(bar.share, 1), "lower": round(bar.lower, 1), "upper": round(bar.upper, 1),
         "cumulative": round(bar.cumulative, 1)}
        for bar in found.bars
    ]  # fmt: skip
    groups, cases = found.more
    return {
        "day": clock.today().isoformat(), "about": about(found), "by": found.by_label, "n": found.n, "without": found.without,
        "rows": rows, "more_groups": groups, "more_cases": cases, "sentences": sentences_of(found),
        "question": {name: list(values) for name, values in found.chosen.items()} | {"by": [found.question.by]},
    }  # fmt: skip


def _sentences(found: Alike) -> Iterator[str]:
    if not found.bars:
        yield _("None of them says anything about “%s” yet: there is nothing to put in order.") % found.by_label
    else:
        yield _first(found)
        yield from _order(found)
    if found.without:
        said = ngettext("%(n)s more says nothing about it and is not counted.", "%(n)s more say nothing about it and are not counted.", found.without)
        yield said % {"n": found.without}
    yield _("It shows where problems were noted, not why they happened: what is looked at more is found more. Counted is what you may read.")


def _first(found: Alike) -> str:
    """The few that make four fifths of it; where they are not few, the first three."""
    assert found.pareto is not None
    vital = found.pareto.vital
    few = vital <= MOST_NAMED
    bars = found.bars[: vital if few else MOST_NAMED]
    together = sum(bar.n for bar in bars)
    *before, last = [f"“{bar.name}”" for bar in bars]
    names = _("%(names)s or %(last)s") % {"names": ", ".join(before), "last": last} if before else last
    words = {"together": together, "n": found.n, "names": names}
    if few:
        return ngettext("%(together)s of %(n)s is %(names)s.", "%(together)s of %(n)s are %(names)s.", together) % words
    return _("No few of them make most of it: the first three, %(names)s, are %(together)s of %(n)s.") % words


def _order(found: Alike) -> Iterator[str]:
    """Whether the first is ahead of the second by more than chance."""
    from linchpin.statistics.pareto import apart

    if len(found.bars) < 2:
        return
    one, other = found.bars[:2]
    p = apart(one.n, other.n)
    words = {"n": found.n, "one": one.n, "other": other.n, "p": f"{p:.2f}" if p >= 0.01 else f"{p:.1g}", "first": one.name, "second": other.name}
    if p >= CERTAIN:
        yield _("With n = %(n)s the first two, %(one)s and %(other)s, cannot be told apart (p = %(p)s): which of them is larger may be chance.") % words
    else:
        yield _("“%(first)s” is ahead of “%(second)s”, %(one)s to %(other)s, by more than chance alone would do (p = %(p)s).") % words
