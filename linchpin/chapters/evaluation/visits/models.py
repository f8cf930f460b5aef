"""Visits of auditors from outside: who is invited, to what, by whom looked after, from which day to which (9.2, certification)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records.models import Record


class Visit(Record):
    """One invitation. Its units, with everything below them, and its registers are what the guest may read while it lasts."""

    class Kind(models.TextChoices):
        CERTIFICATION = "certification", _("Certification")
        SURVEILLANCE = "surveillance", _("Surveillance")
        RECERTIFICATION = "recertification", _("Recertification")
        CUSTOMER = "customer", _("Customer's audit")
        OTHER = "other", _("Other")

    auditor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Auditor"))
    firm = models.CharField(_("Sent by"), max_length=120, blank=True)
    kind = models.CharField(_("Kind of visit"), max_length=20, choices=Kind, default=Kind.SURVEILLANCE)
    host = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Host"), help_text=_("Answers what the auditor asks for.")
    )
    starts = models.DateField(_("From"), null=True, blank=True)
    ends = models.DateField(_("Until"), null=True, blank=True, help_text=_("After this day nothing is shown any more."))
    edition = models.CharField(_("Edition"), max_length=4, choices=Organization.Edition, default=Organization.Edition.Y2015)
    more_units = models.TextField(
        _("Other units"), blank=True, help_text=_("One a line, as they are called, each with everything below it. The whole house: the company as unit.")
    )
    public_too = models.BooleanField(
        _("Public records of other units too"),
        default=False,
        help_text=_("Public here means: for everybody in the house, as most documents are. Without this the auditor reads them only in the units above."),
    )
    registers = models.TextField(_("Registers"), blank=True, help_text=_("One a line, as they are called here. Empty: every register."))
    scope = models.TextField(_("Scope of the certificate"), blank=True)
    certificate = models.CharField(_("Certificate"), max_length=200, blank=True, help_text=_("Number, issued by, valid until."))
    last_visit = models.DateField(_("Last visit ended on"), null=True, blank=True, help_text=_("Changes are shown from the day after."))
    answer_within = models.PositiveSmallIntegerField(
        _("Answers within (minutes)"),
        default=120,
        validators=[MinValueValidator(5), MaxValueValidator(5_400)],
        help_text=_("Minutes of working time, eight to five."),
    )
    hidden_names = models.TextField(
        _("Customers' names"), blank=True, help_text=_("Hidden in presenter mode. One customer a line, other spellings after a comma.")
    )
    plan = models.TextField(_("Plan of the visit"), blank=True)
    conclusion = models.TextField(_("What they told us at the end"), blank=True)
    ended_on = models.DateField(_("Ended on"), null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "record_ptr"], name="visit_by_kind"),
            models.Index(fields=["auditor", "starts"], name="visit_by_auditor"),
            models.Index(fields=["starts", "record_ptr"], name="visit_by_day"),
        ]
