"""Documents: what the organization has written down, under one number for as long as it holds (7.5)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.models import Record


class Document(Record):
    """One document through all its revisions. It points at the one that is in force, so there is never a second."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("Policy")
        MANUAL = "manual", _("Manual")
        PROCEDURE = "procedure", _("Procedure")
        INSTRUCTION = "instruction", _("Work instruction")
        FORM = "form", _("Form")
        PLAN = "plan", _("Plan")
        DRAWING = "drawing", _("Drawing")
        RECORD = "record", _("Record")
        EXTERNAL = "external", _("From outside")
        TEMPORARY = "temporary", _("Temporary instruction")

    class AfterKeeping(models.TextChoices):
        DECIDE = "decide", _("Look at it and decide")
        DISPOSE = "dispose", _("Dispose of it")
        ARCHIVE = "archive", _("Hand it to the archive")

    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.PROCEDURE)
    purpose = models.TextField(_("What it is for"), blank=True)
    clauses = models.CharField(_("Clauses"), max_length=120, blank=True, help_text=_("Numbers of the standard, as in 7.5, 8.5.1."))
    place = models.CharField(_("Place in the register"), max_length=120, blank=True, help_text=_("As in Machining / Deburring."))
    source = models.CharField(_("Publisher and edition"), max_length=200, blank=True, help_text=_("Of a document from outside."))
    review_months = models.PositiveSmallIntegerField(_("Look at it again every (months)"), default=24)
    lapses_on = models.DateField(_("Valid until"), null=True, blank=True, help_text=_("Of a temporary instruction: at most 14 days, then it lapses by itself."))
    keep_years = models.PositiveSmallIntegerField(
        _("Kept for (years) once it has ended"), null=True, blank=True, help_text=_("Its superseded texts too. Empty: without end.")
    )
    records_years = models.PositiveSmallIntegerField(
        _("Records kept under it (years)"), null=True, blank=True, help_text=_("Filled forms, lists, reports. Empty: without end.")
    )
    after_keeping = models.CharField(_("And then"), max_length=8, choices=AfterKeeping, default=AfterKeeping.DECIDE)
    keep_longer = models.CharField(
        _("Kept longer, because"), max_length=200, blank=True,
        help_text=_("As a claim or an authority asks for it. As long as this stands, nothing is disposed of."),
    )  # fmt: skip
    ended_on = models.DateField(_("In force until"), null=True, editable=False)
    effective = models.OneToOneField(
        "revision.Revision", models.PROTECT, null=True, editable=False, related_name="in_force_for", verbose_name=_("Revision in force")
    )
    revision_label = models.CharField(_("Revision"), max_length=20, blank=True, editable=False)
    in_force_on = models.DateField(_("In force since"), null=True, editable=False)
    fingerprint = models.CharField(_("Hash of the content"), max_length=64, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    unconfirmed = models.PositiveSmallIntegerField(_("Still to confirm"), null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "record_ptr"], name="document_by_kind"),
            models.Index(fields=["place", "record_ptr"], name="document_by_place"),
            models.Index(fields=["lapses_on"], name="document_by_lapse"),
            models.Index(fields=["ended_on"], name="document_by_end", condition=models.Q(ended_on__isnull=False)),
        ]

    @property
    def known_as(self) -> str:
        """Its number in the organization's own scheme, else ours."""
        return str(self.reference or self.number)
