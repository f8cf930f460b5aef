"""Loading a demonstration: its people are let in, then each record type's stories are played through commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.installed import TYPES
from linchpin.demonstration.company.adding import additions
from linchpin.demonstration.company.gathering import gather
from linchpin.demonstration.company.happenings import happenings
from linchpin.demonstration.timeline import play
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization, Unit
from linchpin.kernel.people.stage import Play, Stage
from linchpin.kernel.records.refusals import Refused

SEED = 9001
BEGINS = -24.5
"""Months before the day of loading."""


@dataclass(frozen=True)
class Loaded:
    """What was made. `records` are the told ones, by the slug that also stands in their `reference`."""

    records: dict[str, Any]
    people: dict[str, Access]
    units: dict[str, Unit]
    parts: int = field(compare=False)


def load() -> Loaded:
    """Load the demonstration into this empty installation, as of today, in one transaction.

    Raises Refused when there is an organization already.
    """
    if Organization.objects.exists():
        raise Refused(_("This installation has its organization already."))
    until = clock.now()
    stage = Stage(clock.today(), {}, {}, SEED)
    with command(), clock.standing_at(_beginning(stage)):
        gather(stage)
        parts = play([*happenings(stage), *additions(stage), *_stories(stage)], until)
    return Loaded(dict(sorted(stage.records.items())), stage.people, stage.units, parts)


def _beginning(stage: Stage) -> datetime:
    return datetime.combine(stage.day(BEGINS), time(9), UTC)


def _stories(stage: Stage) -> list[Play]:
    """Every installed type tells its part, in the standard's order."""
    return [story for name in TYPES for story in import_module(f"{name}.demo").stories(stage)]
