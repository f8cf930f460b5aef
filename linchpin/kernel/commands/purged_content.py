"""What a purge takes out, and everywhere it lies: the record's row, its trail, search, notices, the disk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from linchpin.kernel import trail
from linchpin.kernel.commands.saving import index_line
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.notices.telling import forget_what_was_told
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.cleaning import is_private
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import GONE
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.search.indexing import index_many
from linchpin.kernel.trail.core.verifying import COMMITMENTS
from linchpin.kernel.trail.erasing import field_of_text
from linchpin.kernel.trail.models import EventText

SHORTEST = 4
"""Shorter texts are not looked for inside others: they would be found in any."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is to go: what it was, its hash, its texts as they stand anywhere, where the trail holds them, and how its row is blanked."""

    what: str
    hash: str
    texts: list[str]
    events: list[EventText]
    blank: Callable[[], None]
    twins: list[StoredFile] = field(default_factory=list)
    """Rows of the same bytes on other records."""


_elsewhere: list[Callable[[int, Collection[str]], None]] = []


def also_purge(forget: Callable[[int, Collection[str]], None]) -> None:
    """What lies above the kernel and holds content of records: called with the record's id and the texts that go."""
    if forget not in _elsewhere:
        _elsewhere.append(forget)


def content_of(record: Any, record_type: RecordType, kind: str, target: str) -> Content:
    """What would go. Raises Refused or Missing when there is nothing of the kind."""
    kinds = {"field": _field, "comment": _comment, "file": _file}
    if kind not in kinds:
        raise Refused(never(_("Choose what has to go: a file, a text or a comment."), "target"))
    return kinds[kind](record, record_type, target)


def take_out(record: Any, record_type: RecordType, content: Content, *, actor: Person, reason: str, at: datetime) -> int:
    """Blank it everywhere, with the event that tells of it. Gives how many texts of the trail were blanked."""
    content.blank()
    for model in (Record, record_type.model):
        _blank_copies(model, record, content.texts)
    record.refresh_from_db()
    blanked = trail.blank_texts(record, "record", content.events, actor=actor, reason=reason, at=at, always=True)
    Record.objects.filter(pk=record.pk).update(version=models.F("version") + 1, updated_at=at)
    for twin in content.twins:
        _take_out_twin(twin, actor, reason, at)
    index_many([index_line(record_type.model._default_manager.get(pk=record.pk), record_type)])
    _forget_notices(record, content.texts)
    for forget in _elsewhere:
        forget(record.pk, content.texts)
    transaction.on_commit(sweep)
    return blanked


def sweep() -> None:
    """On SQLite, what was overwritten leaves the log and the segments of the search index too."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_text (search_text) VALUES ('optimize')")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def purgeable(record: Any, record_type: RecordType) -> list[tuple[str, str]]:
    """The record's own texts that can go, as (field, label): free text that says something."""
    fields = {**record_type.fields, **record_type.retired}
    return [(name, str(f.verbose_name)) for name, f in fields.items() if is_private(f) and getattr(record, name) not in ("", GONE, None)]


def _field(record: Any, record_type: RecordType, target: str) -> Content:
    try:
        model_field = record_type.field(target)
    except FieldDoesNotExist as problem:
        raise Missing(_("There is no such field.")) from problem
    if target not in {**record_type.fields, **record_type.retired} or not is_private(model_field):
        raise Refused(never(_("Only free text is purged: “%s” is changed like any field.") % model_field.verbose_name, "target"))
    events = [text for text in _texts_of(record) if field_of_text(text) == target]
    value = getattr(record, target)
    if (not value or value == GONE) and not events:
        raise Refused(never(_("“%s” is empty: there is nothing to purge.") % model_field.verbose_name, "target"))
    texts = [*([value] if value and value != GONE else []), *(text.text or "" for text in events)]

    def blank() -> None:
        if target in record_type.all_added:
            rest = {name: held for name, held in record.custom.items() if name != target}
            Record.objects.filter(pk=record.pk).update(custom=rest)
            record.custom_values.filter(field__key=target).delete()
        else:
            record_type.model._default_manager.filter(pk=record.pk).update(**{target: GONE if target == "title" else ""})

    what = _("text of “%s”") % model_field.verbose_name
    return Content(what, _commitment(events), _unlike(texts), _with_copies(record, events, texts), blank)


def _comment(record: Any, record_type: RecordType, target: str) -> Content:
    row = record.comments.select_related("author").filter(pk=target).first() if target.isdecimal() and len(target) < 19 else None
    if row is None:
        raise Missing(_("There is no such comment."))
    if not row.text:
        raise Refused(never(_("This comment was purged already."), "target"))
    texts = [row.text, row.settled_with]
    events = [text for text in _texts_of(record) if text.text in texts]
    day = row.at.date().isoformat()
    what = _("comment by %(who)s of %(day)s") % {"who": row.author.initials or f"#{row.author_id}", "day": day}
    return Content(what, _commitment(events), _unlike(texts), events, lambda: _blank_comment(row))


def _blank_comment(row: Comment) -> None:
    Comment.objects.filter(pk=row.pk).update(text="", settled_with="")


def _file(record: Any, record_type: RecordType, target: str) -> Content:
    row = next((f for f in record.files.all() if str(f.uid) == target), None)
    if row is None:
        raise Missing(_("There is no such file."))
    if row.name == GONE:
        raise Refused(never(_("This file was purged already."), "target"))
    twins = list(StoredFile.objects.filter(sha256=row.sha256).exclude(pk=row.pk).exclude(name=GONE))
    what = _("file, %(type)s, %(size)s") % {"type": row.content_type[:60], "size": filesizeformat(row.size)}
    events = [text for text in _texts_of(record) if text.text == row.name]
    return Content(what, row.sha256, [row.name], events, lambda: _blank_file(row), twins)


def _blank_file(row: StoredFile) -> None:
    """The row stays as what the tombstone speaks of; the bytes go once the command stands, if nothing else holds them."""
    StoredFile.objects.filter(pk=row.pk).update(name=GONE)

    def unlink() -> None:
        if not StoredFile.objects.filter(sha256=row.sha256).exclude(name=GONE).exists():
            path_of(row.sha256).unlink(missing_ok=True)

    transaction.on_commit(unlink)


def _take_out_twin(twin: StoredFile, actor: Person, reason: str, at: datetime) -> None:
    record = Record.objects.select_for_update().get(pk=twin.record_id)
    record_type = get_type(record.type)
    alone = content_of(record_type.model._default_manager.get(pk=record.pk), record_type, "file", str(twin.uid))
    alone.blank()
    trail.blank_texts(record, "record", alone.events, actor=actor, reason=reason, at=at, always=True)
    _forget_notices(record, alone.texts)


def _texts_of(record: Any) -> list[EventText]:
    """The private texts that the record's trail still holds, oldest first."""
    found = EventText.objects.filter(event__chain=record.uid, text__isnull=False).select_related("event")
    return list(found.order_by("event__sequence", "place"))


def _with_copies(record: Any, chosen: list[EventText], texts: list[str]) -> list[EventText]:
    """Those, and what the same trail holds of the same words under another name."""
    same = {text for text in texts if len(text) >= SHORTEST}
    known = {text.pk for text in chosen}
    return [text for text in _texts_of(record) if text.pk in known or text.text in same]


def _commitment(events: list[EventText]) -> str:
    """The salted hash by which the trail knows the newest of the texts."""
    return COMMITMENTS.findall(events[-1].event.body)[events[-1].place] if events else ""


def _unlike(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _forget_notices(record: Any, texts: Collection[str]) -> None:
    """Notices tell what was said, up to 200 characters of it."""
    starts = [text[:200] for text in texts if len(text) >= SHORTEST]
    for notice in Notice.objects.filter(record_id=record.pk) if starts else ():
        if any(start in notice.text for start in starts):
            forget_what_was_told(notice, _("What this told was purged."))


def _blank_copies(model: Any, record: Any, texts: Collection[str]) -> None:
    """What the record keeps of the same texts in its lists and tables, such as rounds that failed."""
    long_enough = [text for text in texts if len(text) >= SHORTEST]
    for one in model._meta.local_fields:
        held = getattr(record, one.attname, None) if isinstance(one, models.JSONField) else None
        if held and (cleared := cleared_of(held, long_enough)) != held:
            model._base_manager.filter(pk=record.pk).update(**{one.attname: cleared})


def cleared_of(value: Any, texts: Collection[str]) -> Any:
    """The JSON value with every text that contains one of the texts emptied."""
    if isinstance(value, str):
        return "" if any(text in value for text in texts) else value
    if isinstance(value, list):
        return [cleared_of(one, texts) for one in value]
    return {name: cleared_of(one, texts) for name, one in value.items()} if isinstance(value, dict) else value
