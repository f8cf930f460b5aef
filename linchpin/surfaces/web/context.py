"""What the shell around every page needs: who, where to, how many things wait."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from linchpin.kernel.people.models import Organization, Role
from linchpin.surfaces.web.counting import counted
from linchpin.surfaces.web.navigation import lenses, navigation, role_of, thumbs
from linchpin.surfaces.web.screening import state_of

THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, counts and choices of the signed-in person; lazily, so that fragments pay for nothing."""
    theme = request.COOKIES.get("theme", "")
    context: dict[str, Any] = {
        "theme": theme if theme in THEMES else "",
        "organization": cache(Organization.objects.first),
        "beside": getattr(request, "beside", None),
        "kiosk": getattr(request, "kiosk", None),
        "labels": getattr(getattr(request, "user", None), "labels", "plain"),
    }
    if hasattr(request, "user") and request.user.is_authenticated:
        access = request.access  # type: ignore[attr-defined]
        context["presenting"] = state_of(request)
        count = cache(lambda: counted(access))
        context |= {
            "todo_count": lambda: count()[0],
            "is_demo": lambda: count()[1],
            "nav": lambda: navigation(access, request.path, count()[0]),
            "thumbs": lambda: thumbs(access, request.path),
            "is_guest": lambda: access.is_guest,
            "lenses": lambda: lenses(access, request.path),
            "has_settings": lambda: access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER, Role.TOP_MANAGER),
            "role_name": cache(lambda: role_of(access)),
        }
    return context

