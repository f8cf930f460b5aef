"""Concerns, called reports: what anybody saw, in three fields and a photo (5.1.1, 7.3, 10.2)."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


def new_slip() -> str:
    return secrets.token_urlsafe(12)


class Concern(Record):
    """What somebody saw. It is sorted afterwards by someone whose job that is."""

    saw = models.TextField(_("What did you see?"))
    place = models.CharField(_("Where?"), max_length=120, blank=True)
    stop_line = models.BooleanField(_("Stop the line?"), default=False)
    reporter_name = models.CharField(_("Your name"), max_length=120, blank=True)
    anonymous = models.BooleanField(_("Without a name"), default=False, editable=False)
    slip = models.CharField(max_length=24, unique=True, default=new_slip, editable=False)
    answer_by = models.DateField(_("Answer by"), null=True, blank=True, editable=False)
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Seen by"))
    seen_at = models.DateTimeField(_("Seen"), null=True, editable=False)
    answer = models.TextField(_("Answer"), blank=True)
    thanks = models.TextField(_("Thank you"), blank=True)
    thanked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Thanked by"))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stop_line", "record_ptr"], name="concern_by_stop"),
            models.Index(fields=["place", "record_ptr"], name="concern_by_place"),
        ]
