from __future__ import annotations

from django.apps import AppConfig


class CauseConfig(AppConfig):
    name = "linchpin.chapters.improvement.causes"
    label = "possible_cause"

    def ready(self) -> None:
        from linchpin.chapters.improvement.causes import record_type  # noqa: F401  registers the type
