"""The addresses of the API: /api/v1/."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, re_path

from linchpin.surfaces.api.building import build
from linchpin.surfaces.api.guarding import guarded, nothing_here

app_name = "api"
api = build()
_made: Any = api.urls[0]
urlpatterns: list[URLPattern | URLResolver] = [
    *(URLPattern(one.pattern, guarded(one.callback), one.default_args, one.name) for one in _made),
    re_path(r"", nothing_here),
]
