"""The causes below an analysis as the tree they form, read in one query for each level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from linchpin.chapters.improvement.causes.models import PossibleCause
from linchpin.kernel.records.models import Record

DEEPEST = 20
"""Levels that are read: beyond them somebody asked in a circle."""


@dataclass
class Branch:
    """A cause and what explains it. `level` counts from 1, the first why."""

    cause: Any
    level: int
    below: list[Branch] = field(default_factory=list)


def tree_of(analysis: Any, rows: Any = None) -> list[Branch]:
    """The causes below the analysis in the order they were noted. `rows`: those that may be read, by default all."""
    if rows is None:
        rows = PossibleCause.objects.all()
    top: list[Branch] = []
    above: dict[int, list[Branch]] = {analysis.pk: top}
    for level in range(1, DEEPEST + 1):
        found = list(rows.filter(parent_id__in=list(above)).exclude(phase="void").select_related("owner", "unit").order_by("id"))
        branches = [Branch(cause, level) for cause in found]
        for branch in branches:
            above[branch.cause.parent_id].append(branch)
        if not branches:
            break
        above = {branch.cause.pk: branch.below for branch in branches}
    return top


def walk(branches: list[Branch]) -> Iterator[Branch]:
    """Every branch, each before what lies below it."""
    for branch in branches:
        yield branch
        yield from walk(branch.below)


def analysis_of(cause: Any) -> Record | None:
    """The analysis at the root of the tree that the cause stands in."""
    above = cause.parent
    for _level in range(DEEPEST):
        if above is None or above.type != "possible_cause":
            break
        above = above.parent
    return above
