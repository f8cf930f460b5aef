"""What an import remembers: the file, what its rows would become, what became of them, and how names and columns were understood.

None of these tables is guarded: they hold what people rehearse. Records themselves are only written by commands.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.jobs.models import Job
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.models import Record


class Import(models.Model):
    """One file that somebody brought in, from the moment it was dropped to its acceptance or its undoing."""

    class State(models.TextChoices):
        OPEN = "open", _("Columns to be understood")
        READING = "reading", _("Being read")
        REHEARSED = "rehearsed", _("Rehearsal")
        ACCEPTING = "accepting", _("Being taken over")
        ACCEPTED = "accepted", _("Taken over")
        THROWN_AWAY = "thrown_away", _("Thrown away")
        UNDONE = "undone", _("Undone")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    sheet = models.CharField(max_length=200, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    profile = models.TextField(blank=True, help_text="The mapping as TOML.")
    answers = models.JSONField(default=dict, help_text="What people answered about the columns, as `answering` keeps it.")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    overwrite = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, help_text="Warnings, columns left out and missing, and names to be matched.")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    reconciliation = models.CharField(max_length=64, blank=True, help_text="The SHA-256 of the sheet kept as evidence.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="import_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rehearsed(self) -> bool:
        return self.state == self.State.REHEARSED

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED


class StagedRow(models.Model):
    """One record to be, or one rejected row: what its cells gave, and every problem beside its cell."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changes a record")
        UNCHANGED = "unchanged", _("Changes nothing")
        REJECTED = "rejected", _("Not taken")

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    row = models.PositiveIntegerField(help_text="The first row of the file it comes from.")
    rows = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reference = models.CharField(max_length=120, blank=True)
    draft = models.JSONField(default=dict, help_text="The draft as `drafts` writes it; for a rejected row its cells by field.")
    before = models.JSONField(default=dict, help_text="For a change: what stands there now, by field.")
    problems = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "outcome", "row"], name="staged_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.get_outcome_display()}"

    @property
    def worst(self) -> list[dict[str, Any]]:
        return [problem for problem in self.problems if problem["blocking"]]


class Taken(models.Model):
    """What an accepted row did: the record it made, changed, or found as it was."""

    source = models.ForeignKey(Import, models.PROTECT, related_name="taken")
    staged = models.ForeignKey(StagedRow, models.PROTECT, related_name="taken")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10)
    sequence = models.PositiveIntegerField(help_text="The record's sequence when the import was done with it.")
    before = models.JSONField(default=dict, help_text="What stood in the changed fields, as text.")
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["fingerprint"], name="taken_by_fingerprint", condition=~models.Q(fingerprint=""))]

    def __str__(self) -> str:
        return f"{self.record_id} {self.what}"


class LooseLink(models.Model):
    """A link that a file asked for to a record that was not here yet; it is made when an import brings that one."""

    source = models.ForeignKey(Record, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    type = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "reference", "source", "kind"], name="loose_link_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.reference}"


class NameMatch(models.Model):
    """Whom or which unit a name in a file means, decided once and remembered."""

    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=200, help_text="The name in lower case without accents.")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "text"], name="name_matched_once")]

    def __str__(self) -> str:
        return self.text


class SavedProfile(models.Model):
    """A mapping that somebody named, to be used again."""

    name = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=40)
    toml = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Arrival(models.Model):
    """Files that one person dropped together, in any order, until they are taken over in one go."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answers = models.JSONField(default=dict, help_text="Whom a name in the files means, by the name, where that person is only in a list of people yet.")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.uid)


class ArrivedFile(models.Model):
    """One of those files: what it was taken for, how sure that is, and what became of it. Tables of records have an import of their own."""

    PEOPLE, DOCUMENTS, KEPT, UNKNOWN = "people", "documents", "kept", ""

    class State(models.TextChoices):
        OPEN = "open", _("To be taken over")
        TAKEN = "taken", _("Taken over")
        UNDONE = "undone", _("Undone")
        LAID_ASIDE = "laid_aside", _("Laid aside")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    arrival = models.ForeignKey(Arrival, models.PROTECT, related_name="files")
    name = models.CharField(max_length=300, help_text="With the folders it lay in.")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    becomes = models.CharField(max_length=40, blank=True, help_text="A record type's key, `people`, `documents`, `kept`, or empty where nobody can tell.")
    sure = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    source = models.OneToOneField(Import, models.SET_NULL, null=True, related_name="arrived")
    answers = models.JSONField(default=dict, help_text="Of a list of people: what its columns become, by letter.")
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["arrival", "name", "sha256"], name="file_arrived_once")]

    def __str__(self) -> str:
        return self.name


class TakenPerson(models.Model):
    """What a row of a list of people did: the person or unit it made or changed."""

    file = models.ForeignKey(ArrivedFile, models.PROTECT, related_name="taken")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    row = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    sequence = models.PositiveIntegerField(help_text="The person's or unit's sequence when the list was done with them.")
    before = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.person or self.unit} {self.what}"
