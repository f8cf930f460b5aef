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
        waiting = cache(lambda: todo_count(request.user.pk))
        context |= {
            "todo_count": waiting,
            "nav": lambda: navigation(access, request.path, waiting()),
            "thumbs": lambda: thumbs(request.path),
            "lenses": lambda: lenses(access, request.path),
            "role_name": cache(lambda: role_of(access)),
        }
    return context


def todo_count(person: int) -> int:
    """Open records that the person owns: what the To do badge counts."""
    with connection.cursor() as cursor:  # by hand: it stands on every page, and SQLite takes the index of open ones for no parameter
        cursor.execute(f"SELECT COUNT(*) FROM {Record._meta.db_table} WHERE owner_id = %s AND phase = 'open'", [person])
        return int(cursor.fetchone()[0])
