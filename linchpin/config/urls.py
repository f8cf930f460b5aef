"""The addresses of every surface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from linchpin.surfaces.api.feeds import feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("linchpin.surfaces.web.account_urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("linchpin.surfaces.api.urls")),
    path("feeds/<str:secret>.ics", feed, name="feed"),
    path("", include("linchpin.surfaces.web.urls")),
]
