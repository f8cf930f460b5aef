"""What an invitation opens: the rows by which the access policy lets a guest in, and the rules before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.visits.models import Visit
from linchpin.kernel.people.grants import Given
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import all_types

INVITED = "invited"
LONGEST = 62
"""Days that a visit may last: whoever stays longer is no visitor."""


def invited(person: Person) -> Iterable[Given]:
    """What visits give their guest. An ended one gives nothing, and says since when."""
    rows = Visit.objects.filter(auditor=person, status__in=(INVITED, "ended", "withdrawn")).select_related("host").order_by("pk")
    return [
        Given(
            str(Role.EXTERNAL_AUDITOR), row.unit_id, row.starts, row.ended_on or row.ends, keys_of(row.registers),
            over=row.status != INVITED, host=row.host.name if row.host else "",
        )
        for row in rows
    ]  # fmt: skip


def keys_of(text: str) -> frozenset[str]:
    """The types that the lines name, by key or by what their register is called; what is unknown is left out."""
    called = _called()
    return frozenset(called[line] for line in _lines(text) if line in called)


def _lines(text: str) -> list[str]:
    return [line.strip().casefold() for line in text.splitlines() if line.strip()]


def _called() -> dict[str, str]:
    called: dict[str, str] = {}
    for one in all_types():
        names = (one.key, *(name(labels) for name in (one.label, one.plural) for labels in ("plain", "standard")))
        called |= {str(name).casefold(): one.key for name in names}
    return called


def registers_are_known(values: Mapping[str, Any]) -> Iterator[Refusal]:
    called = _called()
    if unknown := [line for line in _lines(values.get("registers") or "") if line not in called]:
        known = ", ".join(one.plural() for one in all_types() if one.listed)
        yield never(_("There is no register “%(name)s”. There are: %(known)s.") % {"name": unknown[0], "known": known}, "registers")


def days_make_sense(values: Mapping[str, Any]) -> Iterator[Refusal]:
    starts, ends = values.get("starts"), values.get("ends")
    if starts and ends and ends < starts:
        yield never(_("It would end before it begins: check both days."), "ends")
    elif starts and ends and (ends - starts).days >= LONGEST:
        yield never(_("A visit lasts at most %s days: invite again for the next one.") % LONGEST, "ends")
    if starts and (last := values.get("last_visit")) and last >= starts:
        yield never(_("The last visit lies before this one: check both days."), "last_visit")


def comes_from_outside(visit: Any, actor: Person) -> Refusal | None:
    guest = visit.auditor
    if guest is None or guest.employment == Person.Employment.EXTERNAL_AUDITOR:
        return None
    return never(_("%s works here and reads without an invitation. Whoever is invited is an external auditor: say so on their page.") % guest.name, "auditor")


def host_works_here(visit: Any, actor: Person) -> Refusal | None:
    if visit.host is None or visit.host.employment != Person.Employment.EXTERNAL_AUDITOR:
        return None
    return never(_("The host is somebody who works here."), "host")


def not_over_yet(visit: Any, actor: Person) -> Refusal | None:
    if visit.ends is None or visit.ends >= today():
        return None
    return never(_("Its last day is over: choose days to come."), "ends")


def one_at_a_time(visit: Any, actor: Person) -> Refusal | None:
    """Two invitations at once would add up to more than either says."""
    if not (visit.auditor_id and visit.starts and visit.ends):
        return None
    others = Visit.objects.filter(auditor_id=visit.auditor_id, status=INVITED, starts__lte=visit.ends, ends__gte=visit.starts)
    other = others.exclude(pk=visit.pk).first()
    if other is None:
        return None
    return never(_("%(who)s is invited for these days already: %(number)s.") % {"who": visit.auditor.name, "number": other.number}, "starts")
