"""What the shell around every page needs: who, where to, how many things wait."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest

from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.models import Record
from linchpin.surfaces.web.navigation import lenses, navigation, role_of, thumbs

THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, counts and choices of the signed-in person; lazily, so that fragments pay for nothing."""
    theme = request.COOKIES.get("theme", "")
    context: dict[str, Any] = {
        "theme": theme if theme in THEMES else "",
        "organization": cache(Organization.objects.first),
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
            "role_name": cache(lambda: role_of(access)),
        }
    return context


COUNTED = f"""
SELECT (SELECT COUNT(*) FROM {Record._meta.db_table} WHERE owner_id = %s AND phase = 'open'),
       (SELECT is_demo FROM {Organization._meta.db_table} ORDER BY id LIMIT 1)
"""
"""By hand, because every page asks it, and because SQLite takes the index of open records only where the phase is no parameter."""


def _counted(person: int) -> tuple[int, bool]:
    """Open records that the person owns, as the To do badge counts them, and whether this is a demonstration."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [person])
        waiting, is_demo = cursor.fetchone()
    return waiting, bool(is_demo)
