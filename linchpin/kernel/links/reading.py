"""What a record is linked to, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from linchpin.kernel.links.kinds import LINK_KINDS
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record


@dataclass(frozen=True, slots=True)
class Linked:
    """One link as it reads from here: the words between, and the record at the other end."""

    link: Link
    words: str
    record: Record


def links_of(record: Any, access: Access) -> list[Linked]:
    """Links from and to the record whose other end the person may read, oldest first; without those that have a list of their own. Two queries."""
    apart = [name for name, kind in LINK_KINDS.items() if kind.apart]
    rows = list(Link.objects.filter(Q(source_id=record.pk) | Q(target_id=record.pk) & ~Q(kind__in=apart)).order_by("id"))
    others = {row.target_id if row.source_id == record.pk else row.source_id for row in rows}
    seen = Record.objects.visible_to(access).filter(pk__in=others).in_bulk() if others else {}
    answer = []
    for row in rows:
        outward = row.source_id == record.pk
        other = seen.get(row.target_id if outward else row.source_id)
        kind = LINK_KINDS.get(row.kind)
        if other is not None and kind is not None:
            answer.append(Linked(row, str(kind.forward if outward else kind.back), other))
    return answer


@dataclass(frozen=True, slots=True)
class Ends:
    """A page of records at the other ends of one kind of link: `after` is the id to go on from, 0 at the end."""

    records: list[Record]
    count: int
    after: int = 0


def ending_at(record: Any, kind: str, access: Access, *, size: int, after: int = 0) -> Ends:
    """The records linked to this one in that kind which the person may read, the newest first. Three queries, however many there are; one where none is."""
    if not Link.objects.filter(target_id=record.pk, kind=kind).exists():
        return Ends([], 0)
    rows = Record.objects.visible_to(access).filter(links_out__target_id=record.pk, links_out__kind=kind)
    count = rows.count()
    further = rows.filter(pk__lt=after) if after else rows
    found = list(further.select_related("owner", "unit").order_by("-pk")[: size + 1])
    return Ends(found[:size], count, found[size - 1].pk if len(found) > size else 0)
