"""Name every unit in the program's reach that it does not look at yet."""

from __future__ import annotations

from typing import Any

from linchpin.kernel.commands import create
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit


def take_units_in(program: Any, *, actor: Access) -> list[Any]:
    """An area of medium importance for each department that has none; teams belong to theirs. Raises Refused, NotAllowed."""
    with command():
        named = set(program.children.filter(type="audited_area").exclude(phase="void").values_list("unit__path", flat=True))
        within = Unit.objects.filter(state=Unit.State.ACTIVE, in_scope=True, path__startswith=program.unit.path)
        units = list(within.exclude(kind=Unit.Kind.TEAM).order_by("path"))
        parents = {unit.parent_id for unit in units}
        missing = [unit for unit in units if unit.pk not in parents and unit.path not in named]
        return [create("audited_area", {"title": unit.name, "unit": unit, "owner": program.owner}, actor=actor, parent=program) for unit in missing]
