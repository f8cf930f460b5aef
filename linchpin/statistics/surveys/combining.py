"""Linear combinations of group sums that speak of few people only."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from linchpin.statistics.results import Floats, Whole

TOLERANCE = 1e-9
MOST_SUBSETS = 20_000
"""Beyond this many subsets to try, all small atoms that could take part count as disclosed: rather too much hidden than too little."""


@dataclass(frozen=True, slots=True)
class Disclosing:
    """Combinations (one a row, over atoms) that are different from 0 for fewer than k people only; not `certain`: perhaps for more.

    `weights` says for each combination how much of every row (group) goes into it.
    """

    combinations: Floats
    weights: Floats
    certain: bool


def disclosing(rows: Floats, people: Whole, k: int) -> Disclosing | None:
    """Combinations of `rows` (groups × atoms) whose support counts fewer than k `people`, or None when there are none."""
    small = people < k
    if not rows.size or not small.any():
        return None
    inside, pivots, weights = _within(rows, small)
    if not inside.size:
        return None
    taking_part = np.flatnonzero(np.abs(inside).max(axis=0) > TOLERANCE)
    found, certain = _smallest(inside[:, taking_part], np.searchsorted(taking_part, pivots), people[taking_part], k)
    if not found.size:
        return None
    full = np.zeros((found.shape[0], people.size))
    full[:, taking_part] = found
    return Disclosing(full, full[:, pivots] @ weights, certain)


def _within(rows: Floats, small: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[Floats, Whole, Floats]:
    """Reduced basis of the combinations of rows that are 0 outside the atoms in `small`, the pivot of each, and its weights of the rows.

    With the other atoms first, the rows of the echelon form whose pivot is a small atom are just that basis.
    """
    groups, atoms = rows.shape
    order = np.concatenate([np.flatnonzero(~small), np.flatnonzero(small)])
    work = np.hstack([rows[:, order], np.eye(groups)])
    done, pivots = 0, []
    for column in range(atoms):
        if done == groups:
            break
        best = done + int(np.abs(work[done:, column]).argmax())
        if abs(work[best, column]) <= TOLERANCE:
            continue
        work[[done, best]] = work[[best, done]]
        work[done] /= work[done, column]
        factors = work[:, column].copy()
        factors[done] = 0.0
        touched = np.flatnonzero(factors)
        work[touched] -= factors[touched, None] * work[done]
        work[np.abs(work) < TOLERANCE] = 0.0
        pivots.append(column)
        done += 1
    first = int(np.searchsorted(pivots, int((~small).sum())))
    inside = np.zeros((done - first, atoms))
    inside[:, order] = work[first:done, :atoms]
    return inside, order[pivots[first:]], work[first:done, atoms:]


def _smallest(inside: Floats, pivots: Whole, people: Whole, k: int) -> tuple[Floats, bool]:
    """Vectors of the space spanned by `inside` with a support of fewer than k people: those with the fewest atoms, and whether it is certain.

    v lies in the space when the dual basis N has Nᵀv = 0; a support S carries such a v when the rows of N in S are dependent.
    """
    dual = _dual(inside, pivots)
    for size in range(1, k):
        subsets = _subsets(dual, people, size, k)
        if subsets is None:
            return inside, False
        found = []
        for subset in subsets:
            vector = _dependence(dual[list(subset)])
            if vector is not None:
                found.append(np.zeros(people.size))
                found[-1][list(subset)] = vector
        if found:
            return np.array(found), True
    return np.empty((0, people.size)), True


def _dual(inside: Floats, pivots: Whole) -> Floats:
    """Rows n_i, one an atom; the columns span everything orthogonal to the space, whose basis has the form [I A] around its pivots."""
    rest = np.delete(np.arange(inside.shape[1]), pivots)
    dual = np.zeros((inside.shape[1], rest.size))
    dual[pivots] = -inside[:, rest]
    dual[rest] = np.eye(rest.size)
    return dual


def _subsets(dual: Floats, people: Whole, size: int, k: int) -> list[tuple[int, ...]] | None:
    """Subsets of so many atoms, together fewer than k people, that might be dependent; None when there are too many to try."""
    lengths = np.sqrt((dual**2).sum(axis=1))
    if size == 1:
        return [(int(atom),) for atom in np.flatnonzero(lengths < TOLERANCE)]
    light = np.flatnonzero(people <= k - size)
    if light.size < size:
        return []
    if size == 2:
        unit = dual[light] / lengths[light, None]
        alike = np.abs(unit @ unit.T) > 1 - 1e-9
        few = people[light][:, None] + people[light][None, :] < k
        return [(int(light[a]), int(light[b])) for a, b in np.argwhere(np.triu(alike & few, 1))]
    if np.prod([(light.size - i) / (i + 1) for i in range(size)]) > MOST_SUBSETS:
        return None if np.linalg.matrix_rank(dual[light], tol=1e-8) < light.size else []
    return [subset for subset in combinations(light.tolist(), size) if people[list(subset)].sum() < k]


def _dependence(rows: Floats) -> Floats | None:
    """v with vᵀ·rows = 0, or None when the rows are independent."""
    if rows.shape[0] == 1:
        return np.ones(1) if not np.abs(rows).max(initial=0.0) > TOLERANCE else None
    left, sizes, _right = np.linalg.svd(rows, full_matrices=True)
    if rows.shape[0] <= sizes.size and sizes[rows.shape[0] - 1] > 1e-8:
        return None
    vector: Floats = left[:, -1]
    return vector
