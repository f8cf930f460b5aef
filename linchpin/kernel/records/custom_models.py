"""The fields that the house adds to a record type, and the rows by which their values are filtered and ordered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person


class CustomField(models.Model):
    """One added field. Its key is made from the first label and never changes; its values stand on the records under that key."""

    class Kind(models.TextChoices):
        LINE = "line", _("One line of text")
        TEXT = "text", _("Text of several lines")
        NUMBER = "number", _("Number")
        DAY = "day", _("Day")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("Choice from a list")
        PERSON = "person", _("Person")

    type = models.CharField(max_length=40, editable=False)
    key = models.CharField(max_length=40, editable=False)
    label = models.CharField(_("Label"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind, default=Kind.LINE)
    help = models.CharField(_("Help"), max_length=200, blank=True)
    unit = models.CharField(_("Unit of measure"), max_length=12, blank=True)
    decimals = models.PositiveSmallIntegerField(_("Decimals"), default=0)
    smallest = models.FloatField(_("Smallest value"), null=True, blank=True)
    largest = models.FloatField(_("Largest value"), null=True, blank=True)
    choices = models.JSONField(_("Choices"), default=list, blank=True)
    required = models.BooleanField(_("Required in new records"), default=False)
    listed = models.BooleanField(_("A column of the register"), default=False)
    filtered = models.BooleanField(_("Filters and orders the register"), default=False)
    place = models.PositiveSmallIntegerField(_("Place"), default=0)
    retired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "key"], name="custom_field_once")]

    def __str__(self) -> str:
        return self.label


class CustomValue(models.Model):
    """The value of one record in one added field that filters: in the column of its kind, apart from the JSON that is shown."""

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="custom_values")
    field = models.ForeignKey(CustomField, models.PROTECT, related_name="values", db_index=False)
    text = models.CharField(max_length=200, null=True)
    number = models.FloatField(null=True)
    day = models.DateField(null=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["field", "record"], name="custom_value_once")]
        indexes: ClassVar = [
            models.Index(fields=["field", "text", "record"], name="custom_by_text"),
            models.Index(fields=["field", "number", "record"], name="custom_by_number"),
            models.Index(fields=["field", "day", "record"], name="custom_by_day"),
            models.Index(fields=["field", "person", "record"], name="custom_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.field_id}: {self.text or self.number or self.day or self.person_id}"
