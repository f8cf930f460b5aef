from __future__ import annotations

from django.apps import AppConfig


class AuditProgramConfig(AppConfig):
    name = "linchpin.chapters.evaluation.programs"
    label = "audit_program"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.programs import record_type  # noqa: F401  registers the type
