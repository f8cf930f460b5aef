"""What an invitation opens: the rows by which the access policy lets a guest in, and the rules before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.visits.models import Visit
from linchpin.kernel.people.grants import Access, Given
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Record
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
            str(Role.EXTERNAL_AUDITOR), unit, row.starts, row.ended_on or row.ends, keys_of(row.registers),
            over=row.status != INVITED, host=row.host.name if row.host else "", public=row.public_too,
        )
        for row in rows for unit in (row.unit_id, *(other.pk for other in _others(row)))
    ]  # fmt: skip


def units_of(visit: Any) -> list[Unit]:
    """The units that the visit is for, each with everything below it: the whole house stands alone."""
    return [visit.unit] if visit.unit.parent_id is None else [visit.unit, *(unit for unit in _others(visit) if unit.pk != visit.unit_id)]


@dataclass(frozen=True, slots=True)
class Opened:
    """What an invitation opens, as whoever invites reads it: the units, the registers, and the public records outside the units."""

    units: list[Unit]
    lost: list[str]
    """Lines that name no unit any more, or several: nothing is opened by them."""
    registers: list[str]
    public: int


def opened_by(visit: Any, access: Access) -> Opened:
    units, keys = units_of(visit), keys_of(visit.registers)
    inside = reduce(or_, (Q(unit__path__startswith=unit.path) for unit in units))
    outside = Record.objects.visible_to(access).filter(confidentiality="public").exclude(inside).exclude(phase="void")
    types = [one for one in all_types() if one.key in keys]
    lines, tree = [line.strip() for line in visit.more_units.splitlines() if line.strip()], _tree_of_names()
    lost = [line for line in lines if len(_called_so(line, tree)) != 1]
    return Opened(units, lost, [one.plural(access.person.labels) for one in types], (outside.filter(type__in=keys) if keys else outside).count())


def units_are_known(values: Mapping[str, Any]) -> Iterator[Refusal]:
    lines = [line.strip() for line in (values.get("more_units") or "").splitlines() if line.strip()]
    tree = _tree_of_names() if lines else []
    for line in lines:
        found = _called_so(line, tree)
        if not found:
            yield never(_("There is no unit “%s”: write it as it is called under “People & access”.") % line[:60], "more_units")
        elif len(found) > 1:
            yield never(_("Several units are called “%s”: write the one above before it, as in “Dunmallow / Machining”.") % line[:60], "more_units")


def _others(visit: Any) -> list[Unit]:
    """The further units of the lines; none twice, and none where a line became unclear, so that nothing is opened by mistake."""
    if not visit.more_units.strip():
        return []
    tree = _tree_of_names()
    found = [_called_so(line, tree) for line in visit.more_units.splitlines() if line.strip()]
    return list({units[0].pk: units[0] for units in found if len(units) == 1}.values())


def _tree_of_names() -> list[tuple[Unit, list[str]]]:
    """Every unit in use with the names that lead to it, the company's first."""
    units = {unit.pk: unit for unit in Unit.objects.filter(state=Unit.State.ACTIVE)}
    names = {pk: unit.name.casefold() for pk, unit in units.items()}
    return [(unit, [names.get(int(pk), "") for pk in unit.path.strip("/").split("/")]) for unit in units.values()]


def _called_so(line: str, tree: Iterable[tuple[Unit, list[str]]]) -> list[Unit]:
    """The units of that name, or of that name below those written before it."""
    *above, name = [part.strip().casefold() for part in line.split(" / ")]
    return [unit for unit, names in tree if names[-1] == name and all(one in names[:-1] for one in above)]


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
