from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class PeopleConfig(AppConfig):
    name = "linchpin.kernel.people"
    label = "people"

    def ready(self) -> None:
        from linchpin.kernel.people.writing import install_guard

        connection_created.connect(install_guard, dispatch_uid="linchpin.guard")
