"""The sidebar: at most seven entries, chosen by the person's role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import OVERSEERS
from linchpin.kernel.records.registry import all_types
from linchpin.kernel.records.words import say


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


def lenses(access: Access, path: str) -> list[Entry]:
    """Other ways of looking at the same records: by clause, and for those whose job it is, by what happened."""
    found = [_entry(_("Clause"), "clauses", "list-numbers", path)]
    if access.has(*OVERSEERS):
        found.append(Entry(_("Audit program"), reverse("current_program"), "calendar", path.startswith("/audit_program/")))
        found.append(_entry(_("Audit coverage"), "audit_coverage", "target", path))
        found.append(_entry(_("Trail"), "trail", "shield-check", path))
    return found


def thumbs(path: str) -> list[Entry]:
    """The four buttons under the thumb on a phone: report, to do, look up, and what became of mine."""
    return [
        _entry(_("Report"), "report", "message-report", path),
        _entry(_("To do"), "todo", "list-check", path),
        _entry(_("Look up"), "search", "search", path),
        _entry(_("Mine"), "mine", "history", path),
    ]


def _entry(label: str, name: str, icon: str, path: str, **kwargs: Any) -> Entry:
    url = reverse(name)
    return Entry(label, url, icon, path.startswith(url))
