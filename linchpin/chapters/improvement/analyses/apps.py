from __future__ import annotations

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "linchpin.chapters.improvement.analyses"
    label = "root_cause_analysis"

    def ready(self) -> None:
        from linchpin.chapters.improvement.analyses import record_type  # noqa: F401  registers the type
