"""What imports keep of content that was purged, or of people who were erased: the rows they rehearsed, and the files they came in."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction

from linchpin.exchange.models import Import, NameMatch, StagedRow, Taken, TakenPerson
from linchpin.exchange.receiving import kept
from linchpin.kernel.commands.purged_content import SHORTEST, cleared_of


def forget_purged(record_id: int, texts: Collection[str]) -> None:
    """The rows that brought the record lose these texts, and the file that held them goes: nothing in it could be taken out alone."""
    wanted = [text for text in texts if len(text) >= SHORTEST]
    for taken in Taken.objects.filter(record_id=record_id).select_related("staged"):
        held = [taken.staged.draft, taken.staged.before, taken.before, taken.staged.problems]
        cleared = [cleared_of(value, wanted) for value in held]
        if cleared == held:
            continue
        draft, before, stood, problems = cleared
        StagedRow.objects.filter(pk=taken.staged_id).update(draft=draft, before=before, problems=problems)
        Taken.objects.filter(pk=taken.pk).update(before=stood)
        path = kept(_file_of(taken))
        transaction.on_commit(partial(path.unlink, missing_ok=True))


def _file_of(taken: Taken) -> str:
    return Import.objects.values_list("sha256", flat=True).get(pk=taken.source_id)


def forget_person(row: Any, name: str) -> None:
    """Names in files no longer mean the person, and a list that they came with is kept no longer: nobody could be taken out of it alone."""
    NameMatch.objects.filter(person=row).delete()
    for taken in TakenPerson.objects.filter(person=row).select_related("file"):
        TakenPerson.objects.filter(pk=taken.pk).update(before={})
        path = kept(taken.file.sha256)
        transaction.on_commit(partial(path.unlink, missing_ok=True))
