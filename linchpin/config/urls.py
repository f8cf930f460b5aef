"""The addresses of every surface."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern


class Later(URLResolver):
    """Addresses that are read when one of them is first asked for: a process that shows pages need not know those of the API."""

    def _populate(self) -> None:
        """Not for the sake of other names: within their own namespace they are found all the same."""


def feed(request: HttpRequest, **given: Any) -> HttpResponse:
    from linchpin.surfaces.api import feeds

    return feeds.feed(request, **given)


urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("linchpin.surfaces.web.account_urls")),
    path("account/", include("allauth.urls")),
    Later(RoutePattern("api/v1/"), "linchpin.surfaces.api.urls", app_name="api", namespace="api"),
    path("feeds/<str:secret>.ics", feed, name="feed"),
    path("", include("linchpin.chapters.support.documents.urls")),
    path("", include("linchpin.chapters.support.revisions.urls")),
    path("", include("linchpin.chapters.evaluation.programs.urls")),
    path("", include("linchpin.surfaces.web.urls")),
]
