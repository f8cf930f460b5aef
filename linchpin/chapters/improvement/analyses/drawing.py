"""What the drawing of an analysis shows: its tree of causes, and by method its bones or its contrasts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.improvement.analyses.bars import kept_drawn
from linchpin.chapters.improvement.analyses.events import drawn, panels_of
from linchpin.chapters.improvement.analyses.fault_tree import read_tree
from linchpin.chapters.improvement.analyses.ways import groups_of, notes_of
from linchpin.chapters.improvement.causes.models import Gate, PossibleCause
from linchpin.chapters.improvement.causes.tree import Branch, tree_of, walk
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.standing_in import hands
from linchpin.kernel.records.access import may, may_create, may_move
from linchpin.kernel.records.registry import get_type

CAUSE = "possible_cause"
CONTRASTS = (("seen_what", "not_what"), ("seen_where", "not_where"), ("seen_when", "not_when"), ("seen_extent", "not_extent"))
ON_THE_DRAWING = ("verify", "choose", "reject")
"""Moves that are made on the drawing itself; the others on the cause's own page."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A branch as it is drawn: the moves that this person may make, in whose name (None: their own), and what lies below."""

    branch: Branch
    status: str
    moves: frozenset[str]
    giver: Person | None
    below: tuple[Leaf, ...]

    @property
    def probability(self) -> str:
        """As it is typed in."""
        value = self.branch.cause.probability
        return "" if value is None else format(value.normalize(), "f")


@dataclass(frozen=True, slots=True)
class Bone:
    """One group of a fishbone and the causes on it."""

    name: str
    leaves: list[Leaf] = field(default_factory=list)


def drawing_of(found: Any, access: Access) -> dict[str, Any]:
    """What the drawing shows: the tree, and by method its bones or its contrasts."""
    mine = hands(access)
    rows = PossibleCause.objects.visible_to_any(mine)
    open_to_change = found.status == "open"
    branches = tree_of(found, rows)
    leaves = tuple(_leaf(branch, mine, open_to_change) for branch in branches)
    asking = next((one for one in mine if may_ask(found, one)), None) if open_to_change else None
    label = get_type("root_cause_analysis").field_label
    contrasts = [(label(one), getattr(found, one), label(other), getattr(found, other)) for one, other in CONTRASTS]
    return {
        "leaves": leaves,
        **(_as_tree(found, access, branches, leaves) if found.method == "fault_tree" else {}),
        "bones": _bones(leaves) if found.method == "ishikawa" else [],
        "contrasts": contrasts if found.method == "is_is_not" else [],
        "kept": kept_drawn(found),
        "may_ask": asking is not None,
        "ask_for": asking.on_behalf_of if asking else None,
        "kinds": PossibleCause.Kind.choices,
        "once": uuid.uuid4().hex,
        "how_many": sum(1 for _branch in walk(branches)),
    }


def _as_tree(found: Any, access: Access, branches: list[Branch], leaves: tuple[Leaf, ...]) -> dict[str, Any]:
    read = read_tree(found, access, branches)
    shaped = (found, *(branch.cause for branch in walk(branches)))
    may_shape = {one.pk: found.status == "open" and one.is_open and may(access, "edit", one) for one in shaped}
    return {
        "fault_tree": drawn(read, linked=True),
        "ways": groups_of(read),
        "notes": notes_of(read),
        "panels": panels_of(read, leaves, may_shape),
        "gates": Gate.choices,
    }


def may_ask(found: Any, access: Access) -> bool:
    """Whether this person may hang a cause below the analysis."""
    own = found.owner_id == access.acts_as.pk and (access.through is None or may(access, "edit", found))
    return may(access, "read", found) and (own or may_create(access, get_type(CAUSE), found.unit_id))


def _leaf(branch: Branch, mine: Sequence[Access], open_to_change: bool) -> Leaf:
    """The branch with the moves of the first access that has any."""
    lifecycle = get_type(CAUSE).lifecycle
    offered = [m for m in lifecycle.moves_from(branch.cause.status) if m.name in ON_THE_DRAWING] if open_to_change else []
    moves: frozenset[str] = frozenset()
    giver = None
    for access in mine:
        if moves := frozenset(m.name for m in offered if may_move(access, m, branch.cause)):
            giver = access.on_behalf_of
            break
    return Leaf(branch, lifecycle.label(branch.cause.status), moves, giver, tuple(_leaf(b, mine, open_to_change) for b in branch.below))


def _bones(leaves: tuple[Leaf, ...]) -> list[Bone]:
    """The six usual groups and those of one's own, each with its causes."""
    usual = (_("People"), _("Machine"), _("Method"), _("Material"), _("Measurement"), _("Surroundings"))
    bones = {name.casefold(): Bone(name) for name in usual}
    for leaf in leaves:
        name = leaf.branch.cause.bone or _("Not grouped")
        bones.setdefault(name.casefold(), Bone(name)).leaves.append(leaf)
    return list(bones.values())
