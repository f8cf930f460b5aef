"""A problem from the first word to its end, by commands."""

from __future__ import annotations

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.records.refusals import NotAllowed
from tests.cast import Cast


def test_daniel_raises_a_problem_and_the_trail_knows(cast: Cast) -> None:
    problem = cast.problem()
    assert problem.number.startswith("NC-")
    assert [event.verb for event in trail.history(problem.pk)] == ["create"]
    trail.seal_pending()
    assert trail.verify().ok


def test_seun_is_sent_to_report_instead(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Report"):
        commands.create("nonconformity", {"title": "Mixed fittings", "unit": cast.machining}, actor=cast.seun)
