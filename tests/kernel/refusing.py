"""How a problem is brought to a state, and how a refused move is heard."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.commands import Signing
from linchpin.kernel.records.lifecycle import Transition
from linchpin.kernel.records.refusals import Kind, Refused
from linchpin.kernel.records.registry import get_type
from tests.cast import Cast
from tests.contract.walking import answers, fresh, walk_to

NC = get_type("nonconformity")
STRONG = Signing(reauthenticated=True)


def at(state: str, cast: Cast) -> Any:
    """A problem of machining, owned by Marek, in that state."""
    return walk_to(NC, state, cast)


def named(move: str) -> Transition:
    transition = NC.lifecycle.transition(move)
    assert transition is not None
    return transition


def answered(move: str, cast: Cast, **over: Any) -> dict[str, Any]:
    """The example's answers to what the move asks for, some of them replaced."""
    return answers(NC, named(move), cast) | over


def refused(problem: Any, move: str, cast: Cast, who: str, **more: Any) -> Refused:
    """What is said to the move with the example's answers, some of them replaced; nothing may be kept of it."""
    version = fresh(NC, problem).version
    given = {"reason": "So it was agreed.", "signing": STRONG} | {n: v for n, v in more.items() if n in ("reason", "exception", "passed")}
    values = answered(move, cast, **{n: v for n, v in more.items() if n not in given})
    with pytest.raises(Refused) as said:
        commands.move(problem, move, actor=getattr(cast, who), values=values, **given)
    assert fresh(NC, problem).version == version
    return said.value


def kinds(said: Refused) -> set[Kind]:
    return {r.kind for r in said.refusals}
