"""The stream below a record: what was said and what was done, in one list, newest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.trail import history

ICONS = {
    "create": "plus", "edit": "pencil", "comment": "message-circle", "attach": "paperclip", "link": "link", "unlink": "link",
    "sign": "lock", "check_exception": "shield-check", "import": "database-import",
}  # fmt: skip
BOOKKEEPING = ("status", "phase", "version", "type", "provenance", "number", "created_at", "created_by", "original_due", "file_sha256", "exceptions")
LONGEST = 160


@dataclass(frozen=True)
class Said:
    """One line of the stream."""

    at: datetime
    who: str
    icon: str
    kind: str
    text: str
    reason: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    sequence: int = 0


def stream_of(record: Any, record_type: RecordType) -> list[Said]:
    events = history(record.pk)
    names = _names(events)
    return [_line(event, record_type, names) for event in reversed(events)]


def _names(events: list[Any]) -> dict[str, str]:
    """Names of people and units that the events speak of by their opaque ids. Two queries."""
    uids = {text for e in events for c in e.changes for text in (c.old, c.new) if text and len(text) == 36 and text.count("-") == 4}
    if not uids:
        return {}
    people = {str(uid): name for uid, name in Person.objects.filter(uid__in=uids).values_list("uid", "name")}
    return people | {str(uid): name for uid, name in Unit.objects.filter(uid__in=uids).values_list("uid", "name")}


def _line(event: Any, record_type: RecordType, names: dict[str, str]) -> Said:
    changes = {change.field: change for change in event.changes}
    transition = record_type.lifecycle.transition(event.verb)
    who = event.actor.name
    icon = ICONS.get(event.verb, "arrow-back-up" if transition and transition.backward else "check")
    if event.verb == "comment":
        return Said(event.at, who, icon, "say", _text(changes["comment"].new, names), "", [], event.sequence)
    text = _sentence(event, changes, transition, names)
    shown = [
        (_label(record_type, c.field), _short(c.old, names), _short(c.new, names))
        for c in event.changes
        if c.field not in BOOKKEEPING and event.verb not in ("create", "sign", "attach", "link", "unlink", "import")
    ]
    return Said(event.at, who, icon, "event", text, event.reason or "", shown, event.sequence)


def _sentence(event: Any, changes: dict[str, Any], transition: Any, names: dict[str, str]) -> str:
    if transition is not None:
        return str(transition.label)
    new = {name: change.new or "" for name, change in changes.items()}
    sentences = {
        "create": _("raised it"),
        "import": _("brought it in"),
        "edit": _("changed it"),
        "attach": _("attached “%s”") % new.get("file", ""),
        "link": _("linked it"),
        "unlink": _("took a link away"),
        "sign": _("signed: %s") % new.get("meaning", ""),
        "check_exception": _("checked a declared exception: %s") % new.get("exception_checked", ""),
    }
    return sentences.get(event.verb, event.verb.replace("_", " "))


def _label(record_type: RecordType, name: str) -> str:
    known = {"declared_exception": _("Declared exception"), "passed_advice": _("Advice passed"), "due_moves": _("Times moved")}
    if name in known:
        return known[name]
    try:
        return record_type.field_label(name)
    except FieldDoesNotExist:
        return name.replace("_", " ")


def _text(value: str | None, names: dict[str, str]) -> str:
    if value is None:
        return _("(erased)")
    return names.get(value, value)


def _short(value: str | None, names: dict[str, str]) -> str:
    text = names.get(value or "", value or "")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + "…"
