"""People and units made from a list, by the same commands as by hand; and taken back as long as nobody used them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.exchange.arrivals.people_matching import CHANGED, NEW, PLAIN, REJECTED, match_people, own_names
from linchpin.exchange.arrivals.people_reading import NUMBER, PersonRow, read_people, understand_people
from linchpin.exchange.models import ArrivedFile, TakenPerson
from linchpin.exchange.naming import UNIT, normal
from linchpin.exchange.reading.sources import Book
from linchpin.kernel.commands.organizing import ADMINISTERING, add_person, add_unit, edit_subject
from linchpin.kernel.commands.settling import system_access
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.refusals import NotAllowed, Refused, never


def may_bring_people(actor: Access) -> bool:
    return actor.has(*ADMINISTERING)


def people_of(file: ArrivedFile, book: Book) -> list[PersonRow]:
    """The file's rows as they would be taken over now."""
    rows = read_people(understand_people(book, file.answers))
    match_people(rows)
    return rows


def take_people(file: ArrivedFile, book: Book, *, actor: Access) -> list[PersonRow]:
    """Make and change what the rows say, in one transaction; nobody is signed in, invited or told. Raises NotAllowed."""
    if not may_bring_people(actor):
        raise NotAllowed(_("People, units and roles are for the administrator and the quality manager."))
    rows = read_people(understand_people(book, file.answers))
    with command():
        _Taking(file, rows, actor).all()
    return rows


class _Taking:
    """One list being taken over: units as they are needed, each person behind their line manager."""

    def __init__(self, file: ArrivedFile, rows: Sequence[PersonRow], actor: Access) -> None:
        self.file, self.rows, self.actor = file, rows, actor
        self.known = match_people(rows)
        self.root = Unit.objects.get(parent=None)
        self.units: dict[str, Unit] = {}
        self.under_way: set[int] = set()
        self.done: set[int] = set()

    def all(self) -> None:
        for one in self.rows:
            self._take(one)
        for taken in TakenPerson.objects.filter(file=self.file).exclude(person=None).select_related("person"):
            if taken.person is not None and taken.sequence != taken.person.sequence:
                taken.sequence = taken.person.sequence
                taken.save(update_fields=["sequence"])

    def _take(self, one: PersonRow) -> None:
        if one.row in self.done or one.outcome == REJECTED:
            return
        self.under_way.add(one.row)
        try:
            if one.outcome == NEW:
                self._make(one)
            elif one.outcome == CHANGED:
                self._change(one)
        except Refused as refused:
            one.outcome, one.wrong = REJECTED, [str(refused)]
        self.done.add(one.row)

    def _make(self, one: PersonRow) -> None:
        values: dict[str, Any] = {name: one.values[name] for name in PLAIN if one.values.get(name)}
        values |= {"unit": self._unit(one, one.values.get("unit", "")), "manager": self._manager(one)}
        one.person = add_person(values, actor=self.actor)
        self._note(one.row, NEW, person=one.person)

    def _change(self, one: PersonRow) -> None:
        assert one.person is not None
        values = dict(one.changes)
        if "unit" in values:
            values["unit"] = self._unit(one, values["unit"])
        if "manager" in values:
            values["manager"] = self._manager(one) or one.person.manager
        before = {name: as_text(getattr(one.person, name)) for name in values}
        what = NEW if values.get("state") == Person.State.ACTIVE else CHANGED
        one.person = edit_subject(one.person, values, actor=self.actor, reason=_("From the list %s") % self.file.name)
        self._note(one.row, what, person=one.person, before=before)

    def _manager(self, one: PersonRow) -> Person | None:
        """The line manager, made first where the list has them; a circle is cut where it closes."""
        text = one.values.get("manager", "")
        above = own_names(self.rows).get(normal(text)) if text else None
        if above is None:
            found: Person | None = self.known.names.find("person", text) if text else None
            return found
        if above.row in self.under_way and above.row not in self.done:
            one.remarks.append(_("Line manager “%s”: the list leads in a circle, so it stays open.") % text)
            return None
        self._take(above)
        return above.person

    def _unit(self, one: PersonRow, text: str) -> Unit:
        """The unit of that name; a new one below the organization where there is none. “Works / Paint shop” is a way down."""
        if not text:
            return self.root
        found = self.units.get(normal(text)) or self.known.names.find(UNIT, text)
        if found is None:
            found = self._new_unit([part.strip() for part in text.split(" / ") if part.strip()])
        elif found.state == Unit.State.CLOSED and found.pk in self.known.undone_units:
            found = edit_subject(found, {"state": Unit.State.ACTIVE}, actor=self.actor, reason=_("From the list %s") % self.file.name)
            self._note(one.row, NEW, unit=found)
        self.units[normal(text)] = found
        return found

    def _new_unit(self, way: list[str]) -> Unit:
        above = self.root
        for name in way:
            standing = Unit.objects.filter(parent=above, name__iexact=name).first()
            if standing is None:
                standing = add_unit({"name": name[:120], "kind": Unit.Kind.DEPARTMENT, "parent": above}, actor=self.actor)
                self._note(0, NEW, unit=standing)
            above = standing
        return above

    def _note(self, row: int, what: str, *, person: Person | None = None, unit: Unit | None = None, before: dict[str, Any] | None = None) -> None:
        subject: Any = person or unit
        TakenPerson.objects.create(file=self.file, person=person, unit=unit, row=row, what=what, sequence=subject.sequence, before=before or {})


def take_people_back(file: ArrivedFile, reason: str, *, actor: Access) -> None:
    """Who was made has left again, who was changed is as before, units that nobody uses are closed. Raises Refused, NotAllowed.

    People stay in the trail; their e-mail, number and initials are free again.
    """
    if not may_bring_people(actor):
        raise NotAllowed(_("People, units and roles are for the administrator and the quality manager."))
    if not reason.strip():
        raise Refused(never(_("Say why it is undone: the reason stays with everybody on the list."), "reason"))
    with command():
        taken = list(file.taken.select_related("person", "unit").order_by("-id"))
        _nobody_used(taken)
        for one in (each for each in taken if each.person):
            _put_back(one, reason, actor)
        for one in (each for each in taken if each.unit):
            _close(one.unit, f"{reason.strip()} ({actor.person.name})")
    with writing():
        file.state, file.notes = ArrivedFile.State.UNDONE, file.notes | {"undone": f"{actor.person.name}: {reason.strip()}"}
        file.save(update_fields=["state", "notes"])


def _nobody_used(taken: Sequence[TakenPerson]) -> None:
    """Refuse where somebody was changed since, or was given something by now."""
    changed = [str(one.person or one.unit) for one in taken if (one.person or one.unit).sequence != one.sequence]  # type: ignore[union-attr]
    made = [one.person for one in taken if one.what == NEW and one.person]
    owned = Record.objects.filter(owner__in=made).exclude(phase=Phase.VOID)
    owners = sorted(set(owned.values_list("owner__name", flat=True)))
    elsewhere = Person.objects.filter(manager__in=made).exclude(pk__in=[p.pk for p in made]).exclude(state=Person.State.LEFT)
    used = [person.name for person in made if person.grants.exists() or person.account != Person.Account.NONE] + [str(p) for p in elsewhere]
    if named := [*changed, *used]:
        raise Refused(_("Since then somebody worked with it (%s): the list stays. Change single people on their own pages.") % ", ".join(named[:5]))
    if owners:
        words = {"n": owned.count(), "names": ", ".join(owners[:5])}
        raise Refused(_("%(names)s own %(n)s records by now: undo the files that these came from first.") % words)


def _put_back(one: TakenPerson, reason: str, actor: Access) -> None:
    person: Any = one.person
    if one.what == NEW:
        gone = {"state": Person.State.LEFT, "email": None, NUMBER: None, "initials": ""}
        edit_subject(person, gone, actor=actor, reason=reason)
        return
    values: dict[str, Any] = {}
    for name, text in one.before.items():
        if name in ("unit", "manager"):
            model: Any = Unit if name == "unit" else Person
            values[name] = model.objects.filter(uid=text).first() if text else None
        else:
            values[name] = text or ("" if name in ("initials", "position") else None)
    edit_subject(person, values, actor=actor, reason=reason)


def _close(unit: Any, reason: str) -> None:
    """A unit that only this list made is closed by the system itself, where it stands empty: closing one that works is for top management."""
    here = Person.objects.filter(unit=unit).exclude(state=Person.State.LEFT).exists()
    used = here or Record.objects.filter(unit=unit).exclude(phase=Phase.VOID).exists()
    below = Unit.objects.filter(Q(parent=unit), state=Unit.State.ACTIVE).exists()
    if not used and not below and unit.state == Unit.State.ACTIVE:
        edit_subject(unit, {"state": Unit.State.CLOSED}, actor=system_access(), reason=reason)
