"""The organization, its units, its people and what they are given to do."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel import trail
from linchpin.kernel.commands.leaving import leaves
from linchpin.kernel.commands.sound_subjects import sound, typed
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import ApiToken, Chained, Grant, Organization, Person, Role, Unit
from linchpin.kernel.records.cleaning import as_text, is_private, said
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.trail import Change

KINDS: dict[type[Chained], str] = {Person: "person", Unit: "unit", Organization: "organization"}
SCOPES = {"read", "write", "feed"}
"""What a token is good for: reading, writing, or standing in the address of a calendar."""
ADMINISTERING = (Role.ADMINISTRATOR, Role.QUALITY_MANAGER)
IN_THEIR_NAME = (Role.ADMINISTRATOR,)
"""Who may do what lets them act as somebody else: set a password, make a key, change the e-mail of a sign-in. The person is told."""


def found_organization(name: str, *, country: str = "", time_zone: str = "", is_demo: bool = False) -> Access:
    """Make the one organization, its root unit and the system's own person. Gives the system's access.

    Raises Refused when there is an organization already.
    """
    with command() as at:
        if Organization.objects.exists():
            raise Refused(_("This installation has its organization already."))
        root = Unit(name=name, kind=Unit.Kind.COMPANY, country=country, time_zone=time_zone)
        root.save()
        root.path = f"/{root.pk}/"
        system = Person(name="Linchpin", unit=root, employment=Person.Employment.SYSTEM)
        system.set_unusable_password()
        system.save()
        organization = Organization(name=name, is_demo=is_demo)
        organization.save()
        for subject in (organization, root, system):
            write_down(subject, "create", _all_changes(subject), system, at)
        return access_of(system)


def add_unit(values: Mapping[str, Any], *, actor: Access) -> Unit:
    """Add a unit below its parent. Raises Refused, NotAllowed."""
    with command() as at:
        _administers(actor)
        given = typed(values)
        unit = Unit(**given)
        if unit.parent is None:
            raise Refused(never(_("Say which unit it is a part of."), "parent"))
        sound(unit, given)
        unit.save()
        unit.path = f"{unit.parent.path}{unit.pk}/"
        write_down(unit, "create", _all_changes(unit), actor.person, at)
        return unit


def add_person(values: Mapping[str, Any], *, actor: Access, password: str | None = None) -> Person:
    """Add a person; with a password their account is active. Raises Refused, NotAllowed."""
    with command() as at:
        _administers(actor)
        given = typed(values)
        person = Person(**given)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
            person.account = Person.Account.ACTIVE
        sound(person, given)
        person.save()
        write_down(person, "create", _all_changes(person), actor.person, at)
        return person


def edit_subject(subject: Any, values: Mapping[str, Any], *, actor: Access, reason: str = "", leave_open: bool = False) -> Any:
    """Edit a person, a unit or the organization. Who leaves with things open in their hands leaves them in the queue knowingly (`leave_open`).

    Raises Refused, NotAllowed.
    """
    reason = said(reason, "reason")
    with command() as at:
        row = type(subject).objects.select_for_update().get(pk=subject.pk)
        if isinstance(row, Person) and row.erased_at:
            raise Refused(never(_("This person is erased: nothing is entered of them any more.")))
        changes, changed = [], {}
        for name, new in typed(values).items():
            old = getattr(row, name)
            if as_text(old) != as_text(new):
                changes.append(Change(name, as_text(old), as_text(new), is_private(row._meta.get_field(name))))
                changed[name] = new
                setattr(row, name, new)
        closing = isinstance(row, Unit) and changed.get("state") == Unit.State.CLOSED
        if closing and not (actor.person.is_system or actor.covers((Role.TOP_MANAGER,), row.pk)):
            raise NotAllowed(_("A unit is closed by top management."))
        if not closing or len(changed) > 1:
            _administers(actor)
        if isinstance(row, Person) and "email" in changed and row.account == Person.Account.ACTIVE:
            _in_their_name(actor, _("The e-mail of a sign-in is changed by the administrator: whoever has it can set the password."))
        if not changes:
            return row
        sound(row, changed)
        if isinstance(row, Unit):
            _replant(row)
        if isinstance(row, Person) and changed.get("state") == Person.State.LEFT:
            leaves(row, actor, at, leave_open)
        write_down(row, "edit", changes, actor.person, at, reason)
        return row


def grant(person: Person, role: str, unit: Unit, *, actor: Access, starts: date | None = None, ends: date | None = None) -> Grant:
    """Give a person a role over a unit and everything below it."""
    with command() as at:
        _administers(actor)
        if role not in Role.values or role == Role.EVERYONE:
            raise Refused(never(_("Choose one of the roles."), "role"))
        if starts and ends and ends < starts:
            raise Refused(never(_("It would end before it starts: check both dates."), "ends"))
        given, _made = Grant.objects.update_or_create(person=person, role=role, unit=unit, defaults={"starts": starts, "ends": ends})
        row = Person.objects.select_for_update().get(pk=person.pk)
        changes = [Change("role", None, str(role)), Change("unit", None, str(unit.uid)),
                   Change("starts", None, as_text(starts)), Change("ends", None, as_text(ends))]  # fmt: skip
        if actor.person.pk == row.pk:
            changes.append(Change("to_oneself", None, "true"))
            _tell_of_self_grant(given, actor.person, at)
        write_down(row, "grant", changes, actor.person, at)
        return given


def _tell_of_self_grant(given: Grant, person: Person, at: datetime) -> None:
    """Whoever may give roles may give them to themselves; top management hears of it (where there is none besides, the others who administer)."""
    text = Said(gettext_noop("%(who)s gave themselves a role: %(role)s, %(unit)s."), {"who": person, "role": Role(given.role).label, "unit": given.unit})
    for roles in ((Role.TOP_MANAGER,), ADMINISTERING):
        others = Person.objects.filter(state=Person.State.ACTIVE, grants__role__in=roles).exclude(pk=person.pk).distinct()
        if tell(others, record=None, kind="account", text=text, at=at):
            return


def revoke(given: Grant, *, actor: Access, reason: str = "") -> None:
    """Take a role back; the trail keeps that it was held."""
    with command() as at:
        _administers(actor)
        row = Person.objects.select_for_update().get(pk=given.person_id)
        changes = [Change("role", given.role, None), Change("unit", str(given.unit.uid), None)]
        given.delete()
        write_down(row, "revoke", changes, actor.person, at, reason)


def set_own(person: Person, *, labels: str | None = None, language: str | None = None, password: str | None = None, actor: Access) -> Person:
    """What people set for themselves: which words and which language (empty: the browser's) they read, and their password."""
    with command() as at:
        row = Person.objects.select_for_update().get(pk=person.pk)
        if actor.person.pk != row.pk and not actor.person.is_system:
            raise NotAllowed(_("This is for everybody to set for themselves."))
        changes = []
        if labels is not None and labels in Person.Labels.values and labels != row.labels:
            changes.append(Change("labels", row.labels, labels))
            row.labels = labels
        if language is not None and language in ("", *dict(settings.LANGUAGES)) and language != row.language:
            changes.append(Change("language", row.language, language))
            row.language = language
        if password is not None:
            if row.account == Person.Account.LOCKED:
                raise NotAllowed(_("This account is locked: ask the administrator."))
            changes.append(Change("password", None, "changed"))
            row.set_password(password)
            if row.account != Person.Account.ACTIVE:
                changes.append(Change("account", row.account, Person.Account.ACTIVE))
                row.account = Person.Account.ACTIVE
        if not changes:
            return row
        write_down(row, "edit", changes, actor.person, at)
        return row


def _in_their_name(actor: Access, refusal: str) -> None:
    """Insist on the administrator. Raises NotAllowed."""
    if not (actor.person.is_system or actor.has(*IN_THEIR_NAME)):
        raise NotAllowed(refusal)


def _administers(actor: Access) -> None:
    if not (actor.person.is_system or actor.has(*ADMINISTERING)):
        raise NotAllowed(_("People, units and roles are for the administrator and the quality manager."))


def _replant(unit: Unit) -> None:
    """Follow a move within the tree: the unit's path and those of everything below it."""
    before = unit.path
    parent = unit.parent
    if parent is not None and parent.path.startswith(before):
        raise Refused(never(_("A unit cannot be a part of itself: choose another parent."), "parent"))
    unit.path = f"{parent.path}{unit.pk}/" if parent else f"/{unit.pk}/"
    if before != unit.path:
        for below in Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk):
            Unit.objects.filter(pk=below.pk).update(path=unit.path + below.path.removeprefix(before))


def _all_changes(subject: Any) -> list[Change]:
    skip = {"id", "uid", "head", "sequence", "password", "path"}
    fields = [f for f in subject._meta.concrete_fields if f.name not in skip]
    values = [(f, as_text(getattr(subject, f.name))) for f in fields]
    return [Change(f.name, None, text, is_private(f)) for f, text in values if text not in (None, "")]


def write_down(subject: Any, verb: str, changes: list[Change], by: Person, at: datetime, reason: str = "") -> None:
    """Append the event of a person, unit or organization and save its row."""
    trail.append(subject, KINDS[type(subject)], record_id=None, actor=by, verb=verb, changes=changes, reason=reason, at=at)
    subject.save()


def issue_token(person: Person, name: str, *, scopes: Sequence[str], days: int, actor: Access) -> tuple[ApiToken, str]:
    """A key for machines, and its secret, which is shown once. Raises Refused, NotAllowed."""
    with command() as at:
        if actor.person.pk != person.pk:
            _in_their_name(actor, _("Keys that act in the name of others are made by the administrator."))
        if not name.strip() or not 1 <= days <= 3650 or not set(scopes) <= SCOPES or not scopes:
            raise Refused(never(_("A token needs a name, scopes (read, write, feed) and 1 to 3,650 days."), "name"))
        secret = f"lp_{secrets.token_urlsafe(32)}"
        row = Person.objects.select_for_update().get(pk=person.pk)
        made = ApiToken.objects.create(
            person=row, name=name.strip()[:80], scopes=list(scopes), digest=digest_of(secret), created_at=at, expires_at=at + timedelta(days=days)
        )
        write_down(row, "issue_token", [Change("token", None, made.name, True), Change("scopes", None, " ".join(scopes))], actor.person, at)
        if not actor.person.is_system:
            told = gettext_noop("%(who)s made the key “%(name)s”, which acts in your name. If you did not ask for it, say so.")
            text = Said(told, {"who": actor.person, "name": made.name})
            tell([row], record=None, kind="account", text=text, at=at, actor=actor.person)
        return made, secret


def revoke_token(token: ApiToken, *, actor: Access) -> None:
    """End a token at once."""
    with command() as at:
        if actor.person.pk != token.person_id:
            _administers(actor)
        row = Person.objects.select_for_update().get(pk=token.person_id)
        ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
        write_down(row, "revoke_token", [Change("token", token.name, None, True)], actor.person, at)


def digest_of(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
