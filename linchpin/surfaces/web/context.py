"""What the shell around every page needs: who, where to, how many things wait."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.models import Phase, Record
from linchpin.surfaces.web.navigation import lenses, navigation, role_of, thumbs

THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, counts and choices of the signed-in person; lazily, so that fragments pay for nothing."""
    theme = request.COOKIES.get("theme", "")
    context: dict[str, Any] = {
        "theme": theme if theme in THEMES else "",
        "organization": SimpleLazyObject(Organization.objects.first),
        "labels": getattr(getattr(request, "user", None), "labels", "plain"),
    }
    if hasattr(request, "user") and request.user.is_authenticated:
        access = request.access  # type: ignore[attr-defined]
        context |= {
            "todo_count": SimpleLazyObject(lambda: todo_count(request)),
            "nav": SimpleLazyObject(lambda: navigation(access, request.path)),
            "thumbs": SimpleLazyObject(lambda: thumbs(request.path)),
            "lenses": SimpleLazyObject(lambda: lenses(access, request.path)),
            "role_name": SimpleLazyObject(lambda: role_of(access)),
        }
    return context


def todo_count(request: HttpRequest) -> int:
    """Open records that the person owns: what the To do badge counts."""
    return Record.objects.filter(owner_id=request.user.pk, phase=Phase.OPEN).count()
