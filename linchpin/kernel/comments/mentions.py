"""Whom a text calls by name: `@Aoife Keane`, `@Aoife`, `@AK`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from linchpin.kernel.people.models import Person

CALL = re.compile(r"(?<![\w@])@(\w[\w'’-]*)(?:[ \u00a0](\w[\w'’-]*))?(?:[ \u00a0](\w[\w'’-]*))?")


def parse_mentions(text: str, people: Iterable[Person]) -> list[Person]:
    """The people called, in the order of their first call. A name that several people bear calls nobody."""
    calls = list(CALL.finditer(text))
    if not calls:
        return []
    named = _names(people)
    called: dict[int, Person] = {}
    for match in calls:
        words = [word for word in match.groups() if word]
        for length in range(len(words), 0, -1):
            bearers = named.get(" ".join(words[:length]).casefold(), set())
            if len(bearers) == 1:
                person = next(iter(bearers))
                called.setdefault(person.pk, person)
                break
    return list(called.values())


def _names(people: Iterable[Person]) -> dict[str, set[Person]]:
    named: dict[str, set[Person]] = defaultdict(set)
    for person in people:
        for name in {person.name, person.name.split(" ")[0], person.initials}:
            if name:
                named[name.casefold()].add(person)
    return named
