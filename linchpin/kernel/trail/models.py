"""Events, the private texts they commit to, and the seals over them. All but the list of pending events are insert-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Event(models.Model):
    """One thing that somebody did to one subject: a link in the subject's chain."""

    chain = models.UUIDField(help_text="The subject's uid.")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(Person, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    body = models.TextField(help_text="The canonical JSON that is hashed, byte for byte.")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "sequence"], name="event_once_per_place")]

    def __str__(self) -> str:
        return f"{self.chain}, event {self.sequence} ({self.verb})"


class EventText(models.Model):
    """A private text behind a commitment. Erasing blanks text and salt; the event stays valid."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="texts", db_index=False)
    place = models.PositiveSmallIntegerField(help_text="Which of the body's commitments, counted from 0 in its order.")
    salt = models.CharField(max_length=32)
    text = models.TextField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "place"], name="text_once_per_place")]

    def __str__(self) -> str:
        return self.text or ""


class Pending(models.Model):
    """An event that waits for its seal."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.event_id)


class Seal(models.Model):
    """The signed Merkle root over a set of events, chained to the seal before it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    key = models.CharField(max_length=64, help_text="The fingerprint of the public key.")
    signature = models.CharField(max_length=128)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Seal {self.number}"


class Sealed(models.Model):
    """Which seal covers an event, and as which leaf of its tree."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="sealed", db_index=False)
    leaf = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seal", "leaf"], name="leaf_once_per_seal")]

    def __str__(self) -> str:
        return f"{self.event_id} in seal {self.seal_id}"
