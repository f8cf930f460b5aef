"""What was taken out of a record for good, and what stands in its place."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person

GONE = "[purged]"
"""Stands where something has to stand: as a title, and as a file's name."""


class Purge(models.Model):
    """A wrong file or text: somebody proposes that its content goes, somebody else confirms it. Confirmed, this row is the tombstone."""

    class Kind(models.TextChoices):
        FIELD = "field", _("Text of a field")
        COMMENT = "comment", _("Comment")
        FILE = "file", _("File")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        PURGED = "purged", _("Purged")
        DECLINED = "declined", _("Declined")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="purges")
    kind = models.CharField(max_length=8, choices=Kind)
    target = models.CharField(max_length=40, help_text="The field's name, the comment's id or the file's uid.")
    what = models.CharField(max_length=120, help_text="What it was, without its content.")
    hash = models.CharField(max_length=64, blank=True, help_text="Of a file the SHA-256 of its bytes; of a text its salted commitment in the trail.")
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "kind", "target"], condition=models.Q(state="proposed"), name="purge_proposed_once"),
        ]

    def __str__(self) -> str:
        return self.what
