"""The sidebar: at most seven entries, chosen by the person's role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import OVERSEERS, open_to_guest
from linchpin.kernel.records.registry import all_types
from linchpin.kernel.records.words import say

LOOKED_AT_FIRST = ("nonconformity", "document", "audit")
"""The registers that an auditor opens most."""
INVITED_BY = (Role.QUALITY_MANAGER, Role.TOP_MANAGER, Role.LEAD_AUDITOR)
"""Who looks after auditors from outside."""
KEEPING_READY = (Role.QUALITY_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR, Role.TOP_MANAGER)
"""Whose job it is that an audit may come on any day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the sidebar."""

    label: str
    url: str
    icon: str
    active: bool = False
    count: int = 0


def role_of(access: Access) -> str:
    """The role that decides what a person sees first, in words."""
    order = (
        Role.TOP_MANAGER, Role.QUALITY_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR, Role.EXTERNAL_AUDITOR, Role.PROCESS_OWNER,
        Role.LINE_MANAGER, Role.DOCUMENT_CONTROLLER, Role.ADMINISTRATOR,
    )  # fmt: skip
    for role in order:
        if role in access.roles:
            return str(role.label)
    return access.person.position or str(Role.EVERYONE.label)


def navigation(access: Access, path: str, waiting: int = 0) -> list[Entry]:
    """Today first, with how many things wait, then the registers of the types in use, then what the role adds."""
    if access.is_guest:
        return _of_a_guest(access, path)
    labels = access.person.labels
    entries = [Entry(_("Today"), reverse("todo"), "home", path == reverse("todo"), waiting)]
    for record_type in (one for one in all_types() if one.listed):
        url = reverse("register", args=[record_type.key])
        entries.append(Entry(say(f"{record_type.key}.plural", labels), url, record_type.icon, path.startswith(url)))
    if access.has(Role.QUALITY_MANAGER):
        entries.append(_entry(_("Bring in data"), "imports", "database-import", path))
    elif access.has(Role.DOCUMENT_CONTROLLER):
        entries.append(_entry(_("Bring in documents"), "import_documents", "database-import", path))
    if access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER):
        entries.append(_entry(_("People & access"), "people", "users", path))
    return entries[:7]


def _of_a_guest(access: Access, path: str) -> list[Entry]:
    """The room, and the registers that the invitation is for as far as there is space: all of them stand on the room's first page."""
    rooms = (("", _("Start"), "home"), ("requests/", _("My requests"), "message-question"), ("sample/", _("Draw a sample"), "dice"),
             ("clauses/", _("By clause"), "list-numbers"), ("since/", _("Since last visit"), "history"))  # fmt: skip
    entries = [Entry(label, f"/room/{part}", icon, path == f"/room/{part}") for part, label, icon in rooms]
    registers = (one for one in all_types() if one.listed and open_to_guest(access, one))
    for record_type in sorted(registers, key=lambda one: one.key not in LOOKED_AT_FIRST):
        url = reverse("register", args=[record_type.key])
        entries.append(Entry(say(f"{record_type.key}.plural", access.person.labels), url, record_type.icon, path.startswith(url)))
    return entries[:7]


def lenses(access: Access, path: str) -> list[Entry]:
    """Other ways of looking at the same records: by clause (a guest's is in the room), and for some by what happened and who comes to look."""
    found = [] if access.is_guest else [_entry(_("Clause"), "clauses", "list-numbers", path)]
    if access.has(*KEEPING_READY):
        url = reverse("ready")
        found.insert(0, Entry(_("Audit-ready"), url, "checkup-list", path.startswith((url, "/readiness_check/"))))
    if not access.is_guest and access.has(*INVITED_BY):
        found.append(Entry(_("Auditors' visits"), "/visit/", "door", path.startswith(("/visit/", "/room/", "/audit_request/"))))
    if access.has(*OVERSEERS):
        found.append(Entry(_("Audit program"), reverse("current_program"), "calendar", path.startswith("/audit_program/")))
        found.append(_entry(_("Audit coverage"), "audit_coverage", "target", path))
        found.append(_entry(_("Trail"), "trail", "shield-check", path))
    return found


def thumbs(access: Access, path: str) -> list[Entry]:
    """The four buttons under the thumb on a phone: report, to do, look up, and what became of mine; a guest's are those of the room."""
    if access.is_guest:
        return [*_of_a_guest(access, path)[:3], _entry(_("Look up"), "search", "search", path)]
    return [
        _entry(_("Report"), "report", "message-report", path),
        _entry(_("To do"), "todo", "list-check", path),
        _entry(_("Look up"), "search", "search", path),
        _entry(_("Mine"), "mine", "history", path),
    ]


def _entry(label: str, name: str, icon: str, path: str, **kwargs: Any) -> Entry:
    url = reverse(name)
    return Entry(label, url, icon, path.startswith(url))
