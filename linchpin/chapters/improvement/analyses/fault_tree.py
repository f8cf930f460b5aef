"""The causes of an analysis read as a fault tree: which of them are one event, what joins them, and in which ways the top event can happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linchpin.chapters.improvement.causes.models import Gate as GateOf
from linchpin.chapters.improvement.causes.models import PossibleCause
from linchpin.chapters.improvement.causes.tree import Branch, tree_of, walk
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access

if TYPE_CHECKING:
    from linchpin.statistics.risk.fault_trees import FaultTree, Gate

SAME = "duplicates"
"""The kind of link by which an event that stands in two places says that it is one."""


@dataclass(frozen=True, slots=True)
class Read:
    """A fault tree as this person may read it. `first` gives for each cause the one that stands for the same event."""

    analysis: Any
    branches: Sequence[Branch]
    first: dict[int, Branch]
    found: FaultTree | None
    refused: str = ""
    hidden: bool = False

    def is_repeat(self, branch: Branch) -> bool:
        return self.first[branch.cause.pk] is not branch

    def by_number(self) -> dict[str, Any]:
        """The cause behind each event of the ways."""
        return {branch.cause.number: branch.cause for branch in self.first.values()}

    @property
    def ruled_out(self) -> list[Any]:
        out = (self.first[b.cause.pk].cause for b in walk(list(self.branches)) if b.cause.status == "rejected")
        return list(dict.fromkeys(out))

    @property
    def undeveloped(self) -> list[Any]:
        used = {event for way in self.found.ways for event in way.events} if self.found else set()
        return [b.cause for b in walk(list(self.branches)) if b.cause.undeveloped and b.cause.number in used]


def read_tree(analysis: Any, access: Access, branches: Sequence[Branch] | None = None) -> Read:
    """Two queries besides the tree. Where causes are hidden from this person no ways are given: they would be the wrong ones."""
    from linchpin.statistics.words import DataRefused

    if branches is None:
        branches = tree_of(analysis, PossibleCause.objects.visible_to(access))
    flat = list(walk(list(branches)))
    first = first_of_each(flat)
    if _hides_some(analysis, flat):
        return Read(analysis, branches, first, None, hidden=True)
    try:
        return Read(analysis, branches, first, _ways(analysis, branches, flat, first) if flat else None)
    except DataRefused as refused:
        return Read(analysis, branches, first, None, str(refused.sentence))


def first_of_each(flat: list[Branch]) -> dict[int, Branch]:
    """For each cause the branch that stands for its event: the one that is developed, else the one noted first. One query."""
    by_pk = {branch.cause.pk: branch for branch in flat}
    same: dict[int, set[int]] = {pk: {pk} for pk in by_pk}
    for one, other in Link.objects.filter(kind=SAME, source_id__in=by_pk, target_id__in=by_pk).values_list("source_id", "target_id"):
        joined = same[one] | same[other]
        same.update(dict.fromkeys(joined, joined))
    return {pk: min((by_pk[other] for other in group), key=lambda b: (not b.below, b.cause.pk)) for pk, group in same.items()}


def _hides_some(analysis: Any, flat: Iterable[Branch]) -> bool:
    shown = [branch.cause.pk for branch in flat]
    below = PossibleCause.objects.filter(parent_id__in=[analysis.pk, *shown]).exclude(phase="void")
    return below.exclude(pk__in=shown).exists()


def _ways(analysis: Any, branches: Sequence[Branch], flat: list[Branch], first: dict[int, Branch]) -> FaultTree:
    from linchpin.statistics.risk.fault_trees import fault_tree

    def names(below: Iterable[Branch]) -> tuple[str, ...]:
        return tuple(first[branch.cause.pk].cause.number for branch in below)

    gates = {b.cause.number: _gate(b.cause.gate, names(b.below)) for b in first.values() if b.below}
    gates[analysis.number] = _gate(analysis.gate, names(branches))
    out = {first[b.cause.pk].cause.number for b in flat if b.cause.status == "rejected"}
    chances = {first[b.cause.pk].cause.number: float(b.cause.probability) for b in reversed(flat) if b.cause.probability is not None and not b.below}
    return fault_tree(analysis.number, gates, chances, impossible=out)


def _gate(kind: str, inputs: tuple[str, ...]) -> Gate:
    from linchpin.statistics.risk.fault_trees import Gate

    return Gate("all" if kind == GateOf.ALL else "any", inputs)
