from __future__ import annotations

from django.apps import AppConfig


class VisitConfig(AppConfig):
    name = "linchpin.chapters.evaluation.visits"
    label = "visit"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.visits import record_type  # noqa: F401  registers the type
        from linchpin.chapters.evaluation.visits.inviting import invited
        from linchpin.kernel.people.grants import INVITING

        if invited not in INVITING:
            INVITING.append(invited)
