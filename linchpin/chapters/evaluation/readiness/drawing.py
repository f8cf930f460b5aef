"""Draw as the auditor does, from the same populations and by the same rule, and say what an auditor asks of each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.visits.sampling import population_among
from linchpin.kernel import commands
from linchpin.kernel.commands.sampling import Member, draw
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, site_of
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import get_type

KEY = "readiness_check"
FIVE = 5
ASKED: dict[str, Any] = {
    "problems_closed": _("Who confirmed that the fix worked, and by what data?"),
    "problems_open": _("Who answers for it, and what happened since it was raised?"),
    "documents_in_force": _("Who approved this revision, and who has confirmed reading it?"),
    "audits": _("What was found, and is every nonconformity closed or its fix agreed?"),
    "actions_done": _("What shows that it was done, and who verified it?"),
    "reports_raised": _("What became of it, and does whoever reported it know?"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One that was drawn: the record as far as the reader may see it, when it was opened, how long it took, and whether its proof was found."""

    uid: str
    number: str
    record: Record | None
    opened: datetime | None
    seconds: int | None
    found: bool | None
    missing: str = ""

    @property
    def took(self) -> str:
        return clock.took(self.seconds or 0)

    @property
    def so_far(self) -> int:
        """Seconds that its clock has run, where it still runs."""
        return max(0, round((clock.now() - self.opened).total_seconds())) if self.opened and self.seconds is None else 0


def draw_five(values: Mapping[str, Any], *, actor: Access, once: str = "") -> Any:
    """Write down what is drawn from and draw five of it, or all that there are, in one go. Raises Refused, NotAllowed."""
    label = dict(get_type(KEY).field("population").flatchoices).get(values.get("population", ""), "")
    with commands.command():
        title = _now("What would an auditor draw? %s") % label
        made = commands.create(KEY, {"title": title, "owner": actor.person, **values}, actor=actor, once=once)
        if not made.looked:
            draw_for(made, actor=actor)
        return type(made)._default_manager.get(pk=made.pk)


def draw_for(check: Any, *, actor: Access) -> None:
    """Draw for a check that stands and has drawn nothing yet. Raises Refused, NotAllowed."""
    if check.looked:
        raise Refused(never(_now("%s has drawn already: begin another, this one stands.") % check.number))
    zone = ZoneInfo(site_of(check.unit).time_zone or "UTC")
    rows = Record.objects.visible_to(actor).filter(unit__path__startswith=check.unit.path).exclude(phase=Phase.VOID)
    of = population_among(rows, datetime.combine(check.since, time(0), zone), check.population)

    def keep(chosen: Sequence[Member]) -> Mapping[str, Any]:
        return {"population_n": len(of.members), "looked": [{"uid": uid, "number": number} for uid, number in chosen]}

    draw(check, of, seed=check.seed, n=min(FIVE, max(1, len(of.members))), actor=actor, keep=keep)


def a_year_ago() -> date:
    day = clock.today()
    return day.replace(year=day.year - 1, day=min(day.day, 28))


def a_seed() -> str:
    """A seed that nobody chose; it is shown, and may be replaced by one's own."""
    return secrets.token_hex(4)


def looks_of(check: Any, access: Access) -> list[Look]:
    """What was drawn, in the order of the draw. One query."""
    seen = {str(r.uid): r for r in Record.objects.visible_to(access).filter(uid__in=[UUID(one["uid"]) for one in check.looked]).select_related("unit")}
    lines = dict(line.split(": ", 1) for line in check.missing.splitlines() if ": " in line)
    return [_look(one, seen.get(one["uid"]), lines.get(one["number"], "")) for one in check.looked]


def _look(one: Mapping[str, Any], record: Record | None, missing: str) -> Look:
    opened = parse_datetime(one["opened"]) if one.get("opened") else None
    return Look(one["uid"], one["number"], record, opened, one.get("seconds"), one.get("found"), missing)
