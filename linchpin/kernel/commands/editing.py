"""Edit a record's fields, with an optimistic lock on the edited fields alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.commands.creating import problems
from linchpin.kernel.commands.fetching import for_verb, same_version
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.telling import tell_owner
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.cleaning import as_text, clean
from linchpin.kernel.records.refusals import Refusal, Refused, Stale, never
from linchpin.kernel.records.registry import RecordType


def edit(
    record: Any,
    values: Mapping[str, Any],
    *,
    actor: Access,
    old: Mapping[str, str | None] | None = None,
    version: int | None = None,
    reason: str = "",
) -> Any:
    """Set fields. `old` holds, as text, what the person saw in the fields they edit: if that changed, Stale.

    Raises Refused, NotAllowed, Missing, Stale. An edit that changes nothing writes nothing.
    """
    with command() as at:
        found, record_type = for_verb(record, "edit", actor)
        same_version(found, version)
        _not_stale(found, record_type, old or {})
        cleaned = clean(record_type, values, require=set(record_type.required) & set(values))
        changed = {n: v for n, v in cleaned.items() if as_text(getattr(found, n)) != as_text(v)}
        if not changed:
            return found
        after = {name: getattr(found, name) for name in record_type.fields} | changed
        refusals = [*_frozen(found, record_type, changed), *problems(record_type, after, found)]
        refusals += _due_moved(found, changed.get("due", found.due), actor, reason)
        if refusals:
            raise Refused(*refusals)
        if "due" in changed:
            changed |= _moved_due(found, changed["due"])
        update(found, record_type, changed, actor=actor, verb="edit", at=at, reason=reason)
        if "owner" in changed:
            tell_owner(found, record_type, actor=actor, at=at)
        settle(found, record_type)
        return found


def _not_stale(record: Any, record_type: RecordType, old: Mapping[str, str | None]) -> None:
    now = {n: as_text(getattr(record, n)) for n in old if n in record_type.fields}
    theirs = {name: text for name, text in now.items() if (text or "") != (old[name] or "")}
    if theirs:
        raise Stale(
            *(
                never(_("“%s” was changed by somebody else while you wrote: both texts are shown.") % record_type.field_label(n), n)
                for n in theirs
            ),
            theirs=theirs,
        )


def _frozen(record: Any, record_type: RecordType, changed: Mapping[str, Any]) -> list[Refusal]:
    if not record.is_open:
        return [never(_("%(number)s is closed: its content stays as it is. Say what is new in a comment.") % {"number": record.number})]
    frozen = record_type.frozen(record)
    return [never(sentence, name) for name, sentence in frozen.items() if name in changed]


def _due_moved(record: Any, due: date | None, actor: Access, reason: str) -> list[Refusal]:
    if record.due is None or due == record.due:
        return []
    if not reason.strip():
        return [never(_("Say why the due date moves from %(old)s: the first date stays visible.") % {"old": record.due.isoformat()}, "due")]
    next_level = (Role.QUALITY_MANAGER, Role.LINE_MANAGER, Role.TOP_MANAGER)
    if record.due_moves and not actor.covers(next_level, record.unit_id):
        return [never(_("The due date was moved before: a second move is for the line manager or the quality manager."), "due")]
    return []


def _moved_due(record: Any, due: date | None) -> dict[str, Any]:
    if record.due is None:
        return {"original_due": record.original_due or due}
    return {"due_moves": record.due_moves + 1}
