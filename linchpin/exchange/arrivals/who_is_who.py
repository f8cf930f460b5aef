"""Whom the names and initials mean in all files together: asked once, also of people who are only in a list that arrived with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from linchpin.exchange.arrivals.people_matching import NEW, own_names
from linchpin.exchange.arrivals.people_reading import PersonRow
from linchpin.exchange.arrivals.people_taking import people_of
from linchpin.exchange.arrivals.receiving_many import data_of
from linchpin.exchange.models import Arrival, ArrivedFile, Import
from linchpin.exchange.naming import PERSON, UNIT, Names, initials, normal, remember
from linchpin.exchange.reading.sources import Book
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.people.writing import writing

TO_COME = "new:"
"""What stands before the name of somebody who is only in a list yet."""
AS_TEXT = "text"
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Somebody:
    """One who may be meant: the answer's value, their name, and what they do."""

    key: str
    name: str
    position: str = ""


@dataclass(slots=True)
class Question:
    """A name that nobody surely bears: how often it stands, in which files, and who it might be, likeliest first."""

    kind: str
    text: str
    rows: int
    files: list[str]
    likely: list[Somebody] = field(default_factory=list)


@dataclass(slots=True)
class WhoIsWho:
    """The open questions, how many there are in all, and everybody who can be the answer."""

    asked: list[Question]
    total: int
    people: list[Somebody]
    units: list[Somebody]


def who_is_who(arrival: Arrival) -> WhoIsWho:
    """Every name of the heap's files that has to be matched, most frequent first."""
    names, coming = Names(), people_to_come(arrival)
    counted, files = _counted(arrival)
    own = own_names(coming)
    answered = set(arrival.answers)
    known_units = {normal(one.values["unit"]) for one in coming if one.values.get("unit")}
    people = [Somebody(str(p.pk), p.name, p.position) for p in names.people if p.state != Person.State.LEFT]
    to_come = [Somebody(TO_COME + normal(one.name), one.name, one.values.get("position", "")) for one in coming if one.outcome == NEW]
    asked = []
    for kind in (PERSON, UNIT):
        for one in names.asked(kind, counted[kind]):
            word = normal(one.text)
            if word in answered or (word in own if kind == PERSON else word in known_units):
                continue
            likely = [Somebody(str(thing.pk), thing.name) for thing in one.likely]
            likely += [s for s in to_come if kind == PERSON and initials(s.name) == word.replace(".", "")]
            asked.append(Question(kind, one.text, one.rows, files[kind, one.text], likely))
    units = [Somebody(str(unit.pk), unit.name) for unit in names.units if unit.state == Unit.State.ACTIVE]
    everybody = sorted([*people, *to_come], key=lambda one: normal(one.name))
    return WhoIsWho(asked[:SHOWN], len(asked), everybody, units)


def people_to_come(arrival: Arrival) -> list[PersonRow]:
    """The rows of the lists of people that wait in the heap."""
    waiting = arrival.files.filter(becomes=ArrivedFile.PEOPLE, state=ArrivedFile.State.OPEN)
    return [one for file in waiting if not file.notes.get("wrong") for one in people_of(file, Book(data_of(file), file.name))]


def _counted(arrival: Arrival) -> tuple[dict[str, dict[str, int]], dict[tuple[str, str], list[str]]]:
    """In how many rows each name stands, by kind, and in which files."""
    counted: dict[str, Counter[str]] = {PERSON: Counter(), UNIT: Counter()}
    files: dict[tuple[str, str], list[str]] = {}
    for file in arrival.files.exclude(source=None).select_related("source").order_by("id"):
        if file.source is None or file.source.state not in (Import.State.REHEARSED, Import.State.ACCEPTED):
            continue
        for kind, found in file.source.notes.get("names", {}).items():
            counted[kind].update(found)
            for text in found:
                files.setdefault((kind, text), []).append(file.name)
    return {kind: dict(found) for kind, found in counted.items()}, files


def keep_answers(arrival: Arrival, answers: Sequence[tuple[str, str, str]], *, actor: Access) -> int:
    """Remember (kind, name, answer) for every file now and later. Who is only in a list yet is remembered when they are here."""
    kept = 0
    for kind, text, answer in answers:
        if answer.startswith(TO_COME) and kind == PERSON:
            arrival.answers = arrival.answers | {normal(text): answer}
        elif answer == AS_TEXT:
            remember(kind, text, None, actor=actor)
        elif answer.isdecimal() and len(answer) < 19:
            target = (Person if kind == PERSON else Unit).objects.filter(pk=int(answer)).first()
            if target is None:
                continue
            remember(kind, text, target, actor=actor)
        else:
            continue
        kept += 1
    with writing():
        arrival.save(update_fields=["answers"])
    return kept


def remember_answers(arrival: Arrival, *, actor: Access) -> None:
    """Those who were only in a list are here now: what was said of them is remembered like everything else."""
    arrival.refresh_from_db()
    here: dict[str, list[Person]] = {}
    for taken in (t for file in arrival.files.filter(state=ArrivedFile.State.TAKEN) for t in file.taken.exclude(person=None).select_related("person")):
        assert taken.person is not None
        here.setdefault(normal(taken.person.name), []).append(taken.person)
    for text, answer in list(arrival.answers.items()):
        found = here.get(answer.removeprefix(TO_COME), [])
        if len({person.pk for person in found}) == 1:
            remember(PERSON, text, found[0], actor=actor)
            del arrival.answers[text]
    with writing():
        arrival.save(update_fields=["answers"])
