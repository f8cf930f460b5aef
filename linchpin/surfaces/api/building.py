"""The API as a whole, made from the registry."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from ninja import Router
from ninja.openapi.docs import Swagger

from linchpin import __version__
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.api import (
    added_fields,
    analyses,
    arriving,
    asking,
    attached,
    audits,
    clauses,
    dating,
    documents,
    drawing,
    house,
    overview,
    placing,
    purging,
    questioning,
    ready,
    registers,
    standing,
    telling,
)
from linchpin.surfaces.api.authenticating import Bearer, PerCaller, Session
from linchpin.surfaces.api.describing import DescribedAPI
from linchpin.surfaces.api.parsing import JsonBody
from linchpin.surfaces.api.problems import teach

ABOUT = """Everything the pages do with records, for machines: the same rules, the same refusals, the same trail.

Send `Authorization: Bearer lp_…` (made by `linchpin token`), or use the session of this browser. Refusals are `application/problem+json`; each error has
its sentence, its field and its class. How to begin: `docs/api.md`."""


class Docs(Swagger):
    """The page of the description from our own files: the framework looks elsewhere for them when it is no app."""

    template_cdn = str(settings.API_FRAMEWORK / "templates" / Swagger.template)


def build() -> DescribedAPI:
    """One API: fixed addresses first, then those of every record type."""
    api = DescribedAPI(
        title="Linchpin",
        version=__version__,
        description=ABOUT,
        urls_namespace="api",
        auth=[Bearer(), Session()],
        throttle=[PerCaller()],
        parser=JsonBody(),
        docs=Docs(),
    )
    teach(api)
    house_routers = (house.router, added_fields.router, purging.people, placing.router, standing.router)
    fixed = (
        *house_routers, dating.router, overview.router, telling.router, clauses.router, ready.router, audits.router, documents.router,
        analyses.router, arriving.router,
    )  # fmt: skip
    _told_apart(fixed)
    for router in (*fixed, drawing.router, ready.drawn, attached.router, asking.router, questioning.router, purging.router, registers.router):
        api.add_router("", router)
    return api


def _told_apart(fixed: tuple[Router, ...]) -> None:
    """A record type that bears the name of a fixed address would never be reached: that ends the start."""
    taken = {path.split("/")[1] for router in fixed for path in router.path_operations}
    if clash := taken & {one.key for one in all_types()}:
        raise ImproperlyConfigured(f"The API has addresses of its own called {', '.join(sorted(clash))}: give the record type another key.")
