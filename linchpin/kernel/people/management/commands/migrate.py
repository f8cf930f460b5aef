"""Django's `migrate`, with the guard's leave: a migration may rewrite what else only commands write."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from linchpin.kernel.people.writing import permitted


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with permitted():
            super().handle(*args, **options)
