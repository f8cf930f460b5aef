"""Which drafts make new records, which change or find one that stands here, and which cannot be taken, with the reason beside the field."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from linchpin.exchange.drafts import Ready, Said
from linchpin.exchange.models import StagedRow, Taken
from linchpin.exchange.reading.shapes import Match
from linchpin.kernel.commands.importing import faults
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.further import CLOAK
from linchpin.kernel.records.models import Phase, Provenance, Record
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.trail.models import Event

OURS = ("import", "undo_import")
"""Verbs of events that imports write: fields which only they touched may be overwritten by the next one."""
AT_ONCE = 500
NEW, CHANGED, UNCHANGED, REJECTED = (str(o.value) for o in StagedRow.Outcome)

Key = tuple[str, str]
"""A record's type and its own number."""


class Standing:
    """The records here that the drafts of one import may speak of, as far as the person may see them."""

    def __init__(self, drafts: Sequence[Ready], actor: Access, source_id: int | None) -> None:
        self.by_key: dict[Key, list[Any]] = defaultdict(list)
        self.by_fingerprint: dict[str, list[Any]] = {}
        wanted, named = _keys(drafts)
        own = [record for key, references in wanted.items() for record in _found(key, references, actor, whole=True)]
        for record in own:
            self.by_key[record.type, record.reference].append(record)
        for key, references in named.items():
            for record in _found(key, references - wanted[key], actor, whole=False):
                self.by_key[key, record.reference].append(record)
        self._cloaked(source_id, wanted, named)
        self._by_fingerprint(drafts, actor)
        self.touched = _touched(own)

    def _cloaked(self, source_id: int | None, *asked: dict[str, set[str]]) -> None:
        """What an unfinished import made already: its later batches may speak of it."""
        own = Taken.objects.filter(source_id=source_id).values("record_id")
        for key in {key for each in asked for key in each} if source_id is not None else ():
            for some in _slices(_ids(CLOAK + key, sorted(set().union(*(each.get(key, set()) for each in asked))))):
                for record in Record.objects.filter(pk__in=some).filter(pk__in=own):
                    self.by_key[key, record.reference].append(record)

    def _by_fingerprint(self, drafts: Sequence[Ready], actor: Access) -> None:
        prints = {one.fingerprint for one in drafts if one.fingerprint}
        for some in _slices(sorted(prints)):
            rows = Taken.objects.filter(fingerprint__in=some).exclude(record__phase=Phase.VOID).select_related("record")
            for taken in rows:
                self.by_fingerprint.setdefault(taken.fingerprint, []).append(taken.record)

    def of(self, key: str, reference: str) -> list[Any]:
        return self.by_key.get((key, reference), []) if reference else []


def match(drafts: Sequence[Ready], how: Match, *, actor: Access, overwrite: bool = False, source_id: int | None = None) -> Standing:
    """Set the outcome of every draft, and what it changes or why it cannot be taken. Run again inside the transaction that writes."""
    standing = Standing(drafts, actor, source_id)
    for one in drafts:
        one.forget_match()
        _decide(one, how, standing, actor, overwrite)
        for child in one.children:
            _decide(child, "upsert", standing, actor, overwrite)
    _find_parents(drafts, standing, actor)
    for one in drafts:
        if one.blocked:
            one.outcome = REJECTED
        elif one.outcome == UNCHANGED and any(child.outcome != UNCHANGED for child in one.children):
            one.outcome = CHANGED
    return standing


def _keys(drafts: Iterable[Ready]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """References by type: of the drafts themselves, and of what they only name (parents and links)."""
    wanted: dict[str, set[str]] = defaultdict(set)
    named: dict[str, set[str]] = defaultdict(set)
    for top in drafts:
        for one in top.family():
            if one.draft.reference:
                wanted[one.draft.type].add(one.draft.reference)
            if one.draft.parent:
                named[one.draft.parent[0]].add(one.draft.parent[1])
            for link in one.draft.links:
                named[link.type].add(link.reference)
    return wanted, named


def _found(key: str, references: set[str], actor: Access, *, whole: bool) -> Iterable[Any]:
    """Standing records of the type with these references; `whole` with the type's own fields."""
    manager: Any = get_type(key).model._default_manager if whole else Record.objects
    for some in _slices(_ids(key, sorted(references))):
        rows = manager.visible_to(actor).filter(pk__in=some).exclude(phase=Phase.VOID)
        yield from rows.select_related("owner", "unit").order_by("id")


def _ids(key: str, references: list[str]) -> list[int]:
    """Ids of records of the type with these references, before anything is asked about them: most of a new file stand nowhere yet."""
    found: list[int] = []
    with connection.cursor() as cursor:
        for some in _slices(references):
            marks = ",".join(["%s"] * len(some))
            cursor.execute(f"SELECT id FROM records_record WHERE type = %s AND reference IN ({marks})", [key, *some])
            found += [pk for (pk,) in cursor.fetchall()]
    return found


def _slices(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _touched(records: Sequence[Any]) -> dict[int, set[str]]:
    """Fields that people changed here since an import brought the record, by its id; records that were never imported are missing."""
    ids = [r.pk for r in records]
    fields: dict[int, set[str]] = defaultdict(set)
    imported = {r.pk for r in records if r.provenance == Provenance.IMPORTED}
    for start in range(0, len(ids), AT_ONCE):
        rows = Event.objects.filter(record_id__in=ids[start : start + AT_ONCE], sequence__gt=1)
        imported |= set(rows.filter(verb__in=OURS).values_list("record_id", flat=True))
        for record_id, body in rows.exclude(verb__in=OURS).values_list("record_id", "body"):
            fields[record_id] |= {str(change[0]) for change in json.loads(body)["changes"]}
    return {pk: fields[pk] for pk in imported}


def _decide(one: Ready, how: Match, standing: Standing, actor: Access, overwrite: bool) -> None:
    draft, record_type = one.draft, get_type(one.draft.type)
    hits = standing.of(draft.type, draft.reference) or standing.by_fingerprint.get(one.fingerprint, [])
    one.record = hits[0] if len(hits) == 1 else None
    if len(hits) > 1:
        numbers = ", ".join(str(record.number) for record in hits)
        one.met.append(Said("reference", _("Several records here have the number “%(ref)s”: %(numbers)s. Only one may, to be found again.")
                             % {"ref": draft.reference, "numbers": numbers}))  # fmt: skip
    elif not hits and how == "attach":
        words = {"what": record_type.label(), "ref": draft.reference}
        one.met.append(Said("reference", _("No “%(what)s” with the number “%(ref)s” stands here: bring that first.") % words))
    elif not hits:
        one.outcome = NEW
        _may_import(one, record_type, one.values["unit"].pk, actor)
    elif how == "create" or one.fingerprint:
        one.outcome = UNCHANGED
    else:
        _compare(one, record_type, standing.touched.get(hits[0].pk), overwrite)
        one.outcome = CHANGED if one.changes else UNCHANGED
        if one.changes:
            _may_import(one, record_type, hits[0].unit_id, actor)


def _may_import(one: Ready, record_type: RecordType, unit_id: int, actor: Access) -> None:
    if not actor.covers(record_type.who("import"), unit_id):
        one.met.append(Said("unit", _("Bringing in %s of this unit is for others.") % record_type.plural()))


def _compare(one: Ready, record_type: RecordType, touched: set[str] | None, overwrite: bool) -> None:
    """What the draft changes on its record. Fields that people changed here since an import stay, unless `overwrite`."""
    record, whens = one.record, one.draft.whens
    for name, value in _given(one, record).items():
        now, when = getattr(record, name), whens.get(name, "always")
        if when == "create" or (when == "blank" and now not in (None, "")) or as_text(now) == as_text(value):
            continue
        if touched and name in touched and not overwrite:
            one.met.append(Said(name, _("Somebody changed it here since (now: “%s”): that stays.") % (as_text_shown(now)), False))
            continue
        one.changes[name], one.before[name] = value, as_text(now)
    if one.changes:
        one.met += _speaking_against(one, record_type, touched)
        _move_due(one, touched)


def _given(one: Ready, record: Any) -> dict[str, Any]:
    """Every field that the file gives a value to; the default unit is no such."""
    given = {**one.values, **one.own}
    if "unit" not in one.draft.values or one.draft.values["unit"] is None or any(s.field == "unit" for s in one.said):
        given.pop("unit", None)
    if one.status:
        given["status"] = one.status
    if one.raised:
        given["created_at"] = one.raised
    if one.owner_text and record.owner_id is None:
        given["owner_text"] = one.owner_text
    return given


def _speaking_against(one: Ready, record_type: RecordType, touched: set[str] | None) -> list[Said]:
    record, since = one.record, bool(touched) or touched is None
    if not record.is_open and since:
        return [Said("reference", _("%s is closed: its content stays as it is. Say what is new in a comment.") % record.number)]
    frozen = record_type.frozen(record) if since else {}
    said = [Said(name, str(sentence)) for name, sentence in frozen.items() if name in one.changes]
    after = {name: getattr(record, name) for name in record_type.fields} | {n: v for n, v in one.changes.items() if n in record_type.fields}
    return said + [Said(r.field, r.sentence) for r in faults(record_type, after) if r.field != "unit"]


def _move_due(one: Ready, touched: set[str] | None) -> None:
    """An old date corrected by a second file is no moved date; one that people work with is."""
    if "due" not in one.changes:
        return
    if one.record.due is None or touched == set():
        one.changes["original_due"] = one.changes["due"]
        one.before["original_due"] = as_text(one.record.original_due)
    else:
        one.changes["due_moves"], one.before["due_moves"] = one.record.due_moves + 1, as_text(one.record.due_moves)


def as_text_shown(value: Any) -> str:
    """A value as it is quoted in a sentence: names of people and units, everything else as text cut short."""
    text = str(value) if hasattr(value, "uid") else as_text(value) or ""
    return text if len(text) <= 80 else text[:79] + "…"


def _find_parents(drafts: Sequence[Ready], standing: Standing, actor: Access) -> None:
    """Set each draft's parent: a draft of the same file, or a record here. A rejected parent rejects what stands under it."""
    in_file = {(one.draft.type, one.draft.reference): one for top in drafts for one in top.family() if one.draft.reference}
    waiting = [one for one in drafts if one.draft.parent and one.outcome == NEW]
    for one in waiting:
        assert one.draft.parent is not None
        key, reference = one.draft.parent
        hits = standing.of(key, reference)
        above = in_file.get((key, reference))
        if above is not None and above is not one:
            one.parent = above
        elif len(hits) == 1:
            one.parent = hits[0]
        else:
            sentence = _("No “%(what)s” with the number “%(ref)s” stands here: bring that first.")
            if hits:
                sentence = _("Several records here have the number “%(ref)s”.")
            one.met.append(Said("parent", sentence % {"what": get_type(key).label(), "ref": reference}))
    while falling := [one for one in waiting if isinstance(one.parent, Ready) and one.parent.blocked and not one.blocked]:
        for one in falling:
            one.met.append(Said("parent", _("The record it belongs to, “%s”, is not taken.") % one.parent.draft.reference))
