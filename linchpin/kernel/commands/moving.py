"""Move a record along its lifecycle: the one way its status changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.asking.stood_in import stood_in
from linchpin.kernel.commands.creating import problems, unreachable
from linchpin.kernel.commands.due_dates import against_moving, following
from linchpin.kernel.commands.exceptions import declare, may_declare
from linchpin.kernel.commands.fetching import for_verb, same_values, same_version
from linchpin.kernel.commands.judging import acted_for, judge_all
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle, settle_dependents
from linchpin.kernel.commands.signing import Signing, sign
from linchpin.kernel.commands.telling import tell_asked
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may_move
from linchpin.kernel.records.cleaning import as_text, clean, said
from linchpin.kernel.records.lifecycle import ASKED, Transition
from linchpin.kernel.records.refusals import Kind, NotAllowed, Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.trail import Change


@dataclass(frozen=True)
class Offer:
    """A move that stands open from here: whether this person may make it, and what still speaks against it."""

    transition: Transition
    allowed: bool
    refusals: list[Refusal] = field(default_factory=list)
    declarable: bool = False

    @property
    def blocked(self) -> bool:
        return any(r.kind == Kind.NEVER for r in self.refusals) or (self.needs_exception and not self.declarable)

    @property
    def needs_exception(self) -> bool:
        return any(r.kind == Kind.SECOND_PERSON for r in self.refusals)


def offers(record: Any, record_type: RecordType, actor: Access) -> list[Offer]:
    """Every move from the record's state that people make, judged as the record stands.

    Refusals that speak of a field which the move itself asks for are left out: the form will fill it in.
    """
    answer, before = [], acted_for(record, actor)
    for transition in record_type.lifecycle.moves_from(record.status):
        if transition.automatic:
            continue
        refusals = [r for r in judge_all(record, transition, actor, before) if r.field not in transition.asks or not r.field]
        declarable = actor.through is None and all(may_declare(r, actor.person) for r in refusals if r.kind == Kind.SECOND_PERSON)
        answer.append(Offer(transition, may_move(actor, transition, record), refusals, declarable))
    return answer


def move(
    record: Any,
    name: str,
    *,
    actor: Access,
    values: Mapping[str, Any] | None = None,
    old: Mapping[str, str | None] | None = None,
    reason: str = "",
    version: int | None = None,
    passed: bool = False,
    exception: str = "",
    signing: Signing | None = None,
) -> Any:
    """Make the move `name`, with the fields it asks for. Gives the record as it then stands.

    `old`: what the person saw, as text, in fields and under `status`; if that changed, Stale.
    `passed`: advice (class C) was read and passed. `exception`: the reason of a declared exception (class B).
    Raises Refused, NotAllowed, Missing, Stale.
    """
    reason, exception = said(reason, "reason"), said(exception, "exception")
    with command() as at:
        found, record_type = for_verb(record, "read", actor)
        same_version(found, version)
        same_values(found, record_type, old or {})
        transition = _transition(found, record_type, name, actor)
        before = _apply(found, record_type, transition, dict(values or {}), reason, actor)
        refusals = judge_all(found, transition, actor)
        _refuse(refusals, actor, passed, exception)
        _make(found, record_type, transition, before, actor, reason, at, refusals, exception, signing)
        return found


def _transition(record: Any, record_type: RecordType, name: str, actor: Access) -> Transition:
    transition = record_type.lifecycle.transition(name)
    if transition is None or transition.automatic:
        raise Refused(_("There is no move “%s”.") % name)
    if record.status not in transition.source:
        raise Refused(
            _("“%(move)s” is not possible while %(number)s is “%(status)s”.")
            % {"move": transition.label, "number": record.number, "status": record_type.lifecycle.label(record.status)}
        )
    if not may_move(actor, transition, record):
        raise NotAllowed(_("“%(move)s” is for: %(who)s.") % {"move": transition.label, "who": _people(transition)})
    return transition


def _people(transition: Transition) -> str:
    asked = _("whoever is asked")
    return ", ".join(dict.fromkeys(asked if name.startswith(ASKED) else name.replace("_", " ") for name in transition.by))


def _apply(
    record: Any, record_type: RecordType, transition: Transition, values: dict[str, Any], reason: str, actor: Access
) -> dict[str, Any]:
    """Put the asked-for values on the record; give what stood there before."""
    if strangers := [name for name in values if name not in transition.asks]:
        raise Refused(*(never(_("“%s” is not asked for in this move.") % name, name) for name in strangers))
    needs = [name for name in transition.needs if name in values or getattr(record, name) in (None, "")]
    cleaned = clean(record_type, values, require=needs)
    before = {name: getattr(record, name) for name in cleaned}
    after = {name: getattr(record, name) for name in record_type.fields} | cleaned
    changed = {name: value for name, value in cleaned.items() if as_text(before[name]) != as_text(value)}
    refusals = problems(record_type, after, record) + record_type.against(record, changed, actor)
    refusals += unreachable(record_type, changed, record)
    refusals += against_moving(record, cleaned.get("due", record.due), actor, reason)
    if transition.reason and not reason:
        refusals.append(never(_("Say why: a reason belongs to this move."), "reason"))
    if refusals:
        raise Refused(*refusals)
    for name, value in cleaned.items():
        setattr(record, name, value)
    return before


def _refuse(refusals: list[Refusal], actor: Access, passed: bool, exception: str) -> None:
    blocking = []
    for refusal in refusals:
        if refusal.kind == Kind.ADVICE and passed:
            continue
        if refusal.kind == Kind.SECOND_PERSON and exception and actor.through is None and may_declare(refusal, actor.person):
            continue
        blocking.append(refusal)
    if blocking:
        raise Refused(*blocking)


def _make(
    record: Any,
    record_type: RecordType,
    transition: Transition,
    before: dict[str, Any],
    actor: Access,
    reason: str,
    at: datetime,
    refusals: list[Refusal],
    exception: str,
    signing: Signing | None,
) -> None:
    after = _outcome(record, record_type, transition, before, actor)
    also = [Change("passed_advice", None, r.sentence, True) for r in refusals if r.kind == Kind.ADVICE]
    for refusal in refusals:
        if refusal.kind == Kind.SECOND_PERSON:
            declare(record, refusal, exception, actor=actor, at=at)
            after["exceptions"] = after.get("exceptions", record.exceptions) + 1
            also.append(Change("declared_exception", None, f"{refusal.sentence} {exception}", True))
    update(record, record_type, after, actor=actor, verb=transition.name, at=at, reason=reason, also=also)
    if transition.signature:
        sign(record, record_type, transition, actor=actor, signing=signing, at=at)
    if transition.then:
        transition.then(record, actor)
    tell_asked(record, record_type, after, actor=actor, at=at)
    settle(record, record_type)
    settle_dependents(record, record_type)


def _outcome(
    record: Any, record_type: RecordType, transition: Transition, before: dict[str, Any], actor: Access
) -> dict[str, Any]:
    """All values that the move sets; the record is put back as it stood."""
    stood = {name: getattr(record, name) for name in (*record_type.own_fields, *record_type.fields, "original_due")} | before
    duties = [name.removeprefix(ASKED) for name in transition.by if name.startswith(ASKED)]
    if transition.effect:
        transition.effect(record, actor.acts_as if duties else actor.person)
    if duties and actor.on_behalf_of:
        stood_in(record, duties, actor.on_behalf_of, actor.person)
    for name, value in record_type.derived(record, before).items():
        setattr(record, name, value)
    after = {}
    for name, old in stood.items():
        new = getattr(record, name)
        if as_text(new) != as_text(old):
            after[name] = new
        setattr(record, name, old)
    after["status"] = transition.target_from(record.status)
    after["phase"] = record_type.lifecycle.phase(after["status"])
    if "due" in before and "due" in after:
        after |= following(record, after["due"])
    elif "due" in after:  # the move itself sets or lifts the date: nobody moved it
        after.setdefault("original_due", record.original_due or after["due"])
    return after
