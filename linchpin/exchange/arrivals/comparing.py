"""Files of one heap that name the same numbers: the same register saved twice, or two registers that would be taken for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from linchpin.exchange.models import ArrivedFile, Import, StagedRow
from linchpin.exchange.reading.profiles import loads

MOST = 2_000
OPEN = (Import.State.REHEARSED, Import.State.OPEN)


def same_numbers(files: Iterable[ArrivedFile]) -> dict[int, list[tuple[str, bool]]]:
    """For each open table: sentences about the files before it that have the same numbers, and whether they say something else under them."""
    tables = {f.source_id: f for f in files if f.source is not None and f.source.state in OPEN and _brings_its_own(f.source)}
    rows = StagedRow.objects.filter(source__in=tables).exclude(reference="")
    shared = rows.values("source__type", "reference").annotate(n=Count("source", distinct=True)).filter(n__gt=1)[:MOST]
    wanted = {(one["source__type"], one["reference"]) for one in shared}
    if not wanted:
        return {}
    said: dict[tuple[str, str], list[tuple[int, Any]]] = {}
    found = rows.filter(reference__in={reference for _type, reference in wanted}).order_by("source_id", "row")
    for source, key, reference, draft in found.values_list("source_id", "source__type", "reference", "draft"):
        if (key, reference) in wanted:
            said.setdefault((key, reference), []).append((source, draft.get("values")))
    return _sentences(tables, said)


def _brings_its_own(source: Import) -> bool:
    return bool(source.profile) and loads(source.profile).match != "attach"


def _sentences(tables: dict[Any, ArrivedFile], said: dict[tuple[str, str], list[tuple[int, Any]]]) -> dict[int, list[tuple[str, bool]]]:
    """Each file beside the first one that has its numbers."""
    counted: dict[tuple[int, int], list[int]] = {}
    for rows in said.values():
        first, values = rows[0]
        for source, others in rows[1:]:
            if source != first:
                same_other = counted.setdefault((source, first), [0, 0])
                same_other[others != values] += 1
    sentences: dict[int, list[tuple[str, bool]]] = {}
    for (source, first), (same, other) in counted.items():
        words = {"file": tables[first].name}
        told = sentences.setdefault(tables[source].pk, [])
        if other:
            text = ngettext(
                "%(n)s number stands in %(file)s too and says something else there: as one register, the later file would change what the first brings. "
                "If they are two, lay one aside and give its numbers a sign of their own.",
                "%(n)s numbers stand in %(file)s too and say something else there: as one register, the later file would change what the first brings. "
                "If they are two, lay one aside and give its numbers a sign of their own.", other)  # fmt: skip
            told.append((text % (words | {"n": other}), True))
        elif same:
            told.append((ngettext("%(n)s row stands in %(file)s too, word for word", "%(n)s rows stand in %(file)s too, word for word", same)
                         % (words | {"n": same}), False))  # fmt: skip
    return sentences
