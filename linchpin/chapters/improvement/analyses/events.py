"""A fault tree on its page: the drawing, and for each event what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.chapters.improvement.analyses.fault_tree import Read
from linchpin.chapters.improvement.analyses.ways import chance
from linchpin.chapters.improvement.causes.tree import Branch

if TYPE_CHECKING:
    from linchpin.charts.fault_tree import Event

MARKS = {"root": "root", "verified": "shown", "held": "shown", "rejected": "out"}
SHAPES = {
    "basic": gettext_lazy("basic event"), "undeveloped": gettext_lazy("not looked into further"), "repeat": gettext_lazy("stands elsewhere too"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """What is shown of an event that was chosen on the drawing. `leaf` is None for the top event, `same` the event that it repeats."""

    number: str
    title: str
    gate: str
    joins: bool
    leaf: Any
    same: Any
    others: list[Any]
    """Events that may stand here once more."""
    may_shape: bool


def drawn(read: Read, *, linked: bool, theme: str = "light") -> SafeString:
    """The tree as SVG; with links to its events where it is edited."""
    from linchpin.charts.fault_tree import fault_tree_drawing

    told = _("Fault tree of “%s”") % read.analysis.title
    drawing = fault_tree_drawing(_top(read, linked), told=told, theme=theme)  # type: ignore[arg-type]
    return mark_safe(drawing)  # noqa: S308  every text in it was escaped by the drawing


def panels_of(read: Read, leaves: Sequence[Any], may_shape: dict[int, bool]) -> list[Panel]:
    """One for the top event, then one for each below it. `may_shape`: whose gate and probability this person may set, by pk."""
    analysis = read.analysis
    usable = [branch for pk, branch in sorted(read.first.items()) if branch.cause.pk == pk and branch.cause.is_open]
    top = Panel(
        analysis.number, analysis.seen_what or analysis.title, analysis.gate or "any", bool(leaves), None, None,
        [branch.cause for branch in usable if branch not in read.branches], may_shape[analysis.pk],
    )  # fmt: skip
    panels = [top]

    def look(leaf: Any, above: frozenset[int]) -> None:
        cause, branch = leaf.branch.cause, leaf.branch
        first, here = read.first[cause.pk], above | {cause.pk}
        same = first.cause if first is not branch else None
        taken = here | {read.first[b.cause.pk].cause.pk for b in branch.below}
        others = [] if same else [b.cause for b in usable if b.cause.pk not in taken]
        panels.append(Panel(cause.number, cause.title, cause.gate or "any", bool(branch.below), leaf, same, others, may_shape[cause.pk]))
        for lower in leaf.below:
            look(lower, here)

    for leaf in leaves:
        look(leaf, frozenset())
    return panels


def _top(read: Read, linked: bool) -> Event:
    from linchpin.charts.fault_tree import Event

    analysis = read.analysis
    below = tuple(_event(read, branch, linked) for branch in read.branches)
    text, shape = analysis.seen_what or analysis.title, ("all" if analysis.gate == "all" else "any") if below else "undeveloped"
    href = f"#{analysis.number}" if linked else ""
    return Event(analysis.number, text, shape, below, href=href, told=_("top event"))  # type: ignore[arg-type]


def _event(read: Read, branch: Branch, linked: bool) -> Event:
    from linchpin.charts.fault_tree import Event

    cause, repeat = branch.cause, read.is_repeat(branch)
    first = read.first[cause.pk].cause
    shape = "repeat" if repeat else _shape(branch)
    note = _("the same as %s") % first.number if repeat else cause.number
    p = "" if cause.probability is None or branch.below else f"p = {chance(float(cause.probability))}"
    told = str(SHAPES.get(shape) or cause.get_gate_display() or _("Any one of them is enough (OR)"))
    told = f"{told}, {_('shown not to be so')}" if cause.status == "rejected" else told
    below = tuple(_event(read, lower, linked) for lower in branch.below)
    href = f"#{cause.number}" if linked else ""
    return Event(cause.number, cause.title, shape, below, MARKS.get(cause.status, ""), note, p, href, told)  # type: ignore[arg-type]


def _shape(branch: Branch) -> str:
    if branch.below:
        return "all" if branch.cause.gate == "all" else "any"
    return "undeveloped" if branch.cause.undeveloped else "basic"
