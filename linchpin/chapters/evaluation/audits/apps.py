from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "linchpin.chapters.evaluation.audits"
    label = "audit"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.audits import record_type  # noqa: F401  registers the type
