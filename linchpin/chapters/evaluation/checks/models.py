"""What an audit looked at: a question, what was sampled, what was seen, and what follows from it (9.2.2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.models import Record


class AuditCheck(Record):
    """One line of the checklist; answered as a nonconformity, an opportunity or a good practice it is a finding."""

    class Grade(models.TextChoices):
        MAJOR = "major", _("Major")
        MINOR = "minor", _("Minor")

    clause = models.CharField(_("Clause"), max_length=12, blank=True)
    look_for = models.TextField(_("What to look for"), blank=True)
    sample = models.TextField(_("What was sampled"), blank=True, help_text=_("How many of how many, and how they were chosen."))
    evidence = models.TextField(_("What was seen"), blank=True)
    requirement = models.TextField(_("What was required"), blank=True)
    statement = models.TextField(_("What follows"), blank=True, help_text=_("For a nonconformity: where the two differ."))
    grade = models.CharField(_("Grade"), max_length=5, choices=Grade, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["clause", "record_ptr"], name="check_by_clause"),
            models.Index(fields=["grade", "record_ptr"], name="check_by_grade"),
        ]
