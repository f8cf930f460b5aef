"""The one parent of every record: what they all have, and the sequences that number them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Chained, Person, Unit
from linchpin.kernel.records.custom import PREFIX, value_of
from linchpin.kernel.records.purge_models import Purge as Purge
from linchpin.kernel.records.queries import RecordQuerySet


class Phase(models.TextChoices):
    """Where a record stands in life, the same for every type: it makes "overdue that I own" one query."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    VOID = "void", _("Void")


class Confidentiality(models.TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")


class Provenance(models.TextChoices):
    ENTERED = "entered", _("Entered")
    IMPORTED = "imported", _("Imported")
    GENERATED = "generated", _("Generated")


class Record(Chained):
    """What every record has. Each type adds its own fields in a child table."""

    type = models.CharField(max_length=40, editable=False)
    number = models.CharField(_("Number"), max_length=40, null=True, unique=True, editable=False)
    serial = models.BigIntegerField(null=True, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    status = models.CharField(_("Status"), max_length=30, editable=False)
    phase = models.CharField(max_length=5, choices=Phase, default=Phase.OPEN, editable=False)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Owner"))
    owner_text = models.CharField(_("Owner as imported"), max_length=120, blank=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("Unit"))
    due = models.DateField(_("Due"), null=True, blank=True)
    original_due = models.DateField(_("First due"), null=True, editable=False)
    due_moves = models.PositiveSmallIntegerField(default=0, editable=False)
    confidentiality = models.CharField(
        _("Confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.INTERNAL
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="children")
    provenance = models.CharField(_("Provenance"), max_length=10, choices=Provenance, default=Provenance.ENTERED, editable=False)
    reference = models.CharField(_("Own number"), max_length=120, blank=True)
    exceptions = models.PositiveSmallIntegerField(_("Declared exceptions"), default=0, editable=False)
    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)
    created_at = models.DateTimeField(_("Raised"), editable=False)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False)
    custom = models.JSONField(default=dict, editable=False)
    updated_at = models.DateTimeField(_("Changed"), editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["type", "serial", "id"], name="record_by_number"),
            models.Index(fields=["type", "due", "id"], name="record_by_due"),
            models.Index(fields=["type", "updated_at", "id"], name="record_by_change"),
            models.Index(fields=["type", "title", "id"], name="record_by_title"),
            models.Index(fields=["type", "created_at", "id"], name="record_by_creation"),
            models.Index(fields=["type", "status", "due", "id"], name="record_by_status"),
            models.Index(fields=["type", "unit", "due", "id"], name="record_by_unit"),
            models.Index(fields=["type", "owner", "due", "id"], name="record_by_owner"),
            models.Index(fields=["type", "reference"], name="record_by_reference"),
            models.Index(fields=["type", "phase", "status", "unit", "due"], name="record_cockpit"),
            models.Index(fields=["owner", "due", "id"], name="record_open_by_owner", condition=Q(phase="open")),
            models.Index(fields=["type", "provenance", "serial", "id"], name="record_not_entered", condition=~Q(provenance="entered")),
            models.Index(fields=["type", "serial", "id"], name="record_with_exception", condition=Q(exceptions__gt=0)),
            models.Index(fields=["type", "serial", "id"], name="record_due_moved", condition=Q(due_moves__gt=0)),
            models.Index(fields=["due"], name="record_to_agree", condition=Q(provenance="imported", due_moves=0, phase="open")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title

    def __getattr__(self, name: str) -> Any:
        """The values of fields that the house added, under their names."""
        if name.startswith(PREFIX):
            return value_of(self, name)
        raise AttributeError(f"{type(self).__name__} has no {name}")

    @property
    def is_open(self) -> bool:
        return self.phase in (Phase.DRAFT, Phase.OPEN)

    @property
    def due_was_moved(self) -> bool:
        return bool(self.original_due and self.original_due != self.due)


class NumberSequence(models.Model):
    """The last number given for a prefix and year; its row is locked while the next is taken."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["prefix", "year"], name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04}"


class DeclaredException(models.Model):
    """A duty that one person carried twice, openly: a reason, and a check afterwards by someone else."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="declared_exceptions")
    duty = models.CharField(max_length=60)
    sentence = models.TextField()
    reason = models.TextField()
    declared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    check_due = models.DateField()
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    finding = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.sentence


class DutyRule(models.Model):
    """What top management has decided for one separation of duties; without a row, `when alone` holds."""

    class Mode(models.TextChoices):
        NEVER = "never", _("Never")
        WHEN_ALONE = "when_alone", _("Only when nobody else is eligible")
        WITH_REASON = "with_reason", _("With a reason")

    duty = models.CharField(max_length=60, unique=True)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.WHEN_ALONE)

    def __str__(self) -> str:
        return f"{self.duty}: {self.get_mode_display()}"


class SavedView(models.Model):
    """A named set of filters, order and columns of one register, for oneself or for everybody."""

    type = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=2000)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="saved_views")
    shared = models.BooleanField(_("For everybody"), default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "owner", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Once(models.Model):
    """A form or a request that was taken: sent again, it gives back the record that it made."""

    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, default="")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "person"], name="once_per_person")]

    def __str__(self) -> str:
        return self.key
