from __future__ import annotations

from django.apps import AppConfig


class NonconformityConfig(AppConfig):
    name = "linchpin.chapters.improvement.nonconformities"
    label = "nonconformity"

    def ready(self) -> None:
        from linchpin.chapters.improvement.nonconformities import record_type  # noqa: F401  registers the type
