"""Close a unit: top management's, with nothing left open in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linchpin.kernel.commands.fetching import locked
from linchpin.kernel.commands.organizing import write_down
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.sound_subjects import OPEN, sound
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role, Unit
from linchpin.kernel.records.cleaning import active, said
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.trail import Change


def close_unit(unit: Unit, *, actor: Access, move_to: Unit | None = None, reason: str = "") -> Unit:
    """Close the unit; with `move_to` its open records go there in the same step. Raises Refused, NotAllowed."""
    reason = said(reason, "reason")
    with command() as at:
        if not (actor.person.is_system or actor.covers((Role.TOP_MANAGER,), unit.pk)):
            raise NotAllowed(_("A unit is closed by top management."))
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if row.state == Unit.State.CLOSED:
            raise Refused(never(_("%s is closed already.") % row, "state"))
        if move_to is not None:
            _move_open(row, move_to, actor, reason)
        before, row.state = row.state, Unit.State.CLOSED
        sound(row, {})
        write_down(row, "close", [Change("state", before, row.state)], actor.person, at, reason)
        return row


def _move_open(unit: Unit, move_to: Unit, actor: Access, reason: str) -> None:
    if not active(move_to) or move_to.pk == unit.pk:
        raise Refused(never(_("%s cannot take its records: choose a unit that stays.") % move_to, "move_to"))
    with command() as at:
        for pk in Record.objects.filter(unit=unit, phase__in=OPEN).order_by("id").values_list("pk", flat=True):
            record, record_type = locked(Record(pk=pk))
            update(record, record_type, {"unit": move_to}, actor=actor, verb="edit", at=at, reason=reason)
