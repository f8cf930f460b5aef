"""What a search finds, the same on both databases."""

from __future__ import annotations

import pytest

from linchpin.kernel.search.finding import find
from tests.cast import Cast


@pytest.mark.parametrize("asked", ["10.2", "GI-07", "gi 07", "µm", "Łódź", "lodz", "rev_F", "supplier@palafox.example", "plan/GI-07"])
def test_what_stands_in_a_title_or_text_is_found_as_it_is_written(cast: Cast, asked: str) -> None:
    problem = cast.problem(title="Clause 10.2 and plan/GI-07", description="12 µm at Łódź, drawing rev_F; told supplier@palafox.example.")
    cast.problem(title="Another one", description="Nothing of that kind")
    assert [hit.record.pk for hit in find(cast.daniel, asked)] == [problem.pk]
