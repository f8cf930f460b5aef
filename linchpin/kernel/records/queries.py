"""How records are fetched: always through what a person may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import visible


class RecordQuerySet(models.QuerySet[Any]):
    """Records of one type (from a child model) or of every type (from `Record`)."""

    def visible_to(self, access: Access, verb: str = "read") -> RecordQuerySet:
        """Only the records on which the person may do `verb`, by role, unit subtree, ownership and confidentiality."""
        return self.filter(visible(access, verb, getattr(self.model, "TYPE_KEY", None)))

    def open(self) -> RecordQuerySet:
        return self.filter(phase__in=("draft", "open"))

    def overdue(self, today: date) -> RecordQuerySet:
        return self.filter(phase="open", due__lt=today)
