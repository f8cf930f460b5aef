"""Edit a record's fields, with an optimistic lock on the edited fields alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.commands.creating import problems, unreachable
from linchpin.kernel.commands.due_dates import against_moving, following
from linchpin.kernel.commands.fetching import for_verb, locked, same_values, same_version
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.telling import tell_asked
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import as_text, clean, said
from linchpin.kernel.records.refusals import Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType


def edit(
    record: Any, values: Mapping[str, Any], *, actor: Access, old: Mapping[str, str | None] | None = None, version: int | None = None, reason: str = ""
) -> Any:
    """Set fields. `old` holds, as text, what the person saw in the fields they edit: if that changed, Stale.

    Raises Refused, NotAllowed, Missing, Stale. An edit that changes nothing writes nothing.
    """
    reason = said(reason, "reason")
    with command() as at:
        found, record_type = for_verb(record, "edit", actor)
        same_version(found, version)
        same_values(found, record_type, old or {})
        cleaned = clean(record_type, values, require=set(record_type.needed) & set(values))
        changed = {n: v for n, v in cleaned.items() if as_text(getattr(found, n)) != as_text(v)}
        if not changed:
            return found
        after = {name: getattr(found, name) for name in record_type.fields} | changed
        refusals = [*_frozen(found, record_type, changed), *problems(record_type, after, found), *unreachable(record_type, changed, found)]
        refusals += record_type.against(found, changed, actor)
        refusals += against_moving(found, changed.get("due", found.due), actor, reason)
        if refusals:
            raise Refused(*refusals)
        if "due" in changed:
            changed |= following(found, changed["due"])
        changed |= _derived(found, record_type, changed)
        update(found, record_type, changed, actor=actor, verb="edit", at=at, reason=reason)
        for other, taken_over in record_type.followers(found, changed):
            follower, its_type = locked(other)
            update(follower, its_type, taken_over, actor=actor, verb="edit", at=at, reason=reason)
        tell_asked(found, record_type, changed, actor=actor, at=at)
        settle(found, record_type)
        return found


def _frozen(record: Any, record_type: RecordType, changed: Mapping[str, Any]) -> list[Refusal]:
    if not record.is_open:
        return [never(_("%(number)s is closed: its content stays as it is. Say what is new in a comment.") % {"number": record.number})]
    frozen = record_type.frozen(record)
    return [never(sentence, name) for name, sentence in frozen.items() if name in changed]


def _derived(record: Any, record_type: RecordType, changed: Mapping[str, Any]) -> dict[str, Any]:
    """What the type computes from its fields, judged as the record will stand; the record itself is left as it is."""
    stood = {name: getattr(record, name) for name in changed}
    for name, value in changed.items():
        setattr(record, name, value)
    computed = {n: v for n, v in record_type.derived(record, changed).items() if getattr(record, n) != v}
    for name, value in stood.items():
        setattr(record, name, value)
    return computed
