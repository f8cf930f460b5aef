"""What the shell around every page needs: who, where to, how many things wait."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest

from linchpin.kernel.asking.models import Asked
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.models import Organization, Role
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import all_types
from linchpin.kernel.records.waiting import NEAR
from linchpin.surfaces.web.navigation import lenses, navigation, role_of, thumbs

THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, counts and choices of the signed-in person; lazily, so that fragments pay for nothing."""
    theme = request.COOKIES.get("theme", "")
    context: dict[str, Any] = {
        "theme": theme if theme in THEMES else "",
        "organization": cache(Organization.objects.first),
        "kiosk": getattr(request, "kiosk", None),
        "labels": getattr(getattr(request, "user", None), "labels", "plain"),
    }
    if hasattr(request, "user") and request.user.is_authenticated:
        access = request.access  # type: ignore[attr-defined]
        counted = cache(lambda: _counted(access.person.pk))
        context |= {
            "todo_count": lambda: counted()[0],
            "is_demo": lambda: counted()[1],
            "nav": lambda: navigation(access, request.path, counted()[0]),
            "thumbs": lambda: thumbs(request.path),
            "lenses": lambda: lenses(access, request.path),
            "has_settings": lambda: access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER, Role.TOP_MANAGER),
            "role_name": cache(lambda: role_of(access)),
        }
    return context


COUNTED = """
SELECT (SELECT COUNT(*) FROM {records} WHERE owner_id = %s AND phase = 'open' AND NOT ({resting}))
       + (SELECT COUNT(*) FROM {asked} WHERE person_id = %s AND answer = ''),
       (SELECT is_demo FROM {organization} ORDER BY id LIMIT 1)
"""
"""By hand, because every page asks it, and because SQLite takes the index of open records only where the phase is no parameter."""


def _counted(person: int) -> tuple[int, bool]:
    """What the To do badge counts (open records of one's own that want something now, and what one is asked for), and whether this is a demonstration."""
    sql, resting = _statement()
    near = connection.ops.adapt_datefield_value(today() + timedelta(days=NEAR))
    with connection.cursor() as cursor:
        cursor.execute(sql, [person, *[near] * resting, person])
        waiting, is_demo = cursor.fetchone()
    return waiting, bool(is_demo)


@cache
def _statement() -> tuple[str, int]:
    """The statement, and how often it asks for the day from which a resting record waits again; see `kernel.records.waiting.at_rest`."""
    states = [(one.key, str(state)) for one in all_types() for state in one.lifecycle.resting]
    rests = [f"(type = '{key}' AND status = '{state}' AND (due IS NULL OR due > %s))" for key, state in states]
    tables = {"records": Record._meta.db_table, "asked": Asked._meta.db_table, "organization": Organization._meta.db_table}
    return COUNTED.format(resting=" OR ".join(rests) or "1 = 0", **tables), len(rests)
