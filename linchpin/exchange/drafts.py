"""Drafts made ready to be records: cleaned by the same cleaners as page and API, names resolved, faults beside their fields."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.exchange.importable import RAISED, STATUS
from linchpin.exchange.naming import PERSON, UNIT, Names
from linchpin.exchange.reading.dates import plain
from linchpin.exchange.reading.rehearsal import Draft, LinkTo
from linchpin.exchange.reading.values import NOTHING
from linchpin.kernel.commands.importing import New, faults
from linchpin.kernel.people import clock
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.cleaning import Cleaner, as_text, cleaner
from linchpin.kernel.records.registry import RecordType, get_type

NOON = dt.time(12)
"""The time of day of old records, which tell only the day: the same day in every zone nearby."""
LONGEST_OWNER = 120


class Said(NamedTuple):
    """A sentence beside a field of a draft; one that does not block is only shown."""

    field: str
    sentence: str
    blocking: bool = True


@dataclass(slots=True)
class Ready:
    """A draft with its values typed: what the fields get, what an old record brings along, and what is wrong with it.

    From `met` on everything is filled when it is matched with what stands here: `record`, `changes` and `before` (as text) for one
    that does, `new` for what becomes one.
    """

    draft: Draft
    values: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    raised: dt.datetime | None = None
    owner_text: str = ""
    said: list[Said] = field(default_factory=list)
    children: list[Ready] = field(default_factory=list)
    staged: int = 0
    fingerprint: str = ""
    met: list[Said] = field(default_factory=list)
    parent: Any = None
    record: Any = None
    outcome: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, str | None] = field(default_factory=dict)
    new: New | None = None

    @property
    def blocked(self) -> bool:
        return any(said.blocking for one in self.family() for said in (*one.said, *one.met))

    def forget_match(self) -> None:
        """As it was before it was matched: what stands here may have changed since."""
        for one in self.family():
            one.met, one.parent, one.record, one.outcome, one.changes, one.before, one.new = [], None, None, "", {}, {}, None

    def family(self) -> Iterator[Ready]:
        """Itself and the drafts below it."""
        yield self
        yield from self.children


def ready(draft: Draft, names: Names, unit: Unit) -> Ready:
    """The draft with typed values; `unit` is where it belongs when the file says nothing."""
    record_type = get_type(draft.type)
    answer = Ready(draft)
    for name, raw in draft.values.items():
        _take(answer, record_type, name, raw, names)
    answer.values.setdefault("unit", unit)
    if not answer.blocked:
        answer.said += [Said(r.field, r.sentence) for r in faults(record_type, answer.values)]
    answer.children = [ready(child, names, answer.values["unit"]) for child in draft.children]
    return answer


def _take(answer: Ready, record_type: RecordType, name: str, raw: Any, names: Names) -> None:
    if name == STATUS:
        answer.status = str(raw)
        if answer.status not in record_type.lifecycle.states.values:
            answer.said.append(Said(name, _("There is no state “%s”.") % raw))
    elif name == RAISED:
        _take_raised(answer, raw)
    elif kind := _reference_kind(record_type.key, name, record_type.shape):
        _take_name(answer, name, kind, raw, names)
    elif isinstance(raw, str) and not any(map(str.isalnum, raw)) and not record_type.fields[name].choices:
        if plain(raw) not in NOTHING:
            answer.said.append(Said(name, _("“%s” says nothing in words: the field stays empty.") % raw[:40], False))
    else:
        try:
            value = _cleaner(record_type.key, name, record_type.shape)(raw)
        except ValidationError as problem:
            answer.said.append(Said(name, " ".join(problem.messages)))
        else:
            (answer.own if name in record_type.brought else answer.values)[name] = value


def _take_raised(answer: Ready, raw: Any) -> None:
    day = raw if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw)[:10])
    if day > today():
        answer.said.append(Said(RAISED, _("%s lies in the future: it cannot have been raised yet.") % clock.in_words(day)))
    answer.raised = timezone.make_aware(dt.datetime.combine(day, NOON))


def _take_name(answer: Ready, name: str, kind: str, raw: Any, names: Names) -> None:
    found = names.find(kind, raw)
    if found is not None:
        answer.values[name] = found
    elif name == "owner":
        answer.owner_text = str(raw)[:LONGEST_OWNER]
    elif kind == UNIT:
        answer.said.append(Said(name, _("No unit is called “%s”: say which is meant, else the record goes to the unit of the whole import.") % raw, False))
    else:
        answer.said.append(Said(name, _("Nobody here is called “%s”: say who is meant, else the field stays empty.") % raw, False))


@cache
def _reference_kind(key: str, name: str, _shape: str) -> str:
    field = get_type(key).field(name)
    target = getattr(field, "related_model", None)
    return PERSON if target is Person else UNIT if target is Unit else ""


@cache
def _cleaner(key: str, name: str, _shape: str) -> Cleaner:
    record_type = get_type(key)
    if name in record_type.brought:
        return record_type.field(name).to_python
    return cleaner(record_type.fields[name])


def dumped(draft: Draft) -> dict[str, Any]:
    """The draft as JSON takes it, without the places of its cells."""
    return {
        "type": draft.type, "reference": draft.reference, "rows": list(draft.rows),
        "values": {name: text_of(value) for name, value in draft.values.items()},
        **({"whens": dict(draft.whens)} if draft.whens else {}),
        **({"parent": list(draft.parent)} if draft.parent else {}),
        **({"children": [dumped(child) for child in draft.children]} if draft.children else {}),
        **({"links": [[link.kind, link.type, link.reference] for link in draft.links]} if draft.links else {}),
    }  # fmt: skip


def loaded(kept: Mapping[str, Any]) -> Draft:
    """The draft from what `dumped` made of it; its values are text, which the cleaners read again."""
    return Draft(
        kept["type"], kept["reference"], dict(kept["values"]), tuple(kept["rows"]), whens=kept.get("whens", {}),
        parent=tuple(kept["parent"]) if kept.get("parent") else None,
        children=[loaded(child) for child in kept.get("children", ())],
        links=[LinkTo(*link) for link in kept.get("links", ())],
    )  # fmt: skip


_encode = json.JSONEncoder(ensure_ascii=False).encode


def as_json(value: dict[str, Any] | list[Any]) -> str:
    """What a column of JSON gets; most of them are empty."""
    return _encode(value) if value else "[]" if isinstance(value, list) else "{}"


def text_of(value: Any) -> str | None:
    return value if type(value) is str else as_text(value)


def fingerprints(drafts: list[dict[str, Any]]) -> list[str]:
    """What tells rows without a reference of their own apart: a hash of the values and, for equal rows, which one it is; empty with a reference."""
    seen: Counter[str] = Counter()
    answer = []
    for kept in drafts:
        if kept["reference"]:
            answer.append("")
            continue
        text = json.dumps([kept["type"], kept["values"], kept.get("children", [])], sort_keys=True, ensure_ascii=False)
        seen[text] += 1
        answer.append(hashlib.sha256(f"{seen[text]} {text}".encode()).hexdigest())
    return answer
