"""What others wrote and that names somebody who is to be erased: where it stands, and the pseudonym put in its place, record by record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.kernel import trail
from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.purged_content import sweep
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.cleaning import is_private
from linchpin.kernel.records.models import DeclaredException, Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import RecordType, all_types, get_type, has_type
from linchpin.kernel.search.finding import find
from linchpin.kernel.trail import Change
from linchpin.kernel.trail.erasing import NAME_REPLACED
from linchpin.kernel.trail.models import EventText

AROUND = 60
"""Characters shown on either side of a name."""
SAID: dict[type[models.Model], tuple[str, ...]] = {Comment: ("text", "settled_with"), DeclaredException: ("sentence", "reason", "finding")}
"""What hangs on records and is free text."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a name stands: in what, and with which words around it."""

    where: str
    before: str
    name: str
    after: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A record that names the person. Without passages the name does not stand there word for word: somebody has to look."""

    record: Any
    passages: list[Passage] = field(default_factory=list)


_elsewhere: list[Any] = []


def also_replace(replacing: Any) -> None:
    """What lies above the kernel and keeps texts of records: called with the record's id and what puts the pseudonym into a text."""
    if replacing not in _elsewhere:
        _elsewhere.append(replacing)


def mentions_of(person: Person, actor: Access) -> tuple[list[Mention], int]:
    """The records that name the person, as far as the actor may read them, and how many more do."""
    found = _holding(person.name)
    seen = Record.objects.visible_to(actor).filter(pk__in=found).values_list("pk", flat=True)
    by_search = [hit.record.pk for hit in find(actor, person.name, limit=50)]
    rows = Record.objects.filter(pk__in={*seen, *by_search}).select_related("owner", "unit").order_by("-id")
    mentions = [Mention(row, _passages(row, _pattern(person.name))) for row in rows if has_type(row.type)]
    mentions.sort(key=lambda one: not one.passages)
    return mentions, len(found - set(seen))


def replace_name(record: Any, person: Person, pseudonym: str, *, actor: Access) -> None:
    """Put the pseudonym where the record's free text names the person, as an edit; the trail forgets the text that stood there. Raises Refused, Missing.

    Whoever may erase people may do this on every record that they may read, closed ones too.
    """
    with command() as at:
        found, record_type = for_verb(record, "read", actor)
        if not put_pseudonym(found, record_type, person, pseudonym, actor=actor, at=at):
            raise Refused(never(_("%(number)s does not name %(who)s word for word: look at it yourself.") % {"number": found.number, "who": person.name}))


def put_pseudonym(record: Any, record_type: RecordType, person: Person, pseudonym: str, *, actor: Access, at: datetime) -> bool:
    """Within a command: the edit, and what the trail then forgets. False where nothing names the person."""
    pattern = _pattern(person.name)

    def replaced(text: str) -> str:
        return pattern.sub(pseudonym, text)

    values: dict[str, Any] = {}
    for name, model_field in _fields(record, record_type):
        old = getattr(record, name)
        if isinstance(model_field, models.JSONField):
            new = in_json(old, replaced)
        else:
            new = replaced(old)[: model_field.max_length]
        if new != old:
            values[name] = new
    also = [change for model, names in SAID.items() for change in _in_what_was_said(model, names, record, replaced)]
    held = [text for text in _texts(record) if pattern.search(text.text or "")]
    if not (values or also or held):
        return False
    noted = Change(NAME_REPLACED, str(person.uid), pseudonym)
    reason = _("A name was replaced: the person is to be erased.")
    update(record, record_type, values, actor=actor, verb="edit", at=at, reason=reason, also=[*also, noted])
    held = [text for text in _texts(record) if pattern.search(text.text or "")]
    trail.blank_texts(record, "record", held, actor=actor.person, reason="", at=at, always=True)
    for replacing in _elsewhere:
        replacing(record.pk, replaced)
    transaction.on_commit(sweep)
    return True


def _pattern(name: str) -> re.Pattern[str]:
    """The name as a whole, in whatever case and with whatever blanks between its parts."""
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)", re.IGNORECASE)


def _holding(name: str) -> set[int]:
    """Ids of the records of which some free text holds the name, as the database compares it."""
    found: set[int] = set()
    for one in all_types():
        columns = [f.name for f in one.model._meta.concrete_fields if is_private(f)]
        named = reduce(or_, (Q(**{f"{column}__contains": name}) for column in columns))
        found |= set(one.model._default_manager.filter(named).values_list("pk", flat=True))
    for model, names in SAID.items():
        named = reduce(or_, (Q(**{f"{column}__contains": name}) for column in names))
        found |= set(model._default_manager.filter(named).values_list("record_id", flat=True))
    return found


def _fields(record: Any, record_type: RecordType) -> Iterator[tuple[str, Any]]:
    """Its free texts, those of the house too, and the lists in which it keeps copies of them."""
    for one in record_type.model._meta.concrete_fields:
        kept = isinstance(one, models.JSONField) and one.name != "custom"
        if (kept or is_private(one)) and getattr(record, one.name):
            yield one.name, one
    for name, added in record_type.all_added.items():
        if is_private(added) and isinstance(getattr(record, name), str):
            yield name, added


def in_json(value: Any, replaced: Callable[[str], str]) -> Any:
    """The JSON value with each of its texts replaced."""
    if isinstance(value, str):
        return replaced(value)
    if isinstance(value, list):
        return [in_json(one, replaced) for one in value]
    return {name: in_json(one, replaced) for name, one in value.items()} if isinstance(value, dict) else value


def _in_what_was_said(model: Any, names: tuple[str, ...], record: Any, replaced: Any) -> Iterator[Change]:
    for row in model._default_manager.filter(record_id=record.pk).order_by("id"):
        for name in names:
            old = getattr(row, name)
            if (new := replaced(old)) != old:
                model._default_manager.filter(pk=row.pk).update(**{name: new})
                yield Change(model._meta.model_name, old, new, True)


def _texts(record: Any) -> list[EventText]:
    held = EventText.objects.filter(event__chain=record.uid, text__isnull=False).select_related("event")
    return list(held.order_by("event__sequence", "place"))


def _passages(row: Any, pattern: re.Pattern[str]) -> list[Passage]:
    record_type = get_type(row.type)
    record = record_type.model._default_manager.get(pk=row.pk)
    texts = [(str(one.verbose_name), getattr(record, name)) for name, one in _fields(record, record_type) if not isinstance(one, models.JSONField)]
    for model, names in SAID.items():
        label = _("Comment") if model is Comment else _("Declared exception")
        rows: Any = model._default_manager
        texts += [(label, getattr(said, name)) for said in rows.filter(record_id=row.pk).order_by("id") for name in names]
    found = [(where, text, pattern.search(text)) for where, text in texts]
    return [_passage(where, text, match) for where, text, match in found if match]


def _passage(where: str, text: str, match: re.Match[str]) -> Passage:
    first, last = max(0, match.start() - AROUND), match.end() + AROUND
    before = ("…" if first else "") + text[first : match.start()]
    return Passage(where, before, match[0], text[match.end() : last] + ("…" if last < len(text) else ""))
