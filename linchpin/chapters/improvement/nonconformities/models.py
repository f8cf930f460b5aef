"""Nonconformities, called problems: what was required, what was found, why, and whether the fix worked (10.2, 8.7)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Substr, Upper
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Nonconformity(Record):
    """A requirement that was not met, taken through five stations to a fix that is shown to work."""

    class Source(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        INTERNAL_AUDIT = "internal_audit", _("Internal audit")
        EXTERNAL_AUDIT = "external_audit", _("External audit")
        PROCESS = "process", _("Our own process")
        SUPPLIER = "supplier", _("Supplier")
        LEGAL = "legal", _("Law or regulation")
        SPEAK_UP = "speak_up", _("Speak-up")
        INDICATOR_SIGNAL = "indicator_signal", _("Signal of a measure")
        OTHER = "other", _("Other")

    class Severity(models.TextChoices):
        CRITICAL = "critical", _("Critical")
        MAJOR = "major", _("Serious")
        MINOR = "minor", _("Minor")

    class LastingFix(models.TextChoices):
        YES = "yes", _("Yes, it must not come back")
        NO = "no", _("No, the quick fix is enough")

    class Extent(models.TextChoices):
        YES = "yes", _("Yes, found elsewhere")
        NO = "no", _("No, looked and not found")
        COULD = "could", _("Could occur elsewhere")

    class Verdict(models.TextChoices):
        EFFECTIVE = "effective", _("It worked")
        NOT_EFFECTIVE = "not_effective", _("It did not work")
        UNKNOWN = "unknown", _("Cannot tell yet")

    description = models.TextField(_("What happened"), blank=True)
    source = models.CharField(_("Where it came from"), max_length=20, choices=Source, default=Source.PROCESS)
    process = models.CharField(_("Process"), max_length=80, blank=True)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    requirement = models.TextField(_("What was required"), blank=True)
    evidence = models.TextField(_("What was found"), blank=True)
    gap = models.TextField(_("Where they differ"), blank=True)
    occurred = models.DateField(_("Occurred"), null=True, blank=True)
    detected = models.DateField(_("Found"), null=True, blank=True)
    severity = models.CharField(_("Severity"), max_length=10, choices=Severity, blank=True)
    severity_reason = models.TextField(_("Why this severity"), blank=True)
    prior_reference = models.CharField(_("Last time it was"), max_length=120, blank=True)
    repeat = models.BooleanField(_("Came back"), default=False, editable=False)
    repeat_reason = models.TextField(_("Why a repeat stays minor"), blank=True)

    containment = models.TextField(_("What was done to stop it"), blank=True)
    on_hold = models.BooleanField(_("Parts are on hold"), default=False)
    correction = models.TextField(_("Quick fix"), blank=True)
    consequences = models.TextField(_("What it did to others"), blank=True, help_text=_("Customers told, parts delivered, people affected."))
    lasting_fix = models.CharField(_("Is a lasting fix needed?"), max_length=5, choices=LastingFix, blank=True)
    lasting_fix_reason = models.TextField(_("Why no lasting fix"), blank=True)

    cause = models.TextField(_("Why it happened"), blank=True)
    cause_evidence = models.TextField(_("What shows that"), blank=True)
    cause_group = models.CharField(
        _("Group of causes"), max_length=40, blank=True, help_text=_("People, machine, method, material, measurement, surroundings, or one of your own.")
    )
    escape_cause = models.TextField(_("Why it was not seen"), blank=True)
    extent = models.CharField(_("The same elsewhere?"), max_length=10, choices=Extent, blank=True)
    extent_checked = models.TextField(_("Where we looked"), blank=True)

    measure = models.TextField(_("What will be measured"), blank=True, help_text=_("For example: lots with a burr after deburring."))
    rule = models.TextField(_("It worked if"), blank=True, help_text=_("Fixed before the data: none in 150 lots."))
    window_days = models.PositiveSmallIntegerField(_("Watched for (days)"), null=True, blank=True)
    occurrences = models.PositiveIntegerField(_("Or for so many occurrences"), null=True, blank=True)
    verifier = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Confirms"))
    watched_from = models.DateField(_("Watched from"), null=True, editable=False)
    watched_until = models.DateField(_("Watched until"), null=True, editable=False)
    result = models.TextField(_("What the data say"), blank=True)
    result_count = models.PositiveIntegerField(_("Failures seen"), null=True, blank=True)
    result_n = models.PositiveIntegerField(_("Out of"), null=True, blank=True)
    verdict = models.CharField(_("Did it work?"), max_length=15, choices=Verdict, blank=True, editable=False)
    rounds = models.JSONField(_("Rounds that failed"), default=list, editable=False)

    risks_updated = models.TextField(_("Risks brought up to date"), blank=True, help_text=_("Which, or “not needed” and why."))
    change_needed = models.TextField(_("Change to the system"), blank=True, help_text=_("Which, or “not needed” and why."))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["severity", "record_ptr"], name="nc_by_severity"),
            models.Index(fields=["source", "record_ptr"], name="nc_by_source"),
            models.Index(fields=["lasting_fix", "record_ptr"], name="nc_by_lasting_fix"),
            models.Index(fields=["repeat", "record_ptr"], name="nc_by_repeat"),
            models.Index(fields=["process", "record_ptr"], name="nc_by_process"),
            models.Index(fields=["place", "record_ptr"], name="nc_by_place"),
            models.Index(fields=["cause_group", "record_ptr"], name="nc_by_cause_group"),
            models.Index(Upper(Substr("requirement", 1, 100)), "record_ptr", name="nc_by_requirement"),
        ]

    @property
    def round_number(self) -> int:
        return len(self.rounds) + 1
