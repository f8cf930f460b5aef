"""Problems like the one that is analyzed: what is counted, what is said of it, and what is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from linchpin.chapters.improvement.analyses.alike import alike, asked_of
from linchpin.chapters.improvement.analyses.bars import kept_drawn
from linchpin.chapters.improvement.analyses.saying_alike import figures_of, sentences_of
from linchpin.kernel import commands
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.cast import Cast


@pytest.fixture
def analysis(cast: Cast) -> Any:
    problem = cast.problem(owner=cast.marek.person, process="Deburr", place="Bench 2")
    values = {"title": "Why is there a burr at the crossing?", "seen_what": "Burr up to 0.4 mm", "owner": cast.marek.person}
    return commands.create("root_cause_analysis", values, actor=cast.marek, parent=problem)


def noted(cast: Cast, group: str, n: int = 1, **values: Any) -> None:
    for _n in range(n):
        cast.problem(**{"process": "Deburr", "place": "Bench 1", "cause_group": group, **values})


def counted(cast: Cast, analysis: Any, who: str = "daniel", **given: Any) -> Any:
    access = getattr(cast, who)
    return alike(analysis, asked_of(analysis, access, given), access)


def test_the_same_process_is_counted_by_group_of_causes_unless_asked_otherwise(cast: Cast, analysis: Any) -> None:
    noted(cast, "Machine", 4)
    noted(cast, "Method", 2)
    noted(cast, "People", process="Turn")
    found = counted(cast, analysis)
    assert [(bar.name, bar.n) for bar in found.bars] == [("Machine", 4), ("Method", 2)]
    assert (found.n, found.without) == (6, 1)  # the one that is analyzed has no group yet
    assert [(bar.name, bar.n) for bar in counted(cast, analysis, like=[], by=["place"]).bars] == [("Bench 1", 7), ("Bench 2", 1)]
    with pytest.raises(Refused, match="“weather” is not one of"):
        counted(cast, analysis, by=["weather"])


def test_each_bar_leads_to_as_many_rows_of_the_register(cast: Cast, analysis: Any, browser_of: Any) -> None:
    noted(cast, "Machine & tools", 3)
    noted(cast, "Method", 2)
    daniel = browser_of("daniel")
    bars = counted(cast, analysis, like=["process", "unit"]).bars
    rows = [set(re.findall(r"NC-\d{4}-\d{4}", daniel.get(f"/nonconformity/?{bar.query}").content.decode())) for bar in bars]
    assert [len(found) for found in rows] == [bar.n for bar in bars] == [3, 2]


def test_it_says_what_it_does_not_show(cast: Cast, analysis: Any) -> None:
    noted(cast, "Machine", 3)
    noted(cast, "Method", 2)
    said = " ".join(sentences_of(counted(cast, analysis)))
    assert "5 of 5 are “Machine” or “Method”." in said
    assert "With n = 5 the first two, 3 and 2, cannot be told apart (p = 1.00)" in said
    assert "1 more says nothing about it and is not counted." in said
    assert "where problems were noted, not why they happened" in said
    noted(cast, "Machine", 12)
    assert "“Machine” is ahead of “Method”, 15 to 2, by more than chance alone would do" in " ".join(sentences_of(counted(cast, analysis)))


def test_nobody_counts_what_they_may_not_read(cast: Cast, analysis: Any, django_assert_max_num_queries: Any) -> None:
    noted(cast, "Machine", 2)
    noted(cast, "Secret", 3, confidentiality="restricted")
    assert [bar.name for bar in counted(cast, analysis).bars] == ["Secret", "Machine"]
    assert [bar.name for bar in counted(cast, analysis, "hanna").bars] == ["Machine"]
    with django_assert_max_num_queries(6):
        counted(cast, analysis, like=["process", "unit"])


def test_what_is_kept_stays_as_it_stood_with_its_hash_in_the_trail(cast: Cast, analysis: Any) -> None:
    noted(cast, "Machine", 2)
    stored = commands.keep_figures(analysis, "pareto", figures_of(counted(cast, analysis)), actor=cast.marek)
    assert commands.keep_figures(analysis, "pareto", figures_of(counted(cast, analysis)), actor=cast.marek).stood_already
    noted(cast, "Machine", 2)
    (kept,) = kept_drawn(analysis)
    assert kept["told"]["n"] == 2
    assert kept["rows"][0]["name"] == "Machine"
    with pytest.raises(NotAllowed):
        commands.keep_figures(analysis, "pareto", figures_of(counted(cast, analysis)), actor=cast.norbert)
    path_of(stored.sha256).write_text('{"n": 99}')
    assert kept_drawn(analysis)[0]["told"] is None


def test_figures_that_somebody_attached_by_hand_are_no_kept_figures(cast: Cast, analysis: Any) -> None:
    from django.core.files.base import ContentFile

    commands.attach(analysis, ContentFile(b'{"kind": "pareto", "n": 99, "rows": []}', name="pareto.json"), actor=cast.marek, purpose="figures")
    assert kept_drawn(analysis) == []
