"""How revisions are counted, whatever the scheme: what comes after C, 07, 1.0 or Rev F."""

from __future__ import annotations

import re

LAST = re.compile(r"(\d+|[A-Za-z]+)([\W_]*)$")
FIRST = "A"


def following(label: str) -> str:
    """The label that most likely follows: its last number or its last letters counted on. Its author may choose another."""
    found = LAST.search(label)
    if not found:
        return FIRST
    part, rest = found[1], found[2]
    counted = str(int(part) + 1).zfill(len(part)) if part.isdigit() else _letters(part)
    return label[: found.start()] + counted + rest


def _letters(part: str) -> str:
    """Z is followed by AA, Az by Ba: letters count like digits and keep their case."""
    head, last = part[:-1], part[-1]
    if last not in "zZ":
        return head + chr(ord(last) + 1)
    first = chr(ord(last) - 25)
    return (_letters(head) if head else first) + first
