"""What stands open in somebody's hands: what they own, are named in, are asked for, lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linchpin.kernel.asking.models import Asked, Audience
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import all_types, get_type, has_type

OWNS, ASKED, HEADS, LEADS = "owner", "asked:", "head_person", "manager"


@dataclass(frozen=True, slots=True)
class InHand:
    """One thing: a record, a unit or a person, and how it hangs on whoever has it in hand."""

    subject: Any
    how: str
    """`owner`, the name of a field, `asked:` with a duty, `head_person` of a unit, `manager` of a person."""
    label: str

    @property
    def key(self) -> str:
        return f"{type(self.subject)._meta.model_name if isinstance(self.subject, Unit | Person) else 'record'}-{self.subject.pk}-{self.how}"

    @property
    def is_record(self) -> bool:
        return not isinstance(self.subject, Unit | Person)

    @property
    def is_duty(self) -> bool:
        """Whether somebody else than the record's owner must have it."""
        return self.is_record and self.how != OWNS


def in_hand(person: Person, access: Access | None = None) -> list[InHand]:
    """Everything open that hangs on the person; with an access only the records that it may read."""
    seen = Record.objects.visible_to(access) if access else Record.objects.all()
    found = [InHand(row, OWNS, _("owns it")) for row in _fetched(seen.open().filter(owner=person)) if has_type(row.type)]
    found += [one for record_type in all_types() for name in record_type.names_people for one in _named(record_type, name, person, seen)]
    found += _asked(person, seen)
    found += [InHand(unit, HEADS, _("heads it")) for unit in person.heads.filter(state=Unit.State.ACTIVE).order_by("path")]
    reports = person.reports.exclude(state=Person.State.LEFT).order_by("name")
    return found + [InHand(one, LEADS, _("is their line manager")) for one in reports]


def left_open() -> QuerySet[Person]:
    """People who have left and on whom something open still hangs. Begins with who has left, so that it costs nothing how many records there are."""
    open_, theirs = Q(phase__in=(Phase.DRAFT, Phase.OPEN)), OuterRef("pk")
    hanging = Q(Exists(Record.objects.filter(open_, owner=theirs)))
    hanging |= Q(Exists(Asked.objects.filter(answer="", person=theirs)))
    hanging |= Q(Exists(Unit.objects.filter(state=Unit.State.ACTIVE, head_person=theirs)))
    hanging |= Q(Exists(Person.objects.filter(manager=theirs).exclude(state=Person.State.LEFT)))
    for one in all_types():
        for name in one.names_people:
            hanging |= Q(Exists(one.model._default_manager.filter(open_, **{name: theirs})))
    return Person.objects.filter(hanging, state=Person.State.LEFT).select_related("unit", "manager").order_by("name")


def suggested(things: Iterable[InHand], leaver: Person) -> dict[str, Person]:
    """Who could take each over, by its key: the line manager, else the head of its unit, else the quality manager; whoever can sign in and may."""
    managers: dict[int, list[Person]] = {}
    answer = {}
    for thing in things:
        unit = thing.subject.unit if thing.is_record or isinstance(thing.subject, Person) else thing.subject
        if unit.pk not in managers:
            managers[unit.pk] = [*([unit.head_person] if unit.head_person else []), *holders(Role.QUALITY_MANAGER, unit)]
        choice = [*([leaver.manager] if leaver.manager else []), *managers[unit.pk]]
        barred = {leaver.pk, thing.subject.owner_id if thing.is_duty else None, thing.subject.pk if isinstance(thing.subject, Person) else None}
        fitting = next((one for one in choice if one.is_reachable and one.pk not in barred), None)
        if fitting:
            answer[thing.key] = fitting
    return answer


def _named(record_type: Any, name: str, person: Person, seen: Any) -> Iterator[InHand]:
    label = _("is named: %s") % record_type.field_label(name)
    rows = record_type.model._default_manager.filter(pk__in=seen.values("pk"), phase__in=(Phase.DRAFT, Phase.OPEN), **{name: person})
    return (InHand(row, name, label) for row in _fetched(rows))


def _asked(person: Person, seen: Any) -> list[InHand]:
    """What they are asked for now, and what they would be asked for when it comes to it."""
    rows = Asked.objects.filter(person=person, answer="", record__in=seen).select_related("record__unit__head_person", "record__owner")
    lines = Audience.objects.filter(person=person, record__in=seen.open()).select_related("record__unit__head_person", "record__owner")
    both: list[Any] = [*rows.order_by("id"), *lines.order_by("id")]
    pairs = {(row.record_id, row.duty): row.record for row in both}
    answer = []
    for (_pk, duty), record in pairs.items():
        asking = get_type(record.type).askings.get(duty) if has_type(record.type) else None
        if asking is not None and (record.is_open or record.status in asking.states):
            answer.append(InHand(record, ASKED + duty, _("is asked: %s") % asking.label))
    return answer


def _fetched(rows: Any) -> Any:
    return rows.select_related("unit__head_person", "owner").order_by("due", "id")
