"""Refusals: sentences that say which field, which rule, and what to do. Three classes, one table.

* NEVER (A): nothing passes it.
* SECOND_PERSON (B): someone else should do this; where top management allows it, a *declared exception* may.
* ADVICE (C): about wording or size; shown, can be passed, and the reviewer sees that it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linchpin.kernel.people.models import Person


class Kind(StrEnum):
    NEVER = "never"
    SECOND_PERSON = "second_person"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why not. `field` is the field it speaks of; `duty` names the separation of duties (class B)."""

    sentence: str
    field: str = ""
    kind: Kind = Kind.NEVER
    duty: str = ""
    others: Callable[[], Iterable[Person]] | None = None

    def __str__(self) -> str:
        return self.sentence


def never(sentence: Any, field: str = "") -> Refusal:
    return Refusal(str(sentence), field)


def second_person(sentence: Any, duty: str, others: Callable[[], Iterable[Person]]) -> Refusal:
    """Refuse because of `duty`; `others()` gives the people who could do it instead (evaluated only when asked)."""
    return Refusal(str(sentence), "", Kind.SECOND_PERSON, duty, others)


def advice(sentence: Any, field: str = "") -> Refusal:
    return Refusal(str(sentence), field, Kind.ADVICE)


class Refused(Exception):
    """A command did nothing, and these are the reasons."""

    status = 422
    title = "This was not done."

    def __init__(self, *refusals: Refusal | str) -> None:
        self.refusals = tuple(r if isinstance(r, Refusal) else never(r) for r in refusals)
        super().__init__(" ".join(r.sentence for r in self.refusals))

    def by_field(self) -> dict[str, list[str]]:
        """Sentences by field name; those of no field under the empty string."""
        answer: dict[str, list[str]] = {}
        for refusal in self.refusals:
            answer.setdefault(refusal.field, []).append(refusal.sentence)
        return answer


class NotAllowed(Refused):
    """The person may see the record but not do this to it."""

    status = 403
    title = "You may not do this."


class Missing(Refused):
    """There is no such record, or the person may not know of it: the same answer on purpose."""

    status = 404
    title = "Not found."


class Stale(Refused):
    """Somebody changed a field meanwhile. `theirs` holds the values that now stand, by field, as text."""

    status = 409
    title = "Somebody else changed this meanwhile."

    def __init__(self, *refusals: Refusal | str, theirs: Mapping[str, str | None] | None = None) -> None:
        super().__init__(*refusals)
        self.theirs = dict(theirs or {})
