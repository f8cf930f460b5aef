"""What people were told, in the product and by at most one mail a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Notice(models.Model):
    """One sentence for one person about one record."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    text = models.TextField()
    at = models.DateTimeField()
    key = models.CharField(max_length=120, null=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["person", "id"], name="notice_unmailed", condition=Q(mailed_at=None)),
        ]

    def __str__(self) -> str:
        return self.text
