"""What imports keep of content that was purged, or of people who were erased: the rows they rehearsed, and the files they came in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from linchpin.exchange.models import Import, NameMatch, StagedRow, Taken, TakenPerson
from linchpin.exchange.receiving import kept
from linchpin.kernel.commands.purged_content import SHORTEST, cleared_of, content_of
from linchpin.kernel.commands.replacing_names import in_json
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.trail.erasing import NAME_REPLACED
from linchpin.kernel.trail.models import Event


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


def files_that_go(record_id: int, texts: Collection[str] | None = None) -> list[tuple[str, int]]:
    """The kept files that a purge of these texts takes along, each with how many records came from it; None: whatever text it may be.

    Nothing is cut out of a file: what it is worth as evidence is that its bytes are those that came, under the hash that the trail knows.
    """
    wanted = None if texts is None else [text for text in texts if len(text) >= SHORTEST]
    sources: dict[int, Import] = {}
    for taken in Taken.objects.filter(record_id=record_id).select_related("staged", "source"):
        held = [taken.staged.draft, taken.staged.before, taken.before, taken.staged.problems]
        if kept(taken.source.sha256).exists() and (wanted is None or cleared_of(held, wanted) != held):
            sources[taken.source_id] = taken.source
    return [(source.name, source.taken.values("record_id").distinct().count()) for source in sources.values()]


def goes_along(purge: Purge) -> list[tuple[str, int]]:
    """The kept files that go with what is proposed."""
    if purge.state != Purge.State.PROPOSED:
        return []
    record_type = get_type(purge.record.type)
    try:
        texts = content_of(record_type.model._default_manager.get(pk=purge.record_id), record_type, purge.kind, purge.target).texts
    except Refused:
        return []
    return files_that_go(purge.record_id, texts)


def files_still_naming(person: Any, record_ids: Collection[int]) -> list[tuple[str, int]]:
    """The kept files that brought records which name the person, or did until the name was replaced, each with how many records came from it."""
    replaced = Event.objects.filter(verb="edit", body__contains=f'["{NAME_REPLACED}","{person.uid}",').values("record_id")
    brought = Taken.objects.filter(Q(record_id__in=list(record_ids)) | Q(record_id__in=replaced)).values("source_id")
    sources = [source for source in Import.objects.filter(pk__in=brought).order_by("-id") if kept(source.sha256).exists()]
    return [(source.name, source.taken.values("record_id").distinct().count()) for source in sources]


def replace_in_rows(record_id: int, replaced: Callable[[str], str]) -> None:
    """The rows that brought the record say the pseudonym too. The file that they came in stays as it came."""
    for taken in Taken.objects.filter(record_id=record_id).select_related("staged"):
        row = taken.staged
        draft, before, stood, problems = (in_json(value, replaced) for value in (row.draft, row.before, taken.before, row.problems))
        StagedRow.objects.filter(pk=row.pk).update(draft=draft, before=before, problems=problems)
        Taken.objects.filter(pk=taken.pk).update(before=stood)


def _file_of(taken: Taken) -> str:
    return Import.objects.values_list("sha256", flat=True).get(pk=taken.source_id)


def forget_person(row: Any, name: str) -> None:
    """Names in files no longer mean the person, and a list that they came with is kept no longer: nobody could be taken out of it alone."""
    NameMatch.objects.filter(person=row).delete()
    for taken in TakenPerson.objects.filter(person=row).select_related("file"):
        TakenPerson.objects.filter(pk=taken.pk).update(before={})
        path = kept(taken.file.sha256)
        transaction.on_commit(partial(path.unlink, missing_ok=True))
