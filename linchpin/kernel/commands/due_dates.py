"""How a due date moves: with a reason, from the second move on with the next level, and the first date stays visible."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.agreeing import was_never_agreed
from linchpin.kernel.records.refusals import Refusal, never

NEXT_LEVEL = (Role.LINE_MANAGER, Role.QUALITY_MANAGER, Role.TOP_MANAGER)


def moved(record: Any, due: date | None) -> bool:
    """Whether a date that was once set is set anew, or taken away."""
    return due != record.due and (record.due is not None or record.original_due is not None)


def against_moving(record: Any, due: date | None, actor: Access, reason: str) -> list[Refusal]:
    """What speaks against moving the due date. From the second move on it is for the next level, and not for the owner."""
    if not moved(record, due):
        return []
    if due is not None and was_never_agreed(record):
        return [never(_("The old date came with the import: agree on today or a later day."), "due")] if due < clock.today() else []
    if not reason:
        old = (record.due or record.original_due).isoformat()
        return [never(_("Say why the due date moves from %(old)s: the first date stays visible.") % {"old": old}, "due")]
    if record.due_moves and not _is_next_level(record, actor):
        return [never(_("The due date was moved before: a second move is for the line manager or the quality manager."), "due")]
    return []


def _is_next_level(record: Any, actor: Access) -> bool:
    """Nobody is their own next level, unless there is nobody else."""
    manager = record.owner.manager if record.owner_id else None
    if record.owner_id not in (actor.person.pk, actor.acts_as.pk):
        return actor.covers(NEXT_LEVEL, record.unit_id) or (manager is not None and manager.pk == actor.person.pk)
    others: set[Person] = {person for role in NEXT_LEVEL for person in holders(role, record.unit)}
    return actor.covers(NEXT_LEVEL, record.unit_id) and not others - {actor.person} and manager is None


def following(record: Any, due: date | None) -> dict[str, Any]:
    """What changes with a new due date: the first one is kept for ever, every later one is counted; what replaces an imported date is not."""
    if due is not None and was_never_agreed(record):
        return {}
    if moved(record, due):
        return {"due_moves": record.due_moves + 1, "original_due": record.original_due or record.due}
    return {"original_due": record.original_due or due}
