"""Django's `migrate`, with the guard's leave: a migration may rewrite what else only commands write."""

from __future__ import annotations

from typing import Any

from django.core.management.base import SystemCheckError
from django.core.management.commands import migrate

from linchpin.kernel.people.writing import permitted


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Every start passes through here, so a record type that is declared wrongly ends it with a sentence."""
        try:
            self.check(tags=["record_types"])
        except SystemCheckError as problem:
            raise SystemExit(str(problem)) from problem
        with permitted():
            super().handle(*args, **options)
