from __future__ import annotations

from django.apps import AppConfig


class AuditRequestConfig(AppConfig):
    name = "linchpin.chapters.evaluation.requests"
    label = "audit_request"

    def ready(self) -> None:
        from linchpin.chapters.evaluation.requests import record_type  # noqa: F401  registers the type
