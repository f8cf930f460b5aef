"""How records are fetched: always through what a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import visible


class RecordQuerySet(models.QuerySet[Any]):
    """Records of one type (from a child model) or of every type (from `Record`)."""

    def visible_to(self, access: Access, verb: str = "read") -> RecordQuerySet:
        """Only the records on which the person may do `verb`, by role, unit subtree, ownership and confidentiality."""
        return self.filter(visible(access, verb, getattr(self.model, "TYPE_KEY", None)))

    def visible_to_any(self, accesses: Sequence[Access]) -> RecordQuerySet:
        """What the person may read by one of their accesses: their own, and those of whom they stand in for."""
        return self.filter(reduce(or_, (visible(access, "read", getattr(self.model, "TYPE_KEY", None)) for access in accesses)))

    def open(self) -> RecordQuerySet:
        return self.filter(phase__in=("draft", "open"))

    def overdue(self, today: date) -> RecordQuerySet:
        return self.filter(phase="open", due__lt=today)
