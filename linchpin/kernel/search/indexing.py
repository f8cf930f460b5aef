"""What the full-text index holds: title and text, as plain folded words. Numbers are found apart from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db import connection

PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take apart into a letter and its mark."""
Entry = tuple[int, str, str]
"""(record id, title, text)"""


def folded(text: str) -> str:
    """Text as it is indexed and asked for: case folded, accents off, the same on both databases."""
    if text.isascii():
        return text.lower().replace("\0", " ")
    bare = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    return "".join(c for c in bare if not unicodedata.combining(c)).replace("\0", " ")


def index_many(entries: Iterable[Entry], *, fresh: bool = False) -> None:
    """Put many records into the index. `fresh`: none of them stands in it yet."""
    rows = [(pk, folded(title), folded(text)[:200_000]) for pk, title, text in entries]
    if not rows:
        return
    if connection.vendor == "postgresql":
        _postgresql(rows)
    else:
        _sqlite(rows, fresh)


def words_of(text: str) -> list[str]:
    """Folded text as the words that it is asked for by: 10.2 is two, and so is GI-07."""
    return re.findall(r"\w+", text)


def remove(record_id: int) -> None:
    """Take a record out of the index."""
    column = "record_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM search_text WHERE {column} = %s", [record_id])


def _words(text: str) -> str:
    """PostgreSQL would take 10.2 or a path as one word, and then find neither part of it."""
    return " ".join(words_of(text))


def _sqlite(rows: Sequence[Entry], fresh: bool) -> None:
    with connection.cursor() as cursor:
        if not fresh:
            cursor.executemany("DELETE FROM search_text WHERE rowid = %s", [(row[0],) for row in rows])
        cursor.executemany("INSERT INTO search_text (rowid, title, body) VALUES (%s, %s, %s)", rows)


def _postgresql(rows: Sequence[Entry]) -> None:
    """All in one statement; of a record that is named twice the last line stands."""
    parted = {pk: (pk, _words(title), _words(body)) for pk, title, body in rows}
    columns = [list(column) for column in zip(*parted.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_text (record_id, words) "
            "SELECT id, setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B') "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS entry (id, title, body) "
            "ON CONFLICT (record_id) DO UPDATE SET words = EXCLUDED.words",
            columns,
        )
