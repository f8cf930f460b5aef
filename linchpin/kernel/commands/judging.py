"""The rules of a move, asked of everybody who has a hand in it: separation of duties looks at who stands in as well as at whose right it is."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from linchpin.kernel.commands.saving import ON_BEHALF_OF
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.lifecycle import Transition, judge
from linchpin.kernel.records.refusals import Kind, Refusal
from linchpin.kernel.trail.models import Event


def judge_all(record: Any, transition: Transition, access: Access, before: list[Person] | None = None) -> list[Refusal]:
    """What refuses the move. Whose right it is meets every rule; whoever else has a hand in it meets separation of duties."""
    refusals = judge(record, transition, access.acts_as)
    hands = ([access.person] if access.through else []) + (acted_for(record, access) if before is None else before)
    for person in hands:
        said = {refusal.sentence for refusal in refusals}
        refusals += [r for r in judge(record, transition, person) if r.kind == Kind.SECOND_PERSON and r.sentence not in said]
    return refusals


def acted_for(record: Any, access: Access) -> list[Person]:
    """In whose name the person did something on this record or below it: what they did there counts as theirs. No query for who never stood in."""
    if not access.stood_for:
        return []
    events = Event.objects.filter(Q(record_id=record.pk) | Q(record__parent_id=record.pk), actor=access.person, body__contains=f'["{ON_BEHALF_OF}",')
    bodies = list(events.values_list("body", flat=True))
    return [giver for giver in Person.objects.filter(pk__in=access.stood_for) if any(str(giver.uid) in body for body in bodies)]
