"""Actions: what somebody does by a date, about a problem or anything else (clauses 6.1.2, 9.3.3, 10.2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class Action(Record):
    """One thing to do, owned by one person."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Quick fix")
        CORRECTIVE = "corrective", _("Lasting fix")
        PREVENTIVE = "preventive", _("Against a risk")
        IMPROVEMENT = "improvement", _("Improvement")
        REVIEW_DECISION = "review_decision", _("Review decision")
        AUDIT = "audit", _("From an audit")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    class Priority(models.TextChoices):
        HIGH = "high", _("High")
        NORMAL = "normal", _("Normal")
        LOW = "low", _("Low")

    kind = models.CharField(_("Kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    what = models.TextField(_("What is to be done"), blank=True)
    expected_effect = models.TextField(_("Expected effect"), blank=True, help_text=_("What will be different, and how we would see it."))
    priority = models.CharField(_("Priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    progress = models.TextField(_("Progress"), blank=True)
    evidence = models.TextField(_("Evidence"), blank=True, help_text=_("What shows that it is done: a document, a measurement, a photo below."))
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Verified by"))
    verification = models.TextField(_("What was seen when it was verified"), blank=True)
    done_on = models.DateField(_("Done on"), null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "record_ptr"], name="action_by_kind"),
            models.Index(fields=["priority", "record_ptr"], name="action_by_priority"),
        ]

    @property
    def needs_verification(self) -> bool:
        """Lasting fixes and actions against risks are always verified by somebody else."""
        return self.kind in (self.Kind.CORRECTIVE, self.Kind.PREVENTIVE)
