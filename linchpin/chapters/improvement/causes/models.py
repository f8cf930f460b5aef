"""Possible causes: one answer to one “why”, tested before it is believed (10.2.1 b)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.models import Record


class Gate(models.TextChoices):
    """How the events below join in a fault tree. Without one, any of them is enough."""

    ANY = "any", _("Any one of them is enough (OR)")
    ALL = "all", _("Only all of them together (AND)")


class PossibleCause(Record):
    """One branch of an analysis. It hangs below the analysis, or below the cause that it explains."""

    class Kind(models.TextChoices):
        OCCURRENCE = "occurrence", _("Why it happened")
        ESCAPE = "escape", _("Why it was not caught")
        SYSTEM = "system", _("Why the system let it be")

    kind = models.CharField(_("Explains"), max_length=10, choices=Kind, default=Kind.OCCURRENCE)
    bone = models.CharField(
        _("Group"), max_length=40, blank=True, help_text=_("People, machine, method, material, measurement, surroundings, or one of your own.")
    )
    evidence = models.TextField(_("What shows it"), blank=True)
    test = models.TextField(
        _("How it was tested"), blank=True, help_text=_("Switch it off: does the problem go? Switch it on: does it come back?")
    )

    gate = models.CharField(_("Those below it"), max_length=3, choices=Gate, blank=True)
    undeveloped = models.BooleanField(_("Not looked into further"), default=False)
    probability = models.DecimalField(
        _("Probability"), max_digits=14, decimal_places=13, null=True, blank=True, help_text=_("From 0 to 1, for the time the problem is about.")
    )
    probability_source = models.CharField(
        _("Where the probability comes from"), max_length=200, blank=True, help_text=_("For example: 3 of 118 lots, March to May.")
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "record_ptr"], name="cause_by_kind")]
