from __future__ import annotations

from django.apps import AppConfig


class RevisionConfig(AppConfig):
    name = "linchpin.chapters.support.revisions"
    label = "revision"

    def ready(self) -> None:
        from linchpin.chapters.support.revisions import record_type  # noqa: F401  registers the type
