"""Find records by words or by number, as far as the person may see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import NumberSequence, Record
from linchpin.kernel.records.registry import all_types
from linchpin.kernel.search.indexing import folded, words_of

NEWEST = 500
"""Matches that are ranked: the newest visible ones. Ranking all matches of a common word took a second."""
FEW, AT_ONCE = 2_000, 16_000
"""Matches that are named to the database one by one: on PostgreSQL instead of a walk through the records, on SQLite at most in one step."""
NUMBER = re.compile(r"^[A-Za-z]{1,4}-?\d{4}-?\d{1,7}$|^[A-Za-z]{1,4}-\d{1,7}$|^\d{1,7}$")
SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found; the higher the rank, the better."""

    record: Record
    rank: float


def find(access: Access, text: str, *, type_key: str = "", limit: int = 20) -> list[Hit]:
    """At most `limit` visible records that hold every word of `text` (the last as a prefix), best first."""
    text = text.replace("\0", " ")  # PostgreSQL takes no such character
    records = Record.objects.visible_to(access)
    if type_key:
        records = records.filter(type=type_key)
    hits = [Hit(record, 1e9) for record in _by_number(records, text)]
    words = words_of(folded(text))[:10]
    if words:
        seen = {hit.record.pk for hit in hits}
        hits += [hit for hit in _by_words(records, words) if hit.record.pk not in seen]
    return hits[:limit]


def _by_number(records: Any, text: str) -> list[Record]:
    asked = text.strip()
    if not asked or len(asked) > 120:
        return []
    numbers = [asked.upper()]
    if NUMBER.match(asked):
        digits = asked.rsplit("-", 1)[-1]
        prefix = re.match(r"[A-Za-z]*", asked)
        if digits.isdecimal() and prefix is not None:
            serial = int(digits)
            numbers += _numbers(prefix[0].upper(), serial)
    meant = set(Record.objects.filter(number__in=numbers).values_list("pk", flat=True))  # each by its own index: together they would read every row
    named = Record.objects.filter(type__in=[one.key for one in all_types()], reference=asked)
    meant |= set(named.order_by("-id").values_list("pk", flat=True)[:NEWEST])
    return list(records.filter(pk__in=meant).select_related("owner", "unit").order_by("-id")[:10]) if meant else []


def _numbers(prefix: str, serial: int) -> list[str]:
    """What `NC-12` or `12` can mean: the number in each year and prefix that has been used."""
    used = NumberSequence.objects.all()
    if prefix:
        used = used.filter(prefix=prefix)
    return [f"{row.prefix}-{row.year}-{serial:04}" for row in used]


def _by_words(records: Any, words: list[str]) -> list[Hit]:
    if connection.vendor == "postgresql":
        match = " & ".join([*words[:-1], words[-1] + (":*" if len(words[-1]) >= SHORTEST_PREFIX else "")])
        newest = _newest_on_postgresql(records, match)
    else:
        match = " ".join([*(f'"{w}"' for w in words[:-1]), f'"{words[-1]}"' + ("*" if len(words[-1]) >= SHORTEST_PREFIX else "")])
        newest = _newest_on_sqlite(records, match)
    ranks = _ranked(match, newest) if newest else {}
    best = sorted(newest, key=lambda pk: (ranks.get(pk, 0.0), pk), reverse=True)[:50]
    rows = Record.objects.select_related("owner", "unit").in_bulk(best)
    return [Hit(rows[pk], ranks.get(pk, 0.0)) for pk in best if pk in rows]


def _newest_on_postgresql(records: Any, match: str) -> list[int]:
    """Few matches are looked up one by one; many are met while walking down from the newest record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_id FROM search_text WHERE words @@ to_tsquery('simple', %s) LIMIT %s", [match, FEW + 1])
        few = [pk for (pk,) in cursor.fetchall()]
    found = few if len(few) <= FEW else RawSQL("SELECT record_id FROM search_text WHERE words @@ to_tsquery('simple', %s)", [match])
    return list(records.filter(pk__in=found).order_by("-id").values_list("pk", flat=True)[:NEWEST]) if few else []


def _newest_on_sqlite(records: Any, match: str) -> list[int]:
    """The index gives its matches from the newest down: as many as it takes, more each time."""
    newest: list[int] = []
    below, step = 2**62, 2 * NEWEST
    while len(newest) < NEWEST:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM search_text WHERE search_text MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s", [match, below, step])
            found = [pk for (pk,) in cursor.fetchall()]
        if found:
            newest += records.filter(pk__in=found).order_by("-id").values_list("pk", flat=True)[: NEWEST - len(newest)]
        if len(found) < step:
            break
        below, step = found[-1], min(4 * step, AT_ONCE)
    return newest


def _ranked(match: str, ids: list[int]) -> dict[int, float]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT record_id, ts_rank(words, to_tsquery('simple', %s)) FROM search_text WHERE record_id = ANY(%s)", [match, ids])
            return dict(cursor.fetchall())
        marks = ",".join(["%s"] * len(ids))
        cursor.execute(
            "SELECT rowid, -bm25(search_text, 8.0, 1.0) FROM search_text "
            f"WHERE search_text MATCH %s AND rowid >= %s AND +rowid IN ({marks})",  # without the plus it would match anew for each id
            [match, min(ids), *ids],
        )
        return dict(cursor.fetchall())
