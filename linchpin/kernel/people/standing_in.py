"""Standing in: who does what for whom, from when until when. A delegation passes on what its giver holds, and nothing that was passed on to them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import EVERYWHERE, Access, access_of, subtree_ids
from linchpin.kernel.people.models import Delegation, Person, Role

NEVER_LENT = (Role.ADMINISTRATOR, Role.EXTERNAL_AUDITOR)
"""Roles that nobody holds for somebody else."""


def in_force() -> QuerySet[Delegation]:
    """The delegations of today, the two people fetched with them."""
    day = clock.today()
    rows = Delegation.objects.filter(ended_at=None, starts__lte=day, ends__gte=day).exclude(giver__state=Person.State.LEFT)
    return rows.select_related("giver__unit", "delegate__unit", "unit")


def overlapping(delegation: Delegation) -> QuerySet[Delegation]:
    """Delegations that stand while this one would."""
    return Delegation.objects.filter(ended_at=None, starts__lte=delegation.ends, ends__gte=delegation.starts).exclude(pk=delegation.pk)


def through(delegation: Delegation, own: Access) -> Access:
    """What the delegate may do in the giver's name: the giver's own roles, within the delegation, with the delegate's hand."""
    held = access_of(delegation.giver)
    roles = {role: units for role, units in held.roles.items() if role not in NEVER_LENT}
    within = subtree_ids(delegation.unit) if delegation.unit else EVERYWHERE
    return Access(own.person, roles, through=delegation, own=Access(own.person, own.roles), within=within)


def standing_in(access: Access) -> Iterator[Access]:
    """The accesses by which the person acts for others today; no query where there are none."""
    if access.lent:
        if not access._standing_in:  # a page asks several times
            access._standing_in.extend(through(delegation, access) for delegation in in_force().filter(pk__in=access.lent).order_by("ends", "pk"))
        yield from access._standing_in


def hands(access: Access) -> list[Access]:
    """Every access by which the person may act: their own first, then those of whom they stand in for."""
    return [access, *standing_in(access)]


def standing_in_for(access: Access, giver: Q) -> Access | None:
    """The access by which the person acts for one other: the giver is found by uid or key."""
    found = in_force().filter(giver, pk__in=access.lent).order_by("scope", "pk").first() if access.lent else None
    return through(found, access) if found else None
