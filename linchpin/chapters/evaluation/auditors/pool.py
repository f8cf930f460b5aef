"""The pool of auditors: who may audit on a day, and who may not, as audits and their program ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linchpin.chapters.evaluation.auditors.models import AuditCompetence
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person

IN_FORCE, JUDGED = "valid", ("valid", "withdrawn")


@dataclass(frozen=True, slots=True)
class Pool:
    """Every competence that was ever judged here, as (auditor, level, last day, status)."""

    rows: tuple[tuple[int, str, date, str], ...]

    @property
    def is_kept(self) -> bool:
        """Until the house has judged its first auditor, nobody is refused for want of a competence."""
        return bool(self.rows)

    def competent_on(self, day: date, *, leads: bool = False) -> frozenset[int]:
        """Ids of the people who may audit on that day, or lead an audit."""
        levels = (AuditCompetence.Level.LEADS,) if leads else AuditCompetence.Level.values
        return frozenset(who for who, level, until, status in self.rows if status == IN_FORCE and until >= day and level in levels)

    def lacking(self, lead: Person | None, second: Person | None, day: date) -> list[tuple[Person, bool]]:
        """Those of an audit's people whose competence does not reach to the day, each with whether they were to lead."""
        if not self.is_kept:
            return []
        parts = [(person, leads) for person, leads in ((lead, True), (second, False)) if person is not None]
        return [(person, leads) for person, leads in parts if person.pk not in self.competent_on(day, leads=leads)]


def pool() -> Pool:
    """The pool as it stands. One query."""
    return Pool(tuple(AuditCompetence.objects.filter(status__in=JUDGED).values_list("auditor_id", "level", "valid_until", "status")))


def listed(access: Access) -> list[AuditCompetence]:
    """Every competence proposed or in force that the reader may see, the nearest last day first."""
    rows = AuditCompetence.objects.visible_to(access).filter(status__in=("proposed", IN_FORCE))
    return list(rows.select_related("auditor", "judged_by").order_by("valid_until", "pk"))
