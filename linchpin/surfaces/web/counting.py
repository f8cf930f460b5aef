"""How many things wait for a person: the figure of the badge and of the heading on the page To do, from one statement."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection

from linchpin.kernel.asking.models import Asked
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import EVERYWHERE, Access
from linchpin.kernel.people.models import Organization, Role
from linchpin.kernel.people.standing_in import standing_in
from linchpin.kernel.records.models import DeclaredException, Record
from linchpin.kernel.records.registry import all_types
from linchpin.kernel.records.waiting import NEAR, lent_rows, moves_of_named, states_of

ME, SOON = "%(me)s", "%(soon)s"
"""The person, and the day from which a resting record waits again."""
OWNED = f"SELECT COUNT(*) FROM {{records}} WHERE owner_id = {ME} AND phase = 'open' AND NOT ({{resting}})"
ASKED = f"SELECT COUNT(*) FROM {{asked}} a JOIN {{records}} r ON r.id = a.record_id WHERE a.person_id = {ME} AND a.answer = '' AND ({{asking}})"
NAMED = f"SELECT COUNT(*) FROM {{table}} c JOIN {{records}} r ON r.id = c.record_ptr_id WHERE ({{named}}) AND (r.owner_id IS NULL OR r.owner_id <> {ME})"
CHECKS = f"SELECT COUNT(*) FROM {{checks}} d JOIN {{records}} r ON r.id = d.record_id WHERE d.checked_at IS NULL AND d.declared_by_id <> {ME} AND {{units}}"
"""By hand, because every page asks it, and because SQLite takes the index of open records only where the phase is no parameter."""


def counted(access: Access) -> tuple[int, bool]:
    """What waits for the person, in their own name and in that of whom they stand in for, as the page To do lists it; and whether this is a demonstration."""
    own, is_demo = _own(access)
    return own + sum(_lent(one) for one in standing_in(access)), is_demo


def _lent(access: Access) -> int:
    """What waits for one person who is away: one statement, of the rows that the page lists."""
    first, *rest = [rows.order_by().values("pk") for rows in lent_rows(access)]
    return int(first.union(*rest, all=True).count())


def _own(access: Access) -> tuple[int, bool]:
    parts = [*_parts(), *([_checks(access)] if access.has(Role.QUALITY_MANAGER) else [])]
    sql = f"SELECT {' + '.join(f'({part})' for part in parts)}, (SELECT is_demo FROM {Organization._meta.db_table} ORDER BY id LIMIT 1)"
    soon = connection.ops.adapt_datefield_value(today() + timedelta(days=NEAR))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"me": access.person.pk, "soon": soon})
        waiting, is_demo = cursor.fetchone()
    return waiting, bool(is_demo)


@cache
def _parts() -> tuple[str, ...]:
    """What counts for everybody: what one owns, is asked for, is named in. States and types are ours, never typed by anybody."""
    resting = [f"(type = '{one.key}' AND status = '{s}' AND (due IS NULL OR due > {SOON}))" for one in all_types() for s in one.lifecycle.resting]
    asking = [
        f"(r.type = '{one.key}' AND a.duty = '{duty}' AND r.status IN ({_listed(asking.states)}))"
        for one in all_types() for duty, asking in one.askings.items()
    ]  # fmt: skip
    tables: dict[str, Any] = {"records": Record._meta.db_table, "asked": Asked._meta.db_table}
    parts = [OWNED.format(resting=" OR ".join(resting) or "1 = 0", **tables), ASKED.format(asking=" OR ".join(asking) or "1 = 0", **tables)]
    for one in all_types():
        named = [f"(c.{name}_id = {ME} AND r.status IN ({_listed(states)}))" for name, states in states_of(moves_of_named(one)).items()]
        if named:
            parts.append(NAMED.format(table=one.model._meta.db_table, named=" OR ".join(named), **tables))
    return tuple(parts)


def _checks(access: Access) -> str:
    """Declared exceptions that a quality manager is to look at."""
    units = access.units((Role.QUALITY_MANAGER,))
    where = "1 = 1" if units is EVERYWHERE else f"r.unit_id IN ({', '.join(map(str, sorted(units))) or 'NULL'})"
    return CHECKS.format(checks=DeclaredException._meta.db_table, records=Record._meta.db_table, units=where)


def _listed(states: Any) -> str:
    return ", ".join(f"'{state}'" for state in sorted(str(s) for s in states))
