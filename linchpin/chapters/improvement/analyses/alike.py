"""Problems like the one that is analyzed, counted by group of causes or by place, from the largest down: where to look first, and what that does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.filters import filters_of, where
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import get_type

if TYPE_CHECKING:
    from linchpin.statistics.pareto import Pareto

PROBLEM = "nonconformity"
LIKE = ("process", "unit", "place", "source")
BY = ("cause_group", "place", "process", "source")
PERIODS = {"12": gettext_lazy("the last 12 months"), "24": gettext_lazy("the last 24 months"), "all": gettext_lazy("all the time on record")}
TYPED = ("line", "choice")
"""Kinds of fields of the house by which problems are alike, where they filter."""
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """In what problems are like this one, what they are counted by, and how far back."""

    like: tuple[str, ...]
    by: str
    period: str

    @property
    def since(self) -> date | None:
        return None if self.period == "all" else clock.today() - timedelta(days=round(int(self.period) * 30.4375))


@dataclass(frozen=True, slots=True)
class Bar:
    """One group with its share of all in percent, the interval of the share, and where its rows stand in the register."""

    name: str
    n: int
    share: float
    lower: float
    upper: float
    cumulative: float
    query: str


@dataclass(frozen=True)
class Alike:
    """The answer to a question as far as this person may read: `without` say nothing about what is counted by."""

    question: Question
    offered: Mapping[str, tuple[str, str]]
    """What problems may be like this one in: label and this one's value, by field."""
    counted: Mapping[str, int]
    without: int
    chosen: Mapping[str, Sequence[str]]

    @cached_property
    def pareto(self) -> Pareto | None:
        from linchpin.statistics.pareto import pareto

        return pareto(self.counted) if self.counted else None

    @property
    def n(self) -> int:
        return sum(self.counted.values())

    @property
    def by_label(self) -> str:
        return get_type(PROBLEM).field_label(self.question.by)

    @property
    def bars(self) -> list[Bar]:
        if self.pareto is None:
            return []
        named = dict(filters_of(get_type(PROBLEM))[self.question.by].choices)
        return [
            Bar(named.get(c.name, c.name), int(c.amount), c.share.value, c.share.lower, c.share.upper, c.cumulative, self._query(c.name))
            for c in self.pareto.causes[:MOST_BARS]
        ]

    @property
    def more(self) -> tuple[int, int]:
        """How many groups are not drawn, and how many problems they hold."""
        rest = self.pareto.causes[MOST_BARS:] if self.pareto else ()
        return len(rest), int(sum(cause.amount for cause in rest))

    def _query(self, value: str) -> str:
        return urlencode({**self.chosen, self.question.by: [value], "phase": ["open", "done"]}, doseq=True)


def asked_of(analysis: Any, access: Access, given: Mapping[str, Sequence[str]]) -> Question:
    """The question as somebody asked it; what they left open is the same process (without one, unit), by group of causes, of two years. Raises Refused."""
    offered = list(offered_by(analysis, access))
    like = tuple(dict.fromkeys(given.get("like", offered[:1])))
    by, period = (next(iter(given.get(name, ())), usual) for name, usual in (("by", BY[0]), ("period", "24")))
    for name, values, known in (("like", like, offered), ("by", (by,), BY), ("period", (period,), PERIODS)):
        if unknown := [value for value in values if value not in known]:
            raise Refused(never(_("“%(value)s” is not one of: %(known)s.") % {"value": unknown[0], "known": ", ".join(known)}, name))
    return Question(like, by, period)


def offered_by(analysis: Any, access: Access) -> dict[str, tuple[str, str, str]]:
    """In what problems can be like this one: (label, value in words, value of the filter) by field, where this one says something."""
    kind = get_type(PROBLEM)
    manager: Any = kind.model._default_manager
    problem = manager.visible_to(access).select_related("unit").filter(pk=analysis.parent_id).first()
    unit = (problem or analysis).unit
    offered = {"unit": (kind.field_label("unit"), unit.name, str(unit.pk))}
    if problem is None:
        return offered
    filters = filters_of(kind)
    house = [name for name, field in kind.added.items() if field.custom.filtered and field.custom.kind in TYPED]
    for name in (*LIKE, *house):
        if name != "unit" and (value := str(getattr(problem, name) or "")):
            offered[name] = (kind.field_label(name), filters[name].says([value]), value)
    return {name: offered[name] for name in (*LIKE, *house) if name in offered}


def alike(analysis: Any, question: Question, access: Access) -> Alike:
    """Counted in one statement, whatever their number; void ones left out."""
    offered, kind = offered_by(analysis, access), get_type(PROBLEM)
    chosen = {name: [offered[name][2]] for name in question.like}
    if question.since:
        chosen["since"] = [question.since.isoformat()]
    common, own = where(kind, chosen, access)
    manager: Any = kind.model._default_manager
    rows = manager.visible_to(access).exclude(phase="void").filter(common & own)
    found = dict(rows.order_by().values_list(question.by).annotate(n=Count("pk")))
    without = found.pop("", 0)
    return Alike(question, {name: (label, text) for name, (label, text, _value) in offered.items()}, found, without, chosen)
