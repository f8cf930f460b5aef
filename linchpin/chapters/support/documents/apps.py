from __future__ import annotations

from django.apps import AppConfig


class DocumentConfig(AppConfig):
    name = "linchpin.chapters.support.documents"
    label = "document"

    def ready(self) -> None:
        from linchpin.chapters.support.documents import record_type  # noqa: F401  registers the type
