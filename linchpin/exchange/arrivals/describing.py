"""A heap of files as data, the same for machines and the command line: what each file is, what is asked, and what they say when they are taken over."""

from __future__ import annotations

from typing import Any

from linchpin.exchange.arrivals.comparing import same_numbers
from linchpin.exchange.arrivals.taking_over import rows_for_others, takeable, waiting_for_files, waits_for_an_answer
from linchpin.exchange.arrivals.who_is_who import Question, who_is_who
from linchpin.exchange.findings import findings
from linchpin.exchange.models import Arrival, ArrivedFile, Import
from linchpin.exchange.naming import PERSON, UNIT
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit

FIGURES = ("read", "new", "changed", "unchanged", "merged", "rejected", "blank")


def standing_of(file: ArrivedFile) -> str:
    """open, taken, undone or laid_aside: a table's import decides, for anything else the file itself."""
    if file.source is None or file.state == ArrivedFile.State.LAID_ASIDE:
        return file.state
    said = {Import.State.ACCEPTED: ArrivedFile.State.TAKEN, Import.State.UNDONE: ArrivedFile.State.UNDONE}
    aside = file.source.state == Import.State.THROWN_AWAY
    return ArrivedFile.State.LAID_ASIDE if aside else said.get(Import.State(file.source.state), ArrivedFile.State.OPEN)


def files_here(arrival: Arrival) -> list[ArrivedFile]:
    """The files that nobody laid aside, as they landed."""
    here = arrival.files.exclude(state=ArrivedFile.State.LAID_ASIDE).exclude(source__state=Import.State.THROWN_AWAY)
    return list(here.select_related("source", "arrival").order_by("id"))


def described(arrival: Arrival, *, actor: Access) -> dict[str, Any]:
    """The heap: files, names that nobody surely bears, how many files can be taken over, and the findings about what was taken."""
    files = files_here(arrival)
    behind, same = waiting_for_files(files), same_numbers(files)
    asked = who_is_who(arrival).asked
    return {
        "uid": str(arrival.uid),
        "at": arrival.at.isoformat(),
        "accepted_at": arrival.accepted_at.isoformat() if arrival.accepted_at else None,
        "ready": len(takeable(arrival)),
        "files": [_file(file, behind) | {"remarks": [text for text, _other in same.get(file.pk, ())]} for file in files],
        "who": _who(asked),
        "findings": told(arrival, actor=actor),
    }


def _who(asked: list[Question]) -> list[dict[str, Any]]:
    """People and units by the uid that they have everywhere; somebody who is only in a list yet by name."""
    keys = {kind: {s.key for one in asked if one.kind == kind for s in one.likely if s.key.isdecimal()} for kind in (PERSON, UNIT)}
    rows = [(PERSON, Person.objects.filter(pk__in=keys[PERSON])), (UNIT, Unit.objects.filter(pk__in=keys[UNIT]))]
    uids = {(kind, str(pk)): str(uid) for kind, found in rows for pk, uid in found.values_list("pk", "uid")}
    return [
        {
            "kind": one.kind, "text": one.text, "rows": one.rows, "files": one.files,
            "likely": [{"key": uids.get((one.kind, s.key), s.key), "name": s.name} for s in one.likely],
        }
        for one in asked
    ]  # fmt: skip


def _file(file: ArrivedFile, behind: set[int]) -> dict[str, Any]:
    standing = standing_of(file)
    held = standing == ArrivedFile.State.OPEN and waits_for_an_answer(file)
    counts = (file.source.counts if file.source else None) or file.counts
    return {
        "uid": str(file.uid), "name": file.name, "becomes": file.source.type if file.source else file.becomes, "sure": file.sure, "state": standing,
        "counts": {name: counts[name] for name in FIGURES if name in counts},
        "columns": file.notes.get("columns", 0), "understood": file.notes.get("understood", 0),
        "asked": list(file.notes.get("about", [])) if held else [], "held": held, "waits_for_a_file": file.pk in behind and not held,
        "rows_for_others": rows_for_others(file.source) if file.source and standing == ArrivedFile.State.OPEN else 0,
        "wrong": file.notes.get("wrong", ""), "source": str(file.source.uid) if file.source else None,
    }  # fmt: skip


def told(arrival: Arrival, *, actor: Access) -> list[dict[str, Any]]:
    """At most five findings about what the heap's tables brought, each with its exact counts."""
    sources = list(Import.objects.filter(arrived__arrival=arrival, state=Import.State.ACCEPTED))
    return [
        {
            "key": one.key, "title": one.title, "says": one.says,
            "counted": [{"type": c.type, "n": c.n, "among": c.among, "lines_of": c.source.name if c.source else ""} for c in one.counted],
        }
        for one in (findings(sources, actor=actor) if sources else [])
    ]  # fmt: skip
