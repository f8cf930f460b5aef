"""Signatures: who, what it means, how strongly, and over which version and content of a record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Signature(models.Model):
    """A signature under a record's content as it was; content changed since voids it visibly."""

    class Strength(models.TextChoices):
        CONFIRM = "confirm", _("Confirmed")
        REAUTHENTICATE = "reauthenticate", _("Signed with password or passkey")
        TWO_PEOPLE = "two_people", _("Signed by two people")

    record = models.ForeignKey(Record, models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signed_for = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    second_signer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    meaning = models.CharField(max_length=120)
    strength = models.CharField(max_length=15, choices=Strength)
    move = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    signed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record", "signed_at"])]

    def __str__(self) -> str:
        return f"{self.signer}: {self.meaning}"
