"""Numbers that the house decides for itself, within what is sensible: top management sets them, the organization's trail keeps each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from linchpin.kernel import trail
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization, Role
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.refusals import NotAllowed, Refused, never


@dataclass(frozen=True, slots=True)
class HouseRule:
    """A field of the organization that holds a number: what it says, and the smallest and largest that it may be."""

    sentence: Any
    counted: Any
    """What the number counts, in the plural that it asks for."""
    least: int
    most: int


RULES: Mapping[str, HouseRule] = {
    "take_over_after": HouseRule(
        gettext_lazy("An approval that nobody answers may be taken over by the next in charge."),
        ngettext_lazy("%(n)s working day", "%(n)s working days", "n"), 1, 60,
    ),
}  # fmt: skip


def house_rule(name: str) -> int:
    """The number as it now stands."""
    return int(Organization.objects.values_list(name, flat=True)[0])


def decide_rule(name: str, number: int, *, actor: Access, reason: str = "") -> int:
    """Top management sets the number. Raises Refused, NotAllowed."""
    reason, rule = said(reason, "reason"), RULES.get(name)
    with command() as at:
        if not (actor.has(Role.TOP_MANAGER) and actor.through is None):
            raise NotAllowed(_("The rules of the house are for top management to decide."))
        if rule is None:
            raise Refused(never(_("There is no such rule: choose one of the list."), "rule"))
        if not rule.least <= number <= rule.most:
            raise Refused(never(_("Choose a number from %(least)s to %(most)s.") % {"least": rule.least, "most": rule.most}, name))
        organization = Organization.objects.select_for_update().get()
        before = getattr(organization, name)
        if before == number:
            raise Refused(never(_("This is what holds already."), name))
        setattr(organization, name, number)
        change = trail.Change(f"rule.{name}", str(before), str(number))
        trail.append(organization, "organization", record_id=None, actor=actor.person, verb="decide", changes=[change], reason=reason, at=at)
        organization.save(update_fields=[name, "head", "sequence"])
        return number
