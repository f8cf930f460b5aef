"""At most five true things that somebody's own files say about themselves. Each is one exact count, n of N, and opens its rows."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.chapters.improvement.actions.models import Action
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.exchange.importable import importable
from linchpin.exchange.models import Import, StagedRow, Taken
from linchpin.exchange.reading.dates import plain
from linchpin.exchange.reading.headers import Table, find_table, normal
from linchpin.exchange.reading.mapping import HARDLY, KEY_WORDS
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.reading.shapes import Profile
from linchpin.exchange.reading.sources import Book, is_blank
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.models import Phase, Provenance, Record

MOST = 5
BLAMED = (
    "human", "operator", "operators", "worker", "workers", "employee", "employees", "staff", "personnel", "person", "people", "inspector", "carelessness",
    "careless", "inattention", "negligence", "forgot", "forgotten", "distraction", "menschlicher", "menschliches", "mitarbeiter", "bediener",
    "bedienfehler", "unachtsamkeit", "fluchtigkeitsfehler", "humano", "humana", "operador", "descuido", "cloveska", "napaka",
)  # fmt: skip
ALSO_SAID = (
    "error", "errors", "mistake", "mistakes", "failure", "fault", "factor", "factors", "lack", "of", "by", "the", "a", "an", "due", "to", "and", "was", "made",
    "not", "attention", "paying", "fehler", "fehlers", "versagen", "durch", "von", "des", "der", "erro", "falha", "do", "da", "de", "root", "cause", "in",
    "simple",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """n of N records of one type, by their ids; `rows` are the lines of a file where they never became records."""

    type: str
    ids: frozenset[int]
    among: int
    source: Import | None = None
    rows: frozenset[int] = frozenset()

    @property
    def n(self) -> int:
        return len(self.rows) if self.source else len(self.ids)


@dataclass(slots=True)
class Finding:
    """One sentence about the files, and the counts behind it, each of which opens its rows."""

    key: str
    title: str
    says: str
    counted: list[Counted] = field(default_factory=list)


def findings(sources: Sequence[Import], *, actor: Access) -> list[Finding]:
    """The findings about what these imports brought and the person may see, those that change most first. None where there is none."""
    records = brought_by(sources, actor)
    found = [make(records) for make in (blamed, came_back, nobodys, overdue)]
    found += [impossible_dates(records, sources), used_twice(sources)]
    return [one for one in found if one is not None][:MOST]


def brought_by(sources: Sequence[Import], actor: Access) -> Any:
    """The records that the imports made, changed or found, without those that were voided since."""
    taken = Taken.objects.filter(source__in=sources).values("record_id")
    return Record.objects.visible_to(actor).filter(pk__in=taken, provenance=Provenance.IMPORTED).exclude(phase=Phase.VOID)


def names_only_a_person(cause: str) -> bool:
    """Whether a cause says nothing but who: “Human error”, “Operator's mistake”, “Lack of attention by the operator”."""
    words = re.findall(r"[^\W\d_]+", plain(cause).replace("'s", "").replace("’s", ""))
    return bool(words) and bool(set(words) & set(BLAMED) or words == ["lack", "of", "attention"]) and set(words) <= {*BLAMED, *ALSO_SAID}


def blamed_ids(records: Any) -> tuple[frozenset[int], int]:
    """Problems whose cause names only a person, of those that name a cause."""
    causes = Nonconformity.objects.filter(pk__in=records.filter(type="nonconformity").values("pk")).exclude(cause="").values_list("pk", "cause")
    said = [(pk, cause) for pk, cause in causes.iterator() if cause.strip()]
    return frozenset(pk for pk, cause in said if names_only_a_person(cause)), len(said)


def blamed(records: Any) -> Finding | None:
    ids, among = blamed_ids(records)
    if not ids:
        return None
    says = _("A cause that only names a person cannot be removed. Ask what made the mistake easy, or hard to see.")
    return Finding("blamed", _("Causes that name only a person"), says, [Counted("nonconformity", ids, among)])


def came_back_ids(records: Any) -> tuple[frozenset[int], int]:
    """Problems that name an earlier one, or failed the same requirement in the same place within twelve months; of all problems."""
    problems = Nonconformity.objects.filter(pk__in=records.filter(type="nonconformity").values("pk"))
    return frozenset(problems.filter(repeat=True).values_list("pk", flat=True)), problems.count()


def came_back(records: Any) -> Finding | None:
    ids, among = came_back_ids(records)
    if not ids:
        return None
    says = _("They name an earlier problem, or the same requirement failed in the same place within twelve months: the fix did not hold.")
    return Finding("came_back", _("Problems that came back"), says, [Counted("nonconformity", ids, among)])


def nobodys_ids(records: Any, key: str) -> tuple[frozenset[int], int]:
    """Open records of the type whose owner has left, is a name that nobody here bears, or is missing; of all open ones."""
    open_ones = records.filter(type=key, phase__in=(Phase.DRAFT, Phase.OPEN))
    nobody = open_ones.filter(Q(owner=None) | Q(owner__state=Person.State.LEFT))
    return frozenset(nobody.values_list("pk", flat=True)), open_ones.count()


def nobodys(records: Any) -> Finding | None:
    counted = _per_type(records, nobodys_ids)
    if not counted:
        return None
    ids = frozenset().union(*(one.ids for one in counted))
    rows = list(Record.objects.filter(pk__in=ids).values_list("owner__state", "owner_text"))
    left, named = sum(state == Person.State.LEFT for state, _text in rows), sum(state is None and bool(text) for state, text in rows)
    parts = [
        ngettext("%s names somebody whom nobody here knows", "%s name somebody whom nobody here knows", named) % named if named else "",
        ngettext("%s belongs to somebody who has left", "%s belong to somebody who has left", left) % left if left else "",
        ngettext("%s names nobody", "%s name nobody", len(rows) - named - left) % (len(rows) - named - left) if len(rows) > named + left else "",
    ]
    return Finding("nobodys", _("Open, and nobody’s"), "; ".join(part for part in parts if part) + ".", counted)


def overdue_ids(records: Any, key: str) -> tuple[frozenset[int], int]:
    """Open records of the type whose date is past; of those open ones that have a date."""
    dated = records.filter(type=key, phase__in=(Phase.DRAFT, Phase.OPEN)).exclude(due=None)
    return frozenset(dated.filter(due__lt=clock.today()).values_list("pk", flat=True)), dated.count()


def overdue(records: Any) -> Finding | None:
    counted = _per_type(records, overdue_ids)
    if not counted:
        return None
    ids = frozenset().union(*(one.ids for one in counted))
    late = sorted((clock.today() - due).days for due in Record.objects.filter(pk__in=ids).values_list("due", flat=True))
    words = {"n": len(late), "middle": int(statistics.median(late)), "longest": late[-1]}
    says = _("Half of them for %(middle)s days or more, the longest for %(longest)s (n %(n)s). Agree new dates, or close what is done.") % words
    return Finding("overdue", _("Open beyond their date"), says, counted)


def impossible_ids(records: Any, key: str) -> tuple[frozenset[int], int]:
    """Records of the type that were done, or due, before the day on which their file says they were raised; of those for which it says one."""
    dated = Taken.objects.filter(staged__draft__type=key, staged__draft__values__has_key="created_at")
    rows = records.filter(type=key, pk__in=dated.values("record_id"))
    done = dict(Action.objects.filter(pk__in=rows.values("pk")).exclude(done_on=None).values_list("pk", "done_on")) if key == "action" else {}
    odd, among = set(), 0
    for pk, raised, due in rows.values_list("pk", "created_at", "original_due").iterator():
        among, day, closed = among + 1, _day(raised), done.get(pk)
        if (due and due < day) or (closed and (closed < day or closed > clock.today())):
            odd.add(pk)
    return frozenset(odd), among


def impossible_rows(source: Import) -> frozenset[int]:
    """Lines of the file that could not be taken because of a day that is none, lies in the future or before another."""
    fields = importable()
    odd = set()
    for row, problems in source.rows.filter(outcome=StagedRow.Outcome.REJECTED).values_list("row", "problems"):
        for problem in problems:
            below, _colon, name = problem["field"].rpartition(":")
            known = fields.get(below or source.type, {}).get(name)
            if problem["blocking"] and known and known.kind in ("date", "datetime"):
                odd.add(row)
    return frozenset(odd)


def impossible_dates(records: Any, sources: Sequence[Import]) -> Finding | None:
    counted = _per_type(records, impossible_ids)
    counted += _in_files(sources, impossible_rows)
    says = _("Done or due before they were raised, in the future, or on a day that the calendar does not have. Correct them while somebody still knows.")
    return Finding("dates", _("Dates that cannot be"), says, counted) if counted else None


def numbers_used_twice(table: Table, profile: Profile) -> list[int]:
    """Lines whose own number stands in another line too. The own number is the key, or else one of the first two columns that is called a
    number and hardly ever repeats; lines that somebody said are one record are not meant."""
    if profile.key and profile.repeated == "merge":
        return []
    of_others = {profile.parent.column} if profile.parent else set()
    for column in table.columns:
        named = column.header in profile.key if profile.key else column.index <= 1 and bool(KEY_WORDS & set(normal(column.header).split()))
        if not named or column.header in of_others:
            continue
        cells = [(row, str(cell).strip().casefold()) for row, cell in enumerate(table.column(column.index), table.header_row + 1) if not is_blank(cell)]
        count = Counter(cell for _row, cell in cells)
        if len(count) >= HARDLY * len(cells):
            return [row for row, cell in cells if count[cell] > 1]
    return []


def look_for_twice(source: Import, book: Book) -> None:
    """Note the lines of the accepted file whose number is used twice, because reading it again for every look would take long."""
    profile = loads(source.profile)
    sheet = profile.sheet if profile.sheet in {one.name for one in book.sheets} else ""
    known = [header for column in profile.columns for header in column.known_by]
    table = find_table(book.cells(sheet if book.inspected.kind == "xlsx" else ""), profile.header_row, known)
    source.notes = source.notes | {"twice": numbers_used_twice(table, profile)}
    with writing():
        Import.objects.filter(pk=source.pk).update(notes=source.notes)


def twice_rows(source: Import) -> frozenset[int]:
    """The lines of the file that were noted when it was taken over."""
    return frozenset(source.notes.get("twice", ()))


def used_twice(sources: Sequence[Import]) -> Finding | None:
    counted = _in_files(sources, twice_rows)
    says = _("One number for two different things: whoever is told that number may look at the wrong one.")
    return Finding("twice", _("Numbers used twice"), says, counted) if counted else None


def _per_type(records: Any, count: Callable[[Any, str], tuple[frozenset[int], int]]) -> list[Counted]:
    counted = []
    for key in records.order_by("type").values_list("type", flat=True).distinct():
        ids, among = count(records, key)
        if ids:
            counted.append(Counted(key, ids, among))
    return sorted(counted, key=lambda one: -one.n)


def _in_files(sources: Iterable[Import], rows_of: Callable[[Import], frozenset[int]]) -> list[Counted]:
    found = [(source, rows_of(source)) for source in sources]
    return [Counted(s.type, frozenset(), int(s.counts.get("read", 0)) - int(s.counts.get("blank", 0)), s, rows) for s, rows in found if rows]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


IDS: dict[str, Callable[[Any, str], tuple[frozenset[int], int]]] = {
    "blamed": lambda records, _key: blamed_ids(records),
    "came_back": lambda records, _key: came_back_ids(records),
    "nobodys": nobodys_ids,
    "overdue": overdue_ids,
    "dates": impossible_ids,
}
"""What a register's filter `finding` asks, by the finding's key."""
ROWS: dict[str, Callable[[Import], frozenset[int]]] = {"dates": impossible_rows, "twice": twice_rows}
"""What the page of an import shows, by the finding's key."""
