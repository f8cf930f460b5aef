"""Reminders begin in a unit when its head says so, and pause when they say so."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role, Unit
from linchpin.kernel.records.cleaning import as_text, said
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.trail import Change

STARTING = (Role.LINE_MANAGER, Role.QUALITY_MANAGER, Role.TOP_MANAGER)
"""Who lets reminders begin in a unit: its head (who is line manager there), the quality manager, top management."""


def let_remind(unit: Unit, on: bool, *, actor: Access, reason: str = "") -> Unit:
    """Let reminders and escalation begin in the unit and everything below it, or pause them. Raises Refused, NotAllowed."""
    reason = said(reason, "reason")
    with command() as at:
        if not (actor.person.is_system or actor.covers(STARTING, unit.pk)):
            raise NotAllowed(_("Reminders are begun and paused by the head of the unit or the quality manager."))
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if on == (row.reminds_since is not None):
            sentence = _("Reminders of %s have begun already.") if on else _("Reminders of %s have not begun, or began with a unit above it.")
            raise Refused(never(sentence % row))
        before, row.reminds_since = row.reminds_since, at if on else None
        change = Change("reminds_since", as_text(before), as_text(row.reminds_since))
        write_down(row, "start_reminding" if on else "pause_reminding", [change], actor.person, at, reason)
        return row
