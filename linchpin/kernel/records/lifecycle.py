"""Lifecycles as data: states, transitions, who, rules, and what is asked for.

Page, API, diagram, tests and documentation read the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextChoices

from linchpin.kernel.records.refusals import Refusal

if TYPE_CHECKING:
    from linchpin.kernel.people.models import Person
    from linchpin.kernel.records.models import Record

Rule = Callable[[Any, Any], "Refusal | str | None"]
"""(record with the asked-for values already on it, actor) -> why not, or None."""
Effect = Callable[[Any, Any], None]
"""(record, person): what the move changes besides the status; runs before the save and is part of the event."""
Consequence = Callable[[Any, Any], None]
"""(record, access of the actor): what follows after the save, inside the same transaction; may call commands."""

STAY = ""
"""The target of a move that leaves the record in the state it is in."""

OWNER, CREATOR, SYSTEM, ANYONE = "owner", "creator", "system", "anyone"
ASKED = "asked:"


def asked(duty: str) -> str:
    """Stands in `by` for whoever is asked for the duty on that record and has not answered."""
    return ASKED + duty


@dataclass(frozen=True, slots=True)
class Asking:
    """What people are asked for on a record: the `move` by which they answer, in which `states` they are asked, and how it is called.

    `groups`: whether units and roles may be named besides people; then whoever joins them later is asked too.
    `about`: gives the key of the record whose questions are answered before the move, where there are any.
    """

    label: Any
    move: str
    states: tuple[str, ...]
    groups: bool = False
    about: Callable[[Any], int | None] | None = None


class Strength(StrEnum):
    """How strongly a move is signed."""

    NONE = ""
    CONFIRM = "confirm"
    REAUTHENTICATE = "reauthenticate"
    TWO_PEOPLE = "two_people"


@dataclass(frozen=True, slots=True)
class Transition:
    """One move. `by` holds role keys or relations (`owner`, `creator`, `system`, `anyone`, or a person field's name)."""

    name: str
    label: Any
    source: tuple[str, ...]
    target: str
    by: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    reason: bool = False
    signature: Any = ""
    strength: Strength = Strength.NONE
    automatic: bool = False
    backward: bool = False
    effect: Effect | None = None
    then: Consequence | None = None
    explain: Any = ""
    task: Any = ""
    """How it is called on the list of whoever is to do it, where the label says what they say."""
    covers: tuple[str, ...] = ()
    """Fields that its signature covers; without any, all that a person may write."""
    by_day: Callable[[date], Q] | None = None
    """For an automatic move that waits for a day: which of the records it may move on that day."""

    @property
    def called(self) -> Any:
        """How the move is called where somebody else is to make it."""
        return self.task or self.label

    def target_from(self, status: str) -> str:
        return self.target or status


@dataclass(frozen=True)
class Lifecycle:
    """A type's states and moves. `phases` maps each state to a phase; states left out are open."""

    states: type[TextChoices]
    initial: str
    transitions: tuple[Transition, ...]
    phases: Mapping[str, str] = field(default_factory=dict)
    stations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    resting: tuple[str, ...] = ()
    """Open states in which nothing waits for the owner until the due date comes near."""

    def phase(self, status: str) -> str:
        return str(self.phases.get(status, "open"))

    def transition(self, name: str) -> Transition | None:
        return next((t for t in self.transitions if t.name == name), None)

    def moves_from(self, status: str) -> Iterator[Transition]:
        return (t for t in self.transitions if status in t.source)

    def label(self, status: str) -> str:
        return str(self.states(status).label)

    def station(self, status: str) -> int | None:
        """Which station of the axle the state stands at, counted from 0; None when the record has arrived."""
        return next((i for i, (_name, states) in enumerate(self.stations) if status in states), None)


def judge(record: Record, transition: Transition, actor: Person) -> list[Refusal]:
    """Every rule of the move that refuses it, in the order declared. Roles are judged by the access policy."""
    answers = [rule(record, actor) for rule in transition.rules]
    return [a if isinstance(a, Refusal) else Refusal(str(a)) for a in answers if a]
