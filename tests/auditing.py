"""Kateřina's visit, as the tests of the auditor's room begin it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import revoke
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person
from tests.cast import Cast


def invite(cast: Cast, first: int = 0, last: int = 2, **over: Any) -> Any:
    """Daniel invites Kateřina from so many days from now to so many; what she was granted besides is taken away."""
    for given in cast.kateřina.person.grants.all():
        revoke(given, actor=cast.norbert)
    values = {"title": "Recertification", "firm": "Beacon Registrars", "host": cast.daniel.person, "auditor": cast.kateřina.person,
              "unit": cast.company, "owner": cast.daniel.person, "answer_within": 60, **over}  # fmt: skip
    visit = commands.create("visit", values, actor=cast.daniel)
    if first < 0:  # days that are over cannot be invited for: the door was opened while they lay ahead
        visit = commands.move(visit, "invite", actor=cast.daniel, values=days(first, max(last, 0)))
        return commands.edit(visit, {"ends": today() + timedelta(days=last)}, actor=cast.daniel)
    return commands.move(visit, "invite", actor=cast.daniel, values=days(first, last))


def days(first: int, last: int) -> dict[str, Any]:
    return {"starts": today() + timedelta(days=first), "ends": today() + timedelta(days=last)}


def kateřina(cast: Cast) -> Access:
    """Her access as it stands now."""
    return access_of(Person.objects.select_related("unit").get(pk=cast.kateřina.person.pk))
