"""Where people come in without a computer of their own: places, kiosks, and the PIN beside a number."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def new_code() -> str:
    return secrets.token_urlsafe(12)


class Place(models.Model):
    """A machine, a gate, a bench: where somebody stands who reports. Its address cannot be guessed and stands in its QR code."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="places", verbose_name=_("Unit"))
    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("unit", Lower("name"), name="place_once_per_unit")]

    def __str__(self) -> str:
        return self.name


class Kiosk(models.Model):
    """A device that many people use one after the other. It is known by a secret in its browser, of which only the hash is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="kiosks", verbose_name=_("Unit"))
    place = models.ForeignKey("people.Place", models.PROTECT, null=True, blank=True, related_name="kiosks", verbose_name=_("Place"))
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Pin(models.Model):
    """What somebody types beside their number. Only its hash is kept; one given out by an administrator opens nothing but the choice of one's own."""

    person = models.OneToOneField("people.Person", models.PROTECT, related_name="pin")
    pin_hash = models.CharField(max_length=128)
    must_change = models.BooleanField(default=False)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person)


class PinTries(models.Model):
    """Wrong PINs of one number, known here or not, at one door: counted for all processes together.

    No number: of all numbers at that door. No door: at all doors that are no kiosks.
    """

    key = models.CharField(max_length=64)
    door = models.CharField(max_length=64, default="")
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "door"], name="pin_tries_by_door")]

    def __str__(self) -> str:
        return self.key
