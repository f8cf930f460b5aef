"""The API as a whole, made from the registry."""

from __future__ import annotations

from ninja import NinjaAPI

from linchpin import __version__
from linchpin.surfaces.api import registers
from linchpin.surfaces.api.authenticating import Bearer, PerCaller, Session
from linchpin.surfaces.api.parsing import JsonBody
from linchpin.surfaces.api.problems import teach


def build() -> NinjaAPI:
    """One API: fixed addresses first, then those of every record type."""
    api = NinjaAPI(
        title="Linchpin",
        version=__version__,
        urls_namespace="api",
        auth=[Bearer(), Session()],
        throttle=[PerCaller()],
        parser=JsonBody(),
    )
    teach(api)
    api.add_router("", registers.router)
    return api
