"""Audits: somebody independent looks whether what was agreed is done, and whether it works (9.2); and those that others held here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records.models import Record


class Audit(Record):
    """One audit of one unit. Its owner leads it; what was looked at are records of their own below it."""

    class Method(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        REMOTE = "remote", _("Remote")
        DOCUMENTS = "documents", _("By documents")

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("Internal")
        EXTERNAL = "external", _("External")

    kind = models.CharField(_("Kind"), max_length=8, choices=Kind, default=Kind.INTERNAL)
    body = models.CharField(_("Held by"), max_length=120, blank=True, help_text=_("Of an external audit: the customer, certification body or authority."))
    objectives = models.TextField(_("What we want to know"), blank=True)
    scope = models.TextField(_("What is looked at"), blank=True, help_text=_("Places, processes, shifts, and what is left out."))
    clauses = models.CharField(_("Clauses"), max_length=200, blank=True, help_text=_("Numbers such as 8.4, 7.1.5: what the coverage counts as planned."))
    edition = models.CharField(_("Edition"), max_length=4, choices=Organization.Edition, default=Organization.Edition.Y2015)
    method = models.CharField(_("Method"), max_length=10, choices=Method, default=Method.ON_SITE)
    auditor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Second auditor"))
    held_from = models.DateField(_("From"), null=True, blank=True)
    held_until = models.DateField(_("Until"), null=True, blank=True)
    plan = models.TextField(_("Plan of the day"), blank=True)
    conclusion = models.TextField(_("Conclusion"), blank=True, help_text=_("Is it done as agreed, and does it work? What was not looked at?"))
    reported_on = models.DateField(_("Reported on"), null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["method", "record_ptr"], name="audit_by_method"),
            models.Index(fields=["kind", "record_ptr"], name="audit_by_kind"),
            models.Index(fields=["held_from", "record_ptr"], name="audit_by_day"),
        ]
