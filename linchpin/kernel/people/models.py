"""Who works here, in which unit, and what they were given to do (clauses 5.3, 7.1.2, 7.2)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.door_models import Kiosk as Kiosk
from linchpin.kernel.people.door_models import Pin as Pin
from linchpin.kernel.people.door_models import PinTries as PinTries
from linchpin.kernel.people.door_models import Place as Place
from linchpin.kernel.people.door_models import new_code as new_code


class Chained(models.Model):
    """Something with a trail of its own: the hash and the count of its newest event stand on its row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    head = models.CharField(max_length=64, default="", editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class Unit(Chained):
    """A node of the tree that everything hangs on: company, site, department, team."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        COMPANY = "company", _("Company")
        SITE = "site", _("Site")
        DIVISION = "division", _("Division")
        DEPARTMENT = "department", _("Department")
        TEAM = "team", _("Team")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Part of"))
    path = models.CharField(max_length=200, default="", editable=False, db_index=True)
    head_person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="heads", verbose_name=_("Head"))
    in_scope = models.BooleanField(_("In the scope of the system"), default=True)
    headcount = models.PositiveIntegerField(_("Headcount"), null=True, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.ACTIVE)
    reminds_since = models.DateTimeField(_("Reminds since"), null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("parent", Lower("name"), name="unit_name_once_per_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, Chained):
    """Everyone working under the organization's control; with an e-mail or a badge they can sign in."""

    class Employment(models.TextChoices):
        EMPLOYEE = "employee", _("Employee")
        CONTRACTOR = "contractor", _("Contractor")
        AGENCY = "agency", _("Agency worker")
        VOLUNTEER = "volunteer", _("Volunteer")
        EXTERNAL_VERIFIER = "external_verifier", _("External verifier")
        EXTERNAL_AUDITOR = "external_auditor", _("External auditor")
        SYSTEM = "system", _("The system itself")

    class Account(models.TextChoices):
        NONE = "none", _("No account")
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Active")
        LOCKED = "locked", _("Locked")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        LEAVING = "leaving", _("Leaving")
        LEFT = "left", _("Left")

    class Labels(models.TextChoices):
        PLAIN = "plain", _("Plain words")
        STANDARD = "standard", _("The standard's words")

    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-mail"), null=True, blank=True, unique=True)
    badge = models.CharField(_("Badge or number"), max_length=40, null=True, blank=True, unique=True)
    initials = models.CharField(_("Initials"), max_length=8, blank=True)
    position = models.CharField(_("Position"), max_length=120, blank=True)
    employment = models.CharField(_("Employment"), max_length=20, choices=Employment, default=Employment.EMPLOYEE)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("Unit"))
    manager = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("Line manager"))
    start = models.DateField(_("First day"), null=True, blank=True)
    end = models.DateField(_("Last day"), null=True, blank=True)
    account = models.CharField(_("Account"), max_length=10, choices=Account, default=Account.NONE)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.ACTIVE)
    labels = models.CharField(_("Words"), max_length=10, choices=Labels, default=Labels.PLAIN)
    language = models.CharField(_("Language"), max_length=10, blank=True, default="", editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    last_login = None  # a sign-in must not write this table outside a command

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "name"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower() if self.email else None
        self.badge = self.badge or None
        super().save(*args, **kwargs)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether that is the password. Hashes are renewed when a password is set, never while reading."""
        return check_password(raw_password, self.password)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether they may sign in: an active account, and they have not left."""
        return self.account == self.Account.ACTIVE and self.state != self.State.LEFT

    @property
    def is_reachable(self) -> bool:
        """Whether they can sign in, or were invited to."""
        return self.account in (self.Account.ACTIVE, self.Account.INVITED) and self.state != self.State.LEFT

    @property
    def is_system(self) -> bool:
        return self.employment == self.Employment.SYSTEM


class Role(models.TextChoices):
    """What a grant makes of a person within a unit and everything below it."""

    TOP_MANAGER = "top_manager", _("Top manager")
    QUALITY_MANAGER = "quality_manager", _("Quality manager")
    PROCESS_OWNER = "process_owner", _("Process owner")
    LINE_MANAGER = "line_manager", _("Line manager")
    LEAD_AUDITOR = "lead_auditor", _("Lead auditor")
    AUDITOR = "auditor", _("Auditor")
    DOCUMENT_CONTROLLER = "document_controller", _("Document controller")
    EXTERNAL_AUDITOR = "external_auditor", _("External auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    EVERYONE = "everyone", _("Everyone")


class Grant(models.Model):
    """A role for a person in a unit's subtree, for a time. `everyone` and a head's `line_manager` need no grant."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    role = models.CharField(_("Role"), max_length=30, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    starts = models.DateField(_("From"), null=True, blank=True)
    ends = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "role", "unit"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit}"


class Delegation(models.Model):
    """Somebody stands in for somebody else between two days. It ends by itself, or when one of the two ends it."""

    class Scope(models.TextChoices):
        ALL = "all", _("Everything")
        APPROVALS = "approvals", _("What is signed: reviews, approvals, confirmations")
        UNIT = "unit", _("Everything in one unit")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    giver = models.ForeignKey(Person, models.PROTECT, related_name="delegations", verbose_name=_("Who is away"))
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="stands_in", verbose_name=_("Who stands in"))
    scope = models.CharField(_("For what"), max_length=10, choices=Scope, default=Scope.ALL)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("Unit"))
    starts = models.DateField(_("From"))
    ends = models.DateField(_("Until"))
    note = models.CharField(_("Why"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["delegate", "ends"], name="delegation_in_force", condition=models.Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.giver}"


class Organization(Chained):
    """The one installation: its name, the edition in force, and whether this is a demonstration."""

    class Edition(models.TextChoices):
        Y2015 = "2015", "ISO 9001:2015"
        Y2026 = "2026", "ISO 9001:2026"

    name = models.CharField(_("Organization"), max_length=120)
    edition = models.CharField(_("Edition in force"), max_length=4, choices=Edition, default=Edition.Y2015)
    is_demo = models.BooleanField(default=False, editable=False)
    take_over_after = models.PositiveSmallIntegerField(default=5, editable=False)
    """Working days after which an unanswered approval may be taken over."""
    fields_stamp = models.CharField(max_length=32, default="", editable=False)
    """Changes with every change of an added field, so that each process knows when to read them again."""

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key for machines: it may do what its person may, within its scopes, until it expires. Only its hash is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(_("What it is for"), max_length=80)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
