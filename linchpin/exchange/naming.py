"""Whom a name in a file means: by e-mail, badge, name or initials, or because somebody said so once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from linchpin.exchange.models import NameMatch
from linchpin.exchange.reading.dates import plain
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.people.writing import writing

LONGEST = 200
LIKELY = 80
PERSON, UNIT = "person", "unit"


@dataclass(slots=True)
class Asked:
    """A name that nobody here surely bears: how many rows say it, and who it might be, likeliest first."""

    kind: str
    text: str
    rows: int
    likely: list[Any] = field(default_factory=list)


class Names:
    """Everybody and every unit by everything they may be called. Three queries."""

    def __init__(self) -> None:
        self.people = list(Person.objects.exclude(employment=Person.Employment.SYSTEM).select_related("unit").order_by("id"))
        self.units = list(Unit.objects.order_by("id"))
        remembered = {(m.kind, m.text): m.person_id or m.unit_id for m in NameMatch.objects.all()}
        self._known = {PERSON: _alone(_names_of_people(self.people)), UNIT: _alone(_names_of_units(self.units))}
        self._by_id: dict[str, dict[int, Any]] = {PERSON: {p.pk: p for p in self.people}, UNIT: {u.pk: u for u in self.units}}
        self._remembered = remembered

    def find(self, kind: str, text: Any) -> Any:
        """The person or unit, or None when nobody is surely meant."""
        word = normal(text)
        if (kind, word) in self._remembered:
            return self._by_id[kind].get(self._remembered[kind, word] or 0)
        return self._known[kind].get(word)

    def asked(self, kind: str, counted: dict[str, int]) -> list[Asked]:
        """The names among these (with the number of their rows) that have to be matched, most frequent first."""
        open_ones = [text for text in counted if (kind, normal(text)) not in self._remembered and self.find(kind, text) is None]
        return [Asked(kind, text, counted[text], self._likely(kind, text)) for text in sorted(open_ones, key=lambda t: (-counted[t], t))]

    def _likely(self, kind: str, text: str) -> list[Any]:
        names = {thing: plain(thing.name) for thing in (self.people if kind == PERSON else self.units)}
        word = normal(text).replace(".", "")
        by_initials = [p for p in names if kind == PERSON and word == initials(p.name)]
        found = process.extract(word, names, scorer=fuzz.token_set_ratio, limit=3, score_cutoff=LIKELY) if len(word) > 3 else []
        return list(dict.fromkeys([*by_initials, *(thing for _name, _score, thing in found)]))


def normal(text: Any) -> str:
    """A name for comparison: lower case, no accents, one space."""
    return " ".join(plain(str(text)).split())[:LONGEST]


def initials(name: str) -> str:
    """“Jana Svobodová” → “js”."""
    return "".join(part[0] for part in plain(name).split() if part)


def remember(kind: str, text: str, target: Any, *, actor: Access) -> NameMatch:
    """Keep what somebody decided about a name; None: it stays text, and is not asked about again."""
    decided = {"person": target if kind == PERSON else None, "unit": target if kind == UNIT else None, "by": actor.person, "at": clock.now()}
    with writing():
        return NameMatch.objects.update_or_create(kind=kind, text=normal(text), defaults=decided)[0]


def forget(kind: str, text: str) -> None:
    """Ask about the name again."""
    with writing():
        NameMatch.objects.filter(kind=kind, text=normal(text)).delete()


def _names_of_people(people: Iterable[Person]) -> Iterable[tuple[str, Person]]:
    for person in people:
        words = plain(person.name).split()
        yield " ".join(words), person
        if len(words) > 1:
            yield f"{words[-1]}, {' '.join(words[:-1])}", person
            yield f"{words[-1]} {' '.join(words[:-1])}", person
        for other in (person.email, person.badge, person.initials):
            if other:
                yield normal(other), person


def _names_of_units(units: Sequence[Unit]) -> Iterable[tuple[str, Unit]]:
    names = {unit.pk: unit.name for unit in units}
    for unit in units:
        yield normal(unit.name), unit
        yield normal(" / ".join(names[int(part)] for part in unit.path.split("/") if part)), unit  # as an export writes it


def _alone(names: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Only names that one alone bears."""
    found: dict[str, dict[int, Any]] = defaultdict(dict)
    for name, thing in names:
        found[name][thing.pk] = thing
    return {name: next(iter(things.values())) for name, things in found.items() if len(things) == 1}
