from __future__ import annotations

from django.apps import AppConfig


class AuditedAreaConfig(AppConfig):
    name = "linchpin.chapters.evaluation.areas"
    label = "audited_area"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.areas import record_type  # noqa: F401  registers the type
