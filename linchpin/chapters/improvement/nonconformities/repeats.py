"""Whether a problem came back: the same requirement, in the same process or unit, within twelve months."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Value
from django.db.models.functions import Substr, Upper

from linchpin.kernel.records.literal import Literal

BEGINNING = 100
"""So many letters of a requirement are in an index: whole texts may be too long for one."""
REPEAT_WITHIN = timedelta(days=365)
FIELDS = frozenset({"requirement", "process", "unit", "prior_reference"})
"""What the answer follows from."""


def names_last_time(nc: Any) -> bool:
    """Whether its “Last time it was” names something."""
    return str(nc.prior_reference).strip(" -/").casefold() not in ("", "n/a", "none", "na")


def is_repeat(nc: Any) -> bool:
    """Whether it names last time, or the same requirement failed before it in the same process (or, without one, unit)."""
    if names_last_time(nc):
        return True
    if not nc.requirement.strip():
        return False
    wanted = nc.requirement.strip()
    alike = type(nc)._default_manager.alias(begins=_beginning("requirement")).filter(begins=_beginning(Value(wanted)), requirement__iexact=wanted)
    earlier = alike.filter(created_at__gte=nc.created_at - REPEAT_WITHIN, created_at__lt=nc.created_at).exclude(phase="void")
    same = earlier.filter(process=nc.process) if nc.process else earlier.filter(unit_id=nc.unit_id)
    return bool(same.exists())


def _beginning(text: Any) -> Upper:
    return Upper(Substr(text, Literal(1), Literal(BEGINNING)))
