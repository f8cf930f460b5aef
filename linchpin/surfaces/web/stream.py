"""The stream below a record: what was said and what was done, in one list, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.kernel.commands.on_device import ON_DEVICE
from linchpin.kernel.commands.saving import ON_BEHALF_OF
from linchpin.kernel.people.clock import took
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.trail.erasing import NAME_REPLACED
from linchpin.surfaces.web.presenting import said

ICONS = {
    "create": "plus", "edit": "pencil", "comment": "message-circle", "attach": "paperclip", "link": "link", "unlink": "link",
    "sign": "lock", "check_exception": "shield-check", "import": "database-import", "name": "user-plus", "draw": "dice", "keep_figures": "chart-bar",
    "start_clock": "clock",
    "witness": "users", "question": "list-check", "settle": "circle-check", "take_over": "users", "hand_over": "users", "agree_date": "calendar",
    "propose_purge": "flag", "decline_purge": "circle-check", "erase": "circle-minus", "propose_date": "calendar",
}  # fmt: skip
BOOKKEEPING = (
    "due_moves", "rounds", "status", "phase", "version", "type", "provenance", "number", "created_at", "created_by", "original_due", "file_sha256",
    "questions_sha256", "attempt", "proposed_due", "looked", "found_n", "seconds", "missing", "proof_of",
    "exceptions", "purge", NAME_REPLACED, ON_BEHALF_OF, ON_DEVICE, "took", "round", "fingerprint", "effective", "unconfirmed", "witnessed",
)  # fmt: skip
LONGEST = 160
ANSWERED = "answer"
"""What somebody who is asked writes down before they confirm: answers to its questions."""
LATEST = 100
"""Lines of the stream that a page shows at first."""


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
    waited: str = ""
    """When it was done on a device without a connection, by the device, and when it arrived."""


def stream_of(events: list[Any], record_type: RecordType, known: Iterable[Person | Unit | None] = ()) -> list[Said]:
    """A record's history (oldest event first) as lines, newest first. `known`: people and units that are at hand already."""
    names = _names(events, {str(one.uid): one.name for one in known if one})
    return [_line(event, record_type, names) for event in reversed(events)]


def quiet(record_type: RecordType) -> frozenset[str]:
    """Moves that whole groups are asked for: the page counts them, the trail keeps each."""
    moves = frozenset(asking.move for asking in record_type.askings.values() if asking.groups)
    return moves | {ANSWERED} if moves else moves


def _names(events: list[Any], known: dict[str, str]) -> dict[str, str]:
    """Names of people and units that the events speak of by their opaque ids. Two queries, or none when all are known."""
    told = (c for e in events for c in e.changes if c.field == ON_BEHALF_OF or c.field not in BOOKKEEPING)
    uids = {text for c in told for text in (c.old, c.new) if text and len(text) == 36 and text.count("-") == 4}
    uids -= known.keys()
    if not uids:
        return known
    people = {str(uid): name for uid, name in Person.objects.filter(uid__in=uids).values_list("uid", "name")}
    return known | people | {str(uid): name for uid, name in Unit.objects.filter(uid__in=uids).values_list("uid", "name")}


def _line(event: Any, record_type: RecordType, names: dict[str, str]) -> Said:
    changes = {change.field: change for change in event.changes}
    transition = record_type.lifecycle.transition(event.verb)
    who = event.actor.name
    if (giver := changes.get(ON_BEHALF_OF)) is not None:
        who = _("%(who)s for %(giver)s") % {"who": who, "giver": names.get(giver.new or "", "")}
    icon = ICONS.get(event.verb, "arrow-back-up" if transition and transition.backward else "check")
    if event.verb == "comment":
        return Said(event.at, who, icon, "say", _text(changes["comment"].new, names), "", [], event.sequence, _waited(event, changes))
    text = _sentence(event, changes, transition, names)
    shown = [
        (_label(record_type, c.field), _shown(record_type, c.field, c.old, names), _shown(record_type, c.field, c.new, names))
        for c in event.changes
        if c.field not in BOOKKEEPING and event.verb not in ("create", "sign", "attach", "link", "unlink", "import", "erase", "draw", "keep_figures")
    ]
    return Said(event.at, who, icon, "event", text, event.reason or "", shown, event.sequence, _waited(event, changes))


def _waited(event: Any, changes: dict[str, Any]) -> str:
    claimed = parse_datetime(changes[ON_DEVICE].new or "") if ON_DEVICE in changes else None
    if claimed is None:
        return ""
    done, arrived = timezone.localtime(claimed), timezone.localtime(event.at)
    shape = "H:i" if done.date() == arrived.date() else "j M Y, H:i"
    words = {"done": formats.date_format(done, shape), "arrived": formats.date_format(arrived, shape)}
    return _("done at %(done)s by the clock of the device, arrived at %(arrived)s") % words


def _sentence(event: Any, changes: dict[str, Any], transition: Any, names: dict[str, str]) -> str:
    if transition is not None:
        return str(transition.label)
    new = {name: change.new or "" for name, change in changes.items()}
    sentences = {
        "create": _("raised it"),
        "import": _("brought it in"),
        "edit": _("changed it"),
        "attach": _("attached “%s”") % new["file"] if new.get("file") else _("attached a file that was purged"),
        "link": _("linked it"),
        "unlink": _("took a link away"),
        "sign": _("signed: %s") % new.get("meaning", ""),
        "name": _("said who is asked"),
        "witness": _("was there when this was told to %s") % _people(new.get("witnessed", "")),
        "settle": _("settled a change that was asked for"),
        "question": _("wrote the questions for its readers"),
        "take_over": _("took over what somebody else was asked for"),
        "hand_over": _("handed it over"),
        "agree_date": _("agreed a new date"),
        "propose_purge": _("proposed to purge: %s") % new.get("purge", ""),
        "decline_purge": _("declined a purge"),
        "erase": _("took content out for good"),
        "draw": _("drew %(n)s of %(of)s by the seed “%(seed)s”") % {"n": new.get("n", ""), "of": new.get("population_n", ""), "seed": new.get("seed", "")},
        "keep_figures": _("kept figures as they stood"),
        **_by_the_clock(new),
        "propose_date": _("proposed %s to the owner") % _day(new.get("proposed_due", "")),
        "check_exception": _("checked a declared exception: %s") % new.get("exception_checked", ""),
    }
    return sentences.get(event.verb, event.verb.replace("_", " "))


def _by_the_clock(new: dict[str, str]) -> dict[str, str]:
    proof = {"number": new.get("proof_of", ""), "time": took(int(new.get("took") or 0))}
    return {
        "start_clock": _("opened %(number)s, and the clock began") % proof,
        "find_proof": _("found the proof of %(number)s in %(time)s") % proof,
        "miss_proof": _("did not find the proof of %(number)s in %(time)s") % proof,
    }


def _day(text: str) -> str:
    return formats.date_format(day, "j M Y") if (day := parse_date(text)) else ""


def _people(names: str) -> str:
    """How many; their names are for those who lead them."""
    count = len([name for name in names.split(", ") if name])
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": count}


def _label(record_type: RecordType, name: str) -> str:
    known = {"declared_exception": _("Declared exception"), "passed_advice": _("Advice passed")}
    if name.startswith("asked."):
        asking = record_type.askings.get(name.removeprefix("asked."))
        return str(asking.label) if asking else name
    if name in known:
        return known[name]
    return record_type.field_label(name) if _field(record_type, name) else name.replace("_", " ")


def _text(value: str | None, names: dict[str, str]) -> str:
    if value is None:
        return _("(purged)")
    return names.get(value, value)


def _shown(record_type: RecordType, name: str, value: str | None, names: dict[str, str]) -> str:
    """A changed value in the reader's words: names for ids, labels for codes, days as days; long texts cut at a word."""
    if value is None or value in names:
        return names.get(value or "", "")
    field = _field(record_type, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField):
        return said(field, Decimal(value))
    if isinstance(field, models.BooleanField):
        return _("yes") if value == "true" else _("no")
    if isinstance(field, models.DateField) and (day := parse_date(value[:10])):
        return formats.date_format(day, "j M Y")
    return value if len(value) <= LONGEST else value[:LONGEST].rsplit(" ", 1)[0] + "…"


def _field(record_type: RecordType, name: str) -> Any:
    try:
        return record_type.field(name)
    except FieldDoesNotExist:
        return None
