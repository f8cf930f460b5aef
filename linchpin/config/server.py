"""The web server: `python -m linchpin.config.server [options of granian] module:application`.

The application is read once and its processes are forked from here: they begin at once, and share the memory of what they hold.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

PAGES = ("account/login.html", "linchpin/register.html", "linchpin/record.html", "linchpin/todo.html")
"""Read beforehand, because somebody will ask for them first."""


def main() -> None:
    gc.disable()
    import_module(sys.argv[-1].partition(":")[0])
    _prepare()
    gc.freeze()  # what was read so far stays: looking through it for garbage would only copy it into every process
    gc.enable()
    from granian.cli import entrypoint

    entrypoint()  # type: ignore[no-untyped-call]


def _prepare() -> None:
    """Every address and the first templates. No connection to the database may be carried over a fork."""
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import reverse

    reverse("start")
    for name in PAGES:
        get_template(name)
    connections.close_all()


if __name__ == "__main__":
    main()
