"""Typed, two-way links between records: they draw the line of sight."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Link(models.Model):
    """`source` stands in the relation `kind` to `target`."""

    source = models.ForeignKey(Record, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Record, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
