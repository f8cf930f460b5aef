"""Whom the rows of a list of people mean: somebody who is here, by e-mail, number or name, or somebody new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.arrivals.people_reading import LABELS, NUMBER, PersonRow
from linchpin.exchange.models import ArrivedFile, TakenPerson
from linchpin.exchange.naming import UNIT, Names, normal
from linchpin.exchange.reading.dates import plain
from linchpin.kernel.people.models import Person

NEW, CHANGED, UNCHANGED, REJECTED = "new", "changed", "unchanged", "rejected"
PLAIN = ("name", "email", NUMBER, "initials", "position", "employment")


class Known:
    """Everybody here by e-mail, number and name; those whom an undone list had made are found by name and come back."""

    def __init__(self) -> None:
        self.names = Names()
        self.by_email = {p.email: p for p in self.names.people if p.email}
        self.by_number = {getattr(p, NUMBER): p for p in self.names.people if getattr(p, NUMBER)}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        undone = TakenPerson.objects.filter(file__state=ArrivedFile.State.UNDONE, what=NEW)
        self.undone = set(undone.exclude(person=None).values_list("person_id", flat=True))
        self.undone_units = set(undone.exclude(unit=None).values_list("unit_id", flat=True))
        for person in self.names.people:
            if person.state != Person.State.LEFT or person.pk in self.undone:
                self.by_name[normal(person.name)].append(person)


def match_people(rows: Sequence[PersonRow], known: Known | None = None) -> Known:
    """Set each row's outcome, and whom it changes in what."""
    known = known or Known()
    taken: dict[str, int] = {}
    met: dict[int, int] = {}
    for one in rows:
        one.person, one.changes = None, {}
        if not one.wrong:
            _refuse_twins(one, taken)
        if not one.wrong:
            one.person = _found(one, known)
        if one.person is not None and met.setdefault(one.person.pk, one.row) != one.row:
            one.wrong.append(_("Row %s means the same person.") % met[one.person.pk])
        one.outcome = REJECTED if one.wrong else _outcome(one, known)
    _find_managers(rows, known)
    return known


def _refuse_twins(one: PersonRow, taken: dict[str, int]) -> None:
    """A row that says the same e-mail or number as an earlier one, or the same name with nothing to tell the two apart."""
    marks = [f"{name}:{one.values[name]}" for name in ("email", NUMBER) if one.values.get(name)]
    for mark in marks or [f"name:{normal(one.name)}"]:
        if mark in taken:
            name, _colon, value = mark.partition(":")
            words = {"row": taken[mark], "label": LABELS[name], "value": one.name if name == "name" else value}
            one.wrong.append(_("Row %(row)s has this %(label)s already: “%(value)s”.") % words)
        taken.setdefault(mark, one.row)


def _found(one: PersonRow, known: Known) -> Person | None:
    email, number = one.values.get("email", ""), one.values.get(NUMBER, "")
    hit = known.by_email.get(email) or known.by_number.get(number)
    if hit is not None:
        return hit
    alike = [
        person for person in known.by_name[normal(one.name)]
        if not (email and person.email and person.email != email) and not (number and getattr(person, NUMBER) and getattr(person, NUMBER) != number)
    ]  # fmt: skip
    if len(alike) > 1:
        one.wrong.append(_("%(n)s people here are called %(name)s: an e-mail or a number tells which is meant.") % {"n": len(alike), "name": one.name})
    return alike[0] if len(alike) == 1 else None


def _outcome(one: PersonRow, known: Known) -> str:
    person = one.person
    if person is None:
        return NEW
    if person.state == Person.State.LEFT:
        if person.pk not in known.undone:
            one.remarks.append(_("%s has left: nothing of it is changed.") % person.name)
            return UNCHANGED
        one.changes["state"] = Person.State.ACTIVE
    for name in PLAIN:
        value = one.values.get(name, "")
        if value and value != (getattr(person, name) or "") and not (name == "name" and plain(value) == plain(person.name)):
            one.changes[name] = value
    if person.account == Person.Account.ACTIVE and one.changes.pop("email", None):
        one.remarks.append(_("%s signs in with another e-mail: that stays.") % person.name)
    if (unit := one.values.get("unit")) and ("state" in one.changes or known.names.find(UNIT, unit) != person.unit):
        one.changes["unit"] = unit
    return CHANGED if one.changes else UNCHANGED


def _find_managers(rows: Sequence[PersonRow], known: Known) -> None:
    """Who is meant by each line manager: somebody of the list or somebody here. The list's own people come first."""
    own = own_names(rows)
    for one in rows:
        text = one.values.get("manager", "")
        if not text or one.outcome == REJECTED:
            continue
        above: Any = own.get(normal(text)) or known.names.find("person", text)
        if above is None or above is one:
            one.remarks.append(_("Line manager “%s”: nobody of that name is here or in the list, so it stays open.") % text)
            one.values["manager"] = ""
            continue
        now = above.person if isinstance(above, PersonRow) else above
        if one.person is not None and (now is None or one.person.manager_id != now.pk):
            if one.outcome == UNCHANGED and one.person.state == Person.State.LEFT:
                continue
            one.changes["manager"] = above
            one.outcome = CHANGED


def own_names(rows: Sequence[PersonRow]) -> dict[str, PersonRow]:
    """Rows by everything their person may be called, where only one is called so."""
    found: dict[str, PersonRow] = {}
    count: Counter[str] = Counter()
    for one in rows:
        if one.outcome == REJECTED or not one.name:
            continue
        words = normal(one.name).split()
        called = {" ".join(words), f"{words[-1]}, {' '.join(words[:-1])}", f"{words[-1]} {' '.join(words[:-1])}".strip()}
        called |= {normal(one.values[name]) for name in ("email", NUMBER, "initials") if one.values.get(name)}
        for name in called:
            count[name] += 1
            found[name] = one
    return {name: one for name, one in found.items() if count[name] == 1}
