"""What verification asks of either database (`vendor`: "sqlite" or "postgresql"), in SQL that runs with Django or without."""

from __future__ import annotations

SUBJECTS = (
    ("record", "records_record", "COALESCE(number, title)"),
    ("person", "people_person", "name"),
    ("unit", "people_unit", "name"),
    ("organization", "people_organization", "name"),
)
TEXTS = (
    "SELECT t.event_id, t.place, t.salt, t.text, e.body FROM trail_eventtext t "
    "LEFT JOIN trail_event e ON e.id = t.event_id AND t.place = 0 ORDER BY t.event_id, t.place"
)
"""Each private text; the first one of an event with the event's body."""
LEAVES = (
    "SELECT s.seal_id, s.event_id, e.hash FROM trail_sealed s LEFT JOIN trail_event e ON e.id = s.event_id ORDER BY s.seal_id, s.leaf"
)


def text_of(vendor: str, column: str) -> str:
    """A time as the trail writes it; on SQLite microseconds of zero are not stored."""
    if vendor == "postgresql":
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
    return f"substr(replace({column}, ' ', 'T') || '.000000', 1, 26) || '+00:00'"


def uid_of(vendor: str, column: str) -> str:
    """A uid with its hyphens."""
    if vendor == "postgresql":
        return f"{column}::text"
    return "||'-'||".join(f"substr({column},{start},{length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)))


def subjects(where: str = "") -> str:
    """Every subject with its head: uid, head, sequence, kind, id, name."""
    return " UNION ALL ".join(f"SELECT uid, head, sequence, '{kind}' AS kind, id, {name} AS name FROM {table} {where}" for kind, table, name in SUBJECTS)


def walked(vendor: str) -> str:
    """Events for the walk, in the order of writing; on SQLite uid and time as the text that is stored, to be spelled once for many."""
    chain, at = ("chain", "at || ''") if vendor == "sqlite" else (uid_of(vendor, "chain"), text_of(vendor, "at"))
    return f"SELECT {chain}, sequence, kind, record_id, actor_id, {at}, verb, body, previous, hash, mac FROM trail_event ORDER BY id"


def seals(vendor: str) -> str:
    """Seals by number, as `SealRow` has them."""
    return f"SELECT number, previous, root, count, {text_of(vendor, 'at')}, key, signature, hash FROM trail_seal ORDER BY number"
