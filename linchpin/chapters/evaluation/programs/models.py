"""Audit programs: what is audited in a period, how often and why, and who approved it (9.2.2 a)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.models import Record


class AuditProgram(Record):
    """The audits of one period. What is audited and the audits themselves are records below it."""

    starts = models.DateField(_("From"))
    until = models.DateField(_("Until"))
    objectives = models.TextField(_("What the program is to achieve"), blank=True)
    edition = models.CharField(_("Edition"), max_length=4, choices=Organization.Edition, default=Organization.Edition.Y2015)
    risks = models.TextField(_("What could keep it from that"), blank=True, help_text=_("Missing auditors, shifts that are never seen, a move."))
    resources = models.TextField(_("Auditors and time"), blank=True)
    gaps = models.TextField(_("What is left out, and why"), blank=True, help_text=_("Units and clauses that are due and not planned."))
    basis = models.TextField(_("How often, as approved"), blank=True, editable=False)
    approved_on = models.DateField(_("Approved on"), null=True, blank=True, editable=False)
    evaluation = models.TextField(_("What we learned"), blank=True, help_text=_("Was it reached? What slipped, and what does the next do otherwise?"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["edition", "record_ptr"], name="program_by_edition")]
