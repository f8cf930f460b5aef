from __future__ import annotations

from django.apps import AppConfig


class ActionConfig(AppConfig):
    name = "linchpin.chapters.improvement.actions"
    label = "action"

    def ready(self) -> None:
        from linchpin.chapters.improvement.actions import record_type  # noqa: F401  registers the type
