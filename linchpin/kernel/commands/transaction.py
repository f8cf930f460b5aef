"""What every command stands in: the writers' queue, one transaction, the guard's permission, the seal at its end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from linchpin.kernel.people import clock
from linchpin.kernel.people.writing import in_command, permitted, writing
from linchpin.kernel.trail import own_seal


@contextlib.contextmanager
def command() -> Iterator[datetime]:
    """One command, or a part of the command that is already at work. Gives the time that all its rows carry."""
    if in_command.get():
        yield clock.now()
        return
    with writing(), permitted():
        with own_seal():
            yield clock.now()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # a broken reference is refused here, not at COMMIT
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
