"""Loading a demonstration: its people are let in, then each record type's stories are played through commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from linchpin.demonstration.company.gathering import gather
from linchpin.demonstration.packs import PACKS, Pack
from linchpin.demonstration.timeline import play
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization, Unit
from linchpin.kernel.people.stage import Stage
from linchpin.kernel.records.refusals import Refused

SEED = 9001


@dataclass(frozen=True)
class Loaded:
    """What was made. `records` are the told ones, by the slug that also stands in their `reference`."""

    records: dict[str, Any]
    people: dict[str, Access]
    units: dict[str, Unit]
    parts: int = field(compare=False)


def load(pack: str = "dunmallow", *, passed: Callable[[int], Any] = lambda _percent: None) -> Loaded:
    """Load one of the demonstrations into this empty installation, as of today, in one transaction. `passed` hears how many percent are played.

    Raises Refused when there is an organization already.
    """
    if Organization.objects.exists():
        raise Refused(_("This installation has its organization already."))
    until = clock.now()
    stage, told = Stage(clock.today(), {}, {}, SEED), PACKS[pack]
    with command(), clock.standing_at(_beginning(stage, told)):
        gather(stage, told)
        parts = play(told.plays(stage), until, passed)
    return Loaded(dict(sorted(stage.records.items())), stage.people, stage.units, parts)


def _beginning(stage: Stage, told: Pack) -> datetime:
    return datetime.combine(stage.day(told.begins), time(9), UTC)
