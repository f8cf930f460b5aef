"""Start-up checks of a lifecycle: every state, person and field that it names must exist, and lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import ANYONE, ASKED, CREATOR, OWNER, SYSTEM, Lifecycle, Strength, Transition
from linchpin.kernel.records.models import Phase, Record

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
TAKEN = ("create", "edit", "comment", "attach", "link", "unlink", "sign", "import", "check_exception", "name", "witness", "settle")
"""Verbs of the trail that are no moves."""
LONGEST_STATE = int(Record._meta.get_field("status").max_length or 0)


def lifecycle_faults(cycle: Lifecycle, fields: frozenset[str], people: frozenset[str]) -> Iterator[str]:
    """What is wrong with the lifecycle of a type that has these writable `fields` and these fields that name `people`."""
    states = {str(value) for value in cycle.states.values}
    yield from _states_known(cycle, states)
    for name, count in Counter(t.name for t in cycle.transitions).items():
        if count > 1:
            yield f"the move “{name}” is declared {count} times: give each its own name."
    for transition in cycle.transitions:
        for sentence in _transition_faults(transition, states, fields, people):
            yield f"the move “{transition.name}” {sentence}"
    yield from _ways(cycle, states)


def _states_known(cycle: Lifecycle, states: set[str]) -> Iterator[str]:
    for state in sorted(states):
        if len(state) > LONGEST_STATE:
            yield f"the state “{state}” is longer than {LONGEST_STATE} characters."
    if cycle.initial not in states:
        yield f"the initial state “{cycle.initial}” is no state: choose one of {', '.join(sorted(states))}."
    for state, phase in cycle.phases.items():
        if state not in states:
            yield f"phases names the state “{state}”, which does not exist."
        if phase not in Phase.values:
            yield f"phases gives “{state}” the phase “{phase}”; there are: {', '.join(Phase.values)}."
    placed = Counter(str(state) for _name, station in cycle.stations for state in station)
    for state, count in placed.items():
        if state not in states:
            yield f"stations names the state “{state}”, which does not exist."
        if count > 1:
            yield f"the state “{state}” stands at {count} stations: leave one."


def _transition_faults(move: Transition, states: set[str], fields: frozenset[str], people: frozenset[str]) -> Iterator[str]:
    if not NAME.fullmatch(move.name) or move.name in TAKEN:
        yield "has a name that is taken or no plain word: it stands in addresses and in the trail."
    for state in move.source:
        if state not in states:
            yield f"starts from “{state}”, which is no state."
    if not move.source:
        yield "starts from no state."
    if move.target and move.target not in states:
        yield f"leads to “{move.target}”, which is no state."
    for name in move.asks:
        if name not in fields:
            yield f"asks for “{name}”, which is no field that a person may fill in."
    for name in move.needs:
        if name not in move.asks:
            yield f"needs “{name}”, but does not ask for it."
    yield from _makers(move, people)


def _makers(move: Transition, people: frozenset[str]) -> Iterator[str]:
    for name in move.by:
        if str(name) not in Role.values and str(name) not in (OWNER, CREATOR, SYSTEM, ANYONE) and str(name) not in people and not name.startswith(ASKED):
            yield f"is for “{name}”, which is no role, no relation and no person's field."
    if move.automatic and (move.by or move.asks or move.reason or move.signature):
        yield "is automatic: nobody makes it, so it takes no `by`, `asks`, `reason` or `signature`."
    if not move.automatic and not move.by:
        yield "is for nobody: say in `by` who makes it."
    if bool(str(move.signature)) != (move.strength is not Strength.NONE):
        yield "needs both a signature's meaning and its strength, or neither."


def _ways(cycle: Lifecycle, states: set[str]) -> Iterator[str]:
    """Each state can be reached, and an open one can be left; something voids what should never have been."""
    reached, waiting = {str(cycle.initial)}, [str(cycle.initial)]
    while waiting:
        here = waiting.pop()
        for move in cycle.moves_from(here):
            there = str(move.target_from(here))
            if there not in reached:
                reached.add(there)
                waiting.append(there)
    for state in sorted(states - reached):
        yield f"no move leads to the state “{state}”."
    for state in sorted(states & reached):
        leads_on = any(str(m.target_from(state)) != state for m in cycle.moves_from(state))
        if cycle.phase(state) in (Phase.DRAFT, Phase.OPEN) and not leads_on:
            yield f"no move leads on from the open state “{state}”."
    if not any(cycle.phase(state) == Phase.VOID for state in states & reached):
        yield "no state is void: what should never have been raised could not be taken back."
