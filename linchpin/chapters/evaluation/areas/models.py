"""What an audit program looks at: one unit or process, how much hangs on it, and what changes there (9.2.2 a)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.models import Record


class AuditedArea(Record):
    """Its title names the process, its unit where it happens. How often it is audited follows from it and from what is on record."""

    class Importance(models.TextChoices):
        LOW = "1", _("Low: a fault stays here")
        MEDIUM = "2", _("Medium: a customer would notice")
        HIGH = "3", _("High: safety, the law or a whole delivery")

    class Change(models.TextChoices):
        NONE = "0", _("Nothing changes")
        SOME = "1", _("People or methods change in part")
        MUCH = "2", _("New equipment, product or lead")
        ALL = "3", _("New process or place")

    importance = models.CharField(_("Importance"), max_length=1, choices=Importance, default=Importance.MEDIUM)
    importance_reason = models.CharField(_("Because"), max_length=160, blank=True)
    change = models.CharField(_("What changes"), max_length=1, choices=Change, default=Change.NONE)
    change_reason = models.CharField(_("Namely"), max_length=160, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["importance", "record_ptr"], name="area_by_importance"),
            models.Index(fields=["change", "record_ptr"], name="area_by_change"),
        ]
