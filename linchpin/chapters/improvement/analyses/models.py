"""Root cause analyses: why it happened, worked out by asking, tested, and read by somebody else (10.2.1 b)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.causes.models import Gate
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record


class RootCauseAnalysis(Record):
    """One analysis. Its causes are records of their own below it: each with its evidence, its test and its own history."""

    class Method(models.TextChoices):
        FIVE_WHY = "five_why", _("Five whys")
        ISHIKAWA = "ishikawa", _("Fishbone")
        IS_IS_NOT = "is_is_not", _("Is / is not")
        FAULT_TREE = "fault_tree", _("Fault tree")

    method = models.CharField(_("Method"), max_length=12, choices=Method, default=Method.FIVE_WHY)
    gate = models.CharField(_("Below the top event"), max_length=3, choices=Gate, blank=True)
    partner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Worked on it too"))
    team = models.TextField(_("Who else was asked"), blank=True, help_text=_("Those who do the work know it best."))

    seen_what = models.TextField(_("What is wrong, on what"), blank=True)
    seen_where = models.TextField(_("Where it is seen"), blank=True)
    seen_when = models.TextField(_("When it is seen"), blank=True)
    seen_extent = models.TextField(_("How many, how much"), blank=True)
    not_what = models.TextField(_("What could be wrong and is not"), blank=True)
    not_where = models.TextField(_("Where it could be seen and is not"), blank=True)
    not_when = models.TextField(_("When it could be seen and is not"), blank=True)
    not_extent = models.TextField(_("How many it could be and is not"), blank=True)
    differences = models.TextField(_("What is different there"), blank=True, help_text=_("Between where it is and where it is not: what changed, and when?"))

    conclusion = models.TextField(_("What we conclude"), blank=True)
    proposed_at = models.DateTimeField(_("Put forward"), null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["method", "record_ptr"], name="rca_by_method")]
