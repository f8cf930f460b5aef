from __future__ import annotations

from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "linchpin.chapters.evaluation.readiness"
    label = "readiness_check"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.readiness import record_type  # noqa: F401  registers the type
