from __future__ import annotations

from django.apps import AppConfig


class AuditCheckConfig(AppConfig):
    name = "linchpin.chapters.evaluation.checks"
    label = "audit_check"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.checks import record_type  # noqa: F401  registers the type
