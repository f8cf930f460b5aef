"""What would an auditor draw? Five records by lot, looked up while a clock runs (9.2, before somebody else does it)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.models import Record


class ReadinessCheck(Record):
    """One draw of five, and what became of each."""

    class Drawn(models.TextChoices):
        """The names are those of the auditor's room."""

        PROBLEMS_CLOSED = "problems_closed", _("Problems closed")
        DOCUMENTS_IN_FORCE = "documents_in_force", _("Documents in force")
        AUDITS = "audits", _("Internal audits")
        ACTIONS_DONE = "actions_done", _("Actions completed")
        REPORTS_RAISED = "reports_raised", _("Reports raised")
        PROBLEMS_OPEN = "problems_open", _("Problems that are open")

    population = models.CharField(_("Drawn from"), max_length=20, choices=Drawn, default=Drawn.PROBLEMS_CLOSED)
    since = models.DateField(_("Since"), help_text=_("Closed, raised or completed from that day on. What is open or in force counts whenever it began."))
    seed = models.CharField(_("Seed"), max_length=100, help_text=_("Any words or digits: the same seed draws the same of the same records."))
    population_n = models.PositiveIntegerField(_("Of how many"), default=0, editable=False)
    looked = models.JSONField(default=list, editable=False)
    found_n = models.PositiveSmallIntegerField(_("Proof found"), default=0, editable=False)
    seconds = models.PositiveIntegerField(_("Seconds"), default=0, editable=False)
    missing = models.TextField(_("What was missing"), blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["population", "record_ptr"], name="readiness_by_population")]

    @property
    def n(self) -> int:
        return len(self.looked)
