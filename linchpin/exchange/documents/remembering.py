"""What a folder brought in is remembered as an import, so that it can be taken back as long as nobody touched what it made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import ngettext

from linchpin.exchange.models import Import, StagedRow, Taken
from linchpin.exchange.receiving import shown_name
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.models import Record

FOLDER = "folder"
"""In an import's notes: it came from files, not from the rows of a table."""
OUTCOMES = {
    "created": StagedRow.Outcome.NEW, "revised": StagedRow.Outcome.NEW, "questions": StagedRow.Outcome.NEW,
    "unchanged": StagedRow.Outcome.UNCHANGED, "left_out": StagedRow.Outcome.REJECTED,
}  # fmt: skip


def begin(files: Sequence[tuple[str, bytes]], *, actor: Access, unit: Unit) -> Import:
    """An import to which each file adds what it made, in the transaction in which it makes it."""
    print_ = hashlib.sha256()
    for path, content in files:
        print_.update(f"{path}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    with writing():
        return Import.objects.create(
            type="document", name=_named([path for path, _content in files]), size=sum(len(content) for _path, content in files),
            sha256=print_.hexdigest(), unit=unit, person=actor.person, at=clock.now(), state=Import.State.ACCEPTED,
            accepted_by=actor.person, accepted_at=clock.now(), notes={FOLDER: True},
        )  # fmt: skip


def remember(source: Import, place: int, path: str, said: dict[str, str], made: Iterable[Any]) -> None:
    """One file and the records that it made, as they stand now."""
    known: dict[str, Any] = {"draft": said, "reference": path[-120:], "outcome": OUTCOMES[said["outcome"]]}
    with writing():
        row = StagedRow.objects.create(source=source, row=place, rows=[place], **known)
        standing = Record.objects.filter(pk__in=[record.pk for record in made]).order_by("pk").values_list("pk", "sequence")
        Taken.objects.bulk_create(Taken(source=source, staged=row, record_id=pk, what=StagedRow.Outcome.NEW, sequence=sequence) for pk, sequence in standing)


def end(source: Import) -> Import | None:
    """Count what it brought. What made nothing is not kept: there is nothing to take back."""
    rows = list(source.rows.values_list("outcome", flat=True))
    with writing():
        if not source.taken.exists():
            source.rows.all().delete()
            source.delete()
            return None
        source.counts = {str(outcome): rows.count(outcome) for outcome in StagedRow.Outcome.values} | {"read": len(rows)}
        source.save(update_fields=["counts"])
    return source


def _named(paths: Sequence[str]) -> str:
    """The folder that all lie in, else how many they are."""
    tops = {path.split("/")[0] for path in paths if "/" in path}
    if len(tops) == 1 and all("/" in path for path in paths):
        return shown_name(tops.pop())
    return shown_name(paths[0]) if len(paths) == 1 else ngettext("%(n)s file", "%(n)s files", len(paths)) % {"n": len(paths)}
