"""Whom a record asks: the people, units and roles that somebody named, and each person's own row once they are asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.models import Record


class Audience(models.Model):
    """One line of who is to be asked: a person, everybody of a unit, or everybody with a role in the record's unit."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="audiences")
    duty = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=30, choices=Role, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record", "duty"], name="audience_of_record")]

    def __str__(self) -> str:
        return str(self.person or self.unit or self.get_role_display())


class Asked(models.Model):
    """One person who is asked for one duty in one round. Rounds that are over keep their rows: nobody's answer vanishes."""

    class Answer(models.TextChoices):
        OPEN = "", _("Not yet")
        DONE = "done", _("Done")
        WITNESSED = "witnessed", _("Witnessed")
        LAPSED = "lapsed", _("No longer asked")

    record = models.ForeignKey(Record, models.PROTECT, related_name="asked")
    duty = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(Person, models.PROTECT, related_name="asked")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True)
    witness = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    stood_in = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Who answered in the person's name."""
    taken_from = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Who was asked first, where somebody else took it over."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "duty", "round", "person"], name="asked_once_a_round")]
        indexes: ClassVar = [models.Index(fields=["person", "record"], name="asked_still_open", condition=Q(answer=""))]

    def __str__(self) -> str:
        return f"{self.person}: {self.duty}"


class Questions(models.Model):
    """What readers of a record are asked about it. `items` are questions as `questions.as_item` writes them, right answers included."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="+")
    pass_mark = models.PositiveSmallIntegerField(default=80)
    items = models.JSONField(default=list)
    salt = models.CharField(max_length=32, help_text="Keeps the hash in the trail from being tried out against the few possible answers.")

    def __str__(self) -> str:
        return f"{len(self.items)} questions"


class Attempt(models.Model):
    """One try of one person at the questions of `about`, asked for on `record`. Every try is kept."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attempts")
    about = models.ForeignKey(Record, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answers = models.JSONField(help_text="For each question the places of the chosen options, from 0.")
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about", "person"], name="attempt_of_person")]

    def __str__(self) -> str:
        return f"{self.right} of {self.of}"
