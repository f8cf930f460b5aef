"""Nobody at Dunmallow Aero can work out what a few people answered, whatever is shown of a survey."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.statistics import DataRefused
from linchpin.statistics.surveys.disclosure import disclose, flags_of


def units(**sizes: int) -> dict[str, np.ndarray]:
    """Flags of units with so many people, in that order."""
    edges = np.cumsum([0, *sizes.values()])
    people = np.arange(edges[-1])
    return {name: (people >= low) & (people < high) for name, low, high in zip(sizes, edges[:-1], edges[1:], strict=True)}


def attacked(shown: list[np.ndarray], k: int) -> set[tuple[int, ...]]:
    """Every set of fewer than k people about whose answers alone the sums of the shown groups say something: by brute force."""
    if not shown:
        return set()
    known = np.array(shown, dtype=float)
    people = known.shape[1]
    rank = np.linalg.matrix_rank(known)
    found = set()
    for size in range(1, k):
        for few in combinations(range(people), size):
            if np.linalg.matrix_rank(np.delete(known, few, axis=1)) < rank:
                found.add(few)
    return found


def test_a_small_unit_is_hidden_and_with_it_the_next_smallest() -> None:
    groups = units(milling=12, turning=10, assembly=5, paint=3)
    everyone = np.ones(30, dtype=bool)
    found = disclose({"all": everyone, **groups})
    assert found.shown == ("all", "milling", "turning") and set(found.hidden) == {"assembly", "paint"}
    assert found.hidden["paint"] == "Fewer than 5 answers." and "worked out" in found.hidden["assembly"]


def test_without_a_total_the_neighbor_stays() -> None:
    found = disclose(units(milling=12, turning=10, assembly=5, paint=3))
    assert found.shown == ("milling", "turning", "assembly")


def test_two_small_units_that_reach_five_together_protect_each_other() -> None:
    groups = units(milling=12, assembly=3, paint=3)
    assert disclose({"all": np.ones(18, dtype=bool), **groups}).shown == ("all", "milling")


def test_filters_that_differ_by_few_people_cannot_both_be_shown() -> None:
    people = np.arange(40)
    found = disclose({"nights": people < 20, "nights without apprentices": people < 17})
    assert found.shown == ("nights",) and "worked out" in found.hidden["nights without apprentices"]


def test_an_interim_result_closes_the_final_one_until_five_more_have_answered() -> None:
    people = np.arange(20)
    interim = {"all, interim": people < 16}
    found = disclose({"all": people < 18}, published=interim)
    assert not found.shown and "published before" in found.hidden["all"]
    assert disclose({"all": people < 21}, published={"all, interim": people < 15}).shown == ("all",)


def test_a_cell_of_two_filters_is_protected_against_both_margins() -> None:
    shift = np.array(["day"] * 14 + ["night"] * 12)
    site = np.array((["Cork"] * 11 + ["Graz"] * 3) + (["Cork"] * 6 + ["Graz"] * 6))
    cells = {f"{s} {t}": (site == s) & (shift == t) for s in ("Cork", "Graz") for t in ("day", "night")}
    margins = {name: site == name for name in ("Cork", "Graz")} | {name: shift == name for name in ("day", "night")}
    groups = {"all": np.ones(26, dtype=bool), **margins, **cells}
    found = disclose(groups)
    assert "Graz day" in found.hidden and not attacked_small(groups, found.shown)


def attacked_small(groups: dict[str, np.ndarray], shown: tuple[str, ...]) -> set[tuple[int, ...]]:
    return attacked([groups[name] for name in shown], 5)


def test_what_was_published_carelessly_before_is_said_and_does_not_loosen_the_rest() -> None:
    people = np.arange(30)
    before = {"team": people < 3, "all": people < 30}
    found = disclose({"milling": (people >= 3) & (people < 20), "turning": (people >= 3) & (people < 22)}, published=before)
    assert found.warnings and found.shown == ("turning",)


def test_groups_by_names_of_people() -> None:
    flags = flags_of(["Maeve", "Daniel", "Aoife"], {"leaders": ["Maeve"], "all": ["Maeve", "Daniel", "Aoife"]})
    assert flags["leaders"].tolist() == [True, False, False]
    with pytest.raises(DataRefused, match="not among the people"):
        flags_of(["Maeve"], {"x": ["Seun"]})


def test_groups_that_make_no_sense_are_refused() -> None:
    for wrong in ({}, {"a": np.ones(3, dtype=bool), "b": np.ones(4, dtype=bool)}):
        with pytest.raises(DataRefused):
            disclose(wrong)
    with pytest.raises(DataRefused, match="at least 3"):
        disclose({"a": np.ones(3, dtype=bool)}, k=2)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**9))
def test_no_choice_of_groups_gives_a_few_people_away(seed: int) -> None:
    random = np.random.default_rng(seed)
    people, k = int(random.integers(8, 14)), int(random.integers(3, 6))
    made = [np.ones(people, dtype=bool)] if random.random() < 0.6 else []
    cut = random.integers(0, int(random.integers(2, 5)), people)
    made += [cut == level for level in np.unique(cut)]
    made += [random.random(people) < random.uniform(0.2, 0.95) for _ in range(int(random.integers(0, 5)))]
    names = [f"g{i}" for i in range(len(made))]
    groups = dict(zip(names, made, strict=True))
    split = int(random.integers(0, len(names)))
    before: dict[str, np.ndarray] = {}
    for name in names[:split]:
        if not attacked([*before.values(), groups[name]], k):
            before[name] = groups[name]
    asked = {name: groups[name] for name in names[split:]}
    found = disclose(asked, k=k, published=before)
    assert not attacked([*before.values(), *(asked[name] for name in found.shown)], k)
    assert set(found.shown) | set(found.hidden) == set(asked)


def test_large_tables_are_decided_quickly_and_safely() -> None:
    random = np.random.default_rng(8)
    unit, tenure = random.integers(0, 30, 900), random.integers(0, 4, 900)
    groups = {"all": np.ones(900, dtype=bool)} | {f"u{i}": unit == i for i in range(30)} | {f"t{i}": tenure == i for i in range(4)}
    groups |= {f"u{i} t{j}": (unit == i) & (tenure == j) for i in range(30) for j in range(4)}
    found = disclose(groups)
    assert len(found.shown) > 80 and all(groups[name].sum() >= 5 for name in found.shown)
    known = np.array([groups[name] for name in found.shown], dtype=float)
    rank = np.linalg.matrix_rank(known)
    small = [name for name in found.hidden if 0 < groups[name].sum() < 5]
    assert small
    for name in small:
        assert np.linalg.matrix_rank(np.vstack([known, groups[name]])) == rank + 1, "the sum of a small group must not follow from the others"
