"""How long a document is kept after it ended, what happens then, and what is due for it (7.5.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.models import Revision
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Refusal, never

LONGEST = 100
"""Years; whatever is to be kept longer has none: it is kept without end."""


def kept_until(ended: date, years: int) -> date:
    """The day from which it may be disposed of: never a day short, so 29 February is followed by 1 March."""
    try:
        return ended.replace(year=ended.year + years)
    except ValueError:
        return date(ended.year + years, 3, 1)


def last_day_out(today: date, years: int) -> date:
    """The latest day on which something ended whose years are over today."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 2, 28)


def until_of(record: Any) -> date | None:
    """Of a document or of a revision: None where it is not known, or has not ended."""
    document = record if isinstance(record, Document) else record.parent.document
    if record.ended_on is None or document.keep_years is None:
        return None
    return kept_until(record.ended_on, document.keep_years)


def kept_long_enough(record: Any, actor: Person) -> Refusal | None:
    document = record if isinstance(record, Document) else record.parent.document
    if document.keep_longer:
        return never(_("It is kept longer: %s Take that away first.") % document.keep_longer)
    if document.keep_years is None:
        return never(_("Say first for how many years it is kept, under “Keeping”."))
    until = until_of(record)
    if until is None:
        return never(_("It is not known when it ended, so nobody can say that it was kept long enough."))
    return never(_("It is kept until %s.") % clock.in_words(until)) if clock.today() < until else None


def due_documents(access: Access) -> QuerySet[Any]:
    """Those that ended and were kept long enough, the oldest first."""
    rows = Document.objects.visible_to(access).filter(status__in=("withdrawn", "lapsed"), keep_longer="")
    return rows.filter(_over("")).select_related("owner", "unit").order_by("ended_on", "pk")


def due_revisions(access: Access) -> QuerySet[Any]:
    """Texts that were superseded and kept long enough, the oldest first."""
    rows = Revision.objects.visible_to(access).filter(status__in=("superseded", "withdrawn"), parent__document__keep_longer="")
    return rows.filter(_over("parent__document__")).select_related("owner", "unit", "parent__document").order_by("ended_on", "pk")


def _over(path: str) -> Q:
    """By the few numbers of years that there are, so that an index over the day finds them."""
    today, over = clock.today(), Q(pk__in=())
    for years in Document.objects.exclude(keep_years=None).order_by().values_list("keep_years", flat=True).distinct():
        over |= Q(**{f"{path}keep_years": years, "ended_on__lte": last_day_out(today, years)})
    return over
