from __future__ import annotations

from django.apps import AppConfig


class ConcernConfig(AppConfig):
    name = "linchpin.chapters.improvement.concerns"
    label = "concern"

    def ready(self) -> None:
        from linchpin.chapters.improvement.concerns import record_type  # noqa: F401  registers the type
