"""Files that hang on a record. Their bytes are kept once, under their hash."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import GONE


class StoredFile(models.Model):
    """One attached file: its name as given, what its content really is, and the SHA-256 under which the bytes lie."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=20, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stood_already = False
    """Whether the same bytes hung on the record before: nothing was added then."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record", "at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_purged(self) -> bool:
        """Whether its content is gone and only a tombstone speaks of it."""
        return self.name == GONE

    @property
    def is_picture(self) -> bool:
        return self.content_type in ("image/png", "image/jpeg", "image/webp", "image/gif")
