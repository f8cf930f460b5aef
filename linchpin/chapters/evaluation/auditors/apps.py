from __future__ import annotations

from django.apps import AppConfig


class AuditorConfig(AppConfig):
    name = "linchpin.chapters.evaluation.auditors"
    label = "audit_competence"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.auditors import record_type  # noqa: F401  registers the type
