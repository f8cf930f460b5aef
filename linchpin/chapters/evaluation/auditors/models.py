"""Who may audit: on what proof, judged by whom, valid until when (7.2, 9.2.2). Competence for other work comes with a register of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class AuditCompetence(Record):
    """One person's competence to audit. Certificates hang on it as files; whoever leads audits may audit, too."""

    class Level(models.TextChoices):
        AUDITS = "audits", _("Audits beside a lead")
        LEADS = "leads", _("Leads audits")

    auditor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Auditor"))
    level = models.CharField(_("May"), max_length=8, choices=Level, default=Level.AUDITS)
    proof = models.TextField(_("On what proof"), help_text=_("Course and examination, audits accompanied, by whom seen. The certificate is attached."))
    valid_until = models.DateField(_("Valid until"))
    judged_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Judged by"))
    judged_on = models.DateField(_("Judged on"), null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["level", "record_ptr"], name="audit_competence_by_level"),
            models.Index(fields=["valid_until", "record_ptr"], name="audit_competence_by_day"),
            models.Index(fields=["auditor", "valid_until"], name="audit_competence_by_auditor"),
        ]
