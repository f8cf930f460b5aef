"""What an auditor asked to see, and how long the answer took (9.2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.models import Record


class AuditRequest(Record):
    """One thing asked for. Its owner is the host; the clock runs in the site's working time until it is answered."""

    detail = models.TextField(_("More exactly"), blank=True)
    answer = models.TextField(_("Answer"), blank=True, help_text=_("One sentence; what shows it hangs on the request as a record or a file."))
    within = models.PositiveSmallIntegerField(_("Promised within (minutes)"), default=120, editable=False)
    asked_at = models.DateTimeField(_("Asked"), null=True, editable=False)
    answered_at = models.DateTimeField(_("Answered"), null=True, editable=False)
    minutes = models.PositiveIntegerField(_("Minutes it took"), null=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["minutes", "record_ptr"], name="request_by_minutes")]
