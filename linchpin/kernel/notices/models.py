"""What people were told, in the product and by at most one mail a day."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record

PROPOSAL = "proposal"
"""The kind of a notice that proposes a date, which its reader may agree."""


class Notice(models.Model):
    """One sentence for one person about one record."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    text = models.TextField()
    """As it was worded when it was told: what older rows have, and what searches read."""
    template = models.TextField(default="")
    values = models.JSONField(default=dict)
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
        return self.sentence

    @property
    def sentence(self) -> str:
        """In the language of whoever reads it now."""
        return str(Said(self.template, self.values)) if self.template else self.text

    @property
    def day(self) -> date | None:
        """The day of which it speaks."""
        return date.fromisoformat(self.values["day"]) if "day" in self.values else None


class MailedLink(models.Model):
    """A link in a mail by which one notice is answered without signing in: for one person, once, until it expires.

    Only the digest of its address is kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.notice_id} until {self.expires_at:%Y-%m-%d}"
