"""What people say about a record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Comment(models.Model):
    """Something somebody said, and whom they called by name. A comment of the kind `change` asks for one and stays open until it is settled."""

    SAY, CHANGE = "say", "change"

    record = models.ForeignKey(Record, models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, default="say")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    settled_with = models.TextField(blank=True)
    mentions = models.ManyToManyField(Person, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record", "at"])]

    def __str__(self) -> str:
        return self.text[:80]
