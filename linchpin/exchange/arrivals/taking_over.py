"""Everything that arrived, taken over in one go and in the order in which one thing needs another; each file apart, so that none keeps another back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.accepting import accept
from linchpin.exchange.arrivals.people_matching import REJECTED
from linchpin.exchange.arrivals.people_taking import take_people, take_people_back
from linchpin.exchange.arrivals.receiving_many import data_of
from linchpin.exchange.arrivals.who_is_who import remember_answers
from linchpin.exchange.documents.bringing import bring_in_folder
from linchpin.exchange.findings import look_for_twice
from linchpin.exchange.long_work import accept_in_batches, is_long
from linchpin.exchange.models import Arrival, ArrivedFile, Import, StagedRow
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.receiving import opened
from linchpin.exchange.reconciling import keep_reconciliation
from linchpin.exchange.staging import rehearse, stage
from linchpin.exchange.undoing import undo
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import Cancelled, Progress, ask_for, handles
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import get_type, has_type

TAKE_OVER = "arrival_take_over"
PEOPLE, DOCUMENTS = ArrivedFile.PEOPLE, ArrivedFile.DOCUMENTS
State = ArrivedFile.State


def waits_for_an_answer(file: ArrivedFile) -> bool:
    """Whether only a person can say how the file is read, and nobody did yet."""
    source = file.source
    if source is None:
        return not file.becomes
    answered = source.answers or (source.profile and loads(source.profile).name != "guessed")
    return (file.notes.get("asked", 0) and not answered) or (source.state == Import.State.OPEN and not file.notes.get("long"))


def takeable(arrival: Arrival) -> list[ArrivedFile]:
    """The files that can be taken over as they stand, people first, then documents, then records with those above before those below."""
    files = list(arrival.files.filter(state=State.OPEN).select_related("source__unit", "source__person", "arrival__person"))
    ready = [f for f in files if _is_understood(f) and not waits_for_an_answer(f) and not _is_dealt_with(f)]
    waiting = waiting_for_files(files)
    return sorted((f for f in ready if f.pk not in waiting), key=lambda file: (turn_of(file), file.pk))


def _is_understood(file: ArrivedFile) -> bool:
    return file.source is not None or file.becomes == DOCUMENTS or (file.becomes == PEOPLE and bool(file.counts))


def waiting_for_files(files: Iterable[ArrivedFile]) -> set[int]:
    """Files of which rows belong to records that may come with another file, which itself waits for an answer."""
    tables = [file for file in files if file.source is not None and not _is_dealt_with(file)]
    held = {file.pk for file in tables if waits_for_an_answer(file)}
    types = {file.source.type for file in tables if file.pk in held and file.source}
    if not types:
        return set()
    brought = StagedRow.objects.filter(source__in=[file.source_id for file in tables if file.pk not in held]).exclude(outcome=REJECTED)
    known = set(brought.exclude(reference="").values_list("reference", flat=True))
    return {file.pk for file in tables if file.source and types & {*get_type(file.source.type).parents, file.source.type} and _named(file.source) - known}


def _named(source: Import) -> set[str]:
    """The numbers of the records that are not here and to which rows of the file belong."""
    fields = _fields_of_others(source)
    rows = source.rows.filter(outcome=REJECTED).values_list("problems", flat=True)
    return {str(problem["value"]) for problems in rows for problem in problems if problem["blocking"] and problem["field"] in fields}


def _fields_of_others(source: Import) -> set[str]:
    adds = bool(source.profile) and loads(source.profile).match == "attach"
    return {"parent", "reference"} if adds else {"parent"}


def rows_for_others(source: Import) -> int:
    """Rows that can only not be taken because the record above them, or the one they add to, is not here yet."""
    fields, waiting = _fields_of_others(source), 0
    for rows, problems in source.rows.filter(outcome=REJECTED).values_list("rows", "problems"):
        blocking = {problem["field"] for problem in problems if problem["blocking"]}
        waiting += len(rows) if blocking and blocking <= fields else 0
    return waiting


def _is_dealt_with(file: ArrivedFile) -> bool:
    return file.source is not None and file.source.state not in (Import.State.OPEN, Import.State.REHEARSED, Import.State.ACCEPTING)


def turn_of(file: ArrivedFile) -> float:
    """People, documents, then types by what they stand under; a file that only adds to records comes behind those that bring them."""
    if file.source is None:
        return (PEOPLE, DOCUMENTS).index(file.becomes)
    return 2 + _depth(file.source.type) + (len(_fields_of_others(file.source)) - 1) / 2


def _depth(key: str, seen: frozenset[str] = frozenset()) -> int:
    above = [parent for parent in get_type(key).parents if has_type(parent) and parent not in seen]
    return 1 + max((_depth(parent, seen | {key}) for parent in above), default=0)


def take_all_over(arrival: Arrival, *, actor: Access) -> Job:
    """Begin it as a job. Raises Refused where nothing can be taken over."""
    if arrival.job and not arrival.job.ended:
        return arrival.job
    if not takeable(arrival):
        raise Refused(never(_("No file can be taken over yet: answer what is asked on its card, or lay it aside."), "file"))
    with writing():
        job = ask_for(TAKE_OVER, actor.person, arrival=str(arrival.uid))
        Arrival.objects.filter(pk=arrival.pk).update(job=job)
    return job


@handles(TAKE_OVER)
def run(job: Job, progress: Progress) -> dict[str, Any]:
    """Take each file over in its turn. Run again after a kill it goes on with those that are left."""
    arrival = Arrival.objects.get(uid=job.arguments["arrival"])
    files = takeable(arrival)
    done = take_over(arrival, files, actor=access_of(Person.objects.select_related("unit").get(pk=job.person_id)), say=progress.say)
    if done < len(files):
        return {"sentence": _("Stopped as you asked: %(done)s of %(all)s files were taken over, the others wait.") % {"done": done, "all": len(files)}}
    taken = arrival.files.filter(state=State.TAKEN).count()
    return {"sentence": _("%s files were taken over.") % taken}


def take_over(arrival: Arrival, files: Sequence[ArrivedFile], *, actor: Access, say: Callable[[int, int, str], object]) -> int:
    """Each of the files in its turn. `say` hears which one is next, and may raise Cancelled. Gives how many turns there were."""
    for number, file in enumerate(files):
        try:
            say(number, len(files), file.name)
        except Cancelled:
            return number
        if file.becomes == DOCUMENTS:
            if file is next(one for one in files if one.becomes == DOCUMENTS):
                _take_documents([one for one in files if one.becomes == DOCUMENTS], actor)
            continue
        _one(file, actor)
        if file.becomes == PEOPLE:
            remember_answers(arrival, actor=actor)
            actor = access_of(Person.objects.select_related("unit").get(pk=actor.person.pk))
    remember_answers(arrival, actor=actor)
    with writing():
        Arrival.objects.filter(pk=arrival.pk).update(accepted_at=clock.now())
    return len(files)


def _one(file: ArrivedFile, actor: Access) -> None:
    try:
        if file.becomes == PEOPLE:
            _take_people(file, actor)
        else:
            _take_records(file, actor)
        file.state, file.notes = State.TAKEN, {name: said for name, said in file.notes.items() if name != "wrong"}
    except (Refused, NotAllowed) as refused:
        file.notes = file.notes | {"wrong": str(refused)}
    with writing():
        file.save(update_fields=["state", "counts", "notes"])


def _take_people(file: ArrivedFile, actor: Access) -> None:
    rows = take_people(file, Book(data_of(file), file.name), actor=actor)
    file.counts = {name: sum(one.outcome == name for one in rows) for name in ("new", "changed", "unchanged", "rejected")} | {"read": len(rows)}
    file.notes = file.notes | {"not_taken": [[one.row, "; ".join(one.wrong)] for one in rows if one.outcome == REJECTED]}


def _take_documents(files: Sequence[ArrivedFile], actor: Access) -> None:
    """All documents of the heap as one folder, remembered as one import by which they can be taken back."""
    folder = bring_in_folder([(file.name, data_of(file)) for file in files], actor=actor)
    became = {one.path: one for one in reversed(folder.rows)}
    for file in files:
        done = became.get(file.name)
        if done is None or done.outcome == "left_out":
            file.notes = file.notes | {"wrong": done.said if done else _("Nothing became of it.")}
        else:
            source = {"folder": str(folder.source.uid)} if folder.source else {}
            file.state, file.counts = State.TAKEN, {"read": 1, done.outcome: 1}
            file.notes = {"number": done.number, "title": done.title, **source}
        with writing():
            file.save(update_fields=["state", "counts", "notes"])


def _take_records(file: ArrivedFile, actor: Access) -> None:
    """Rehearsed anew, because people and the records above may be here only now; then accepted as from its own page."""
    source = file.source
    assert source is not None
    profile, book = loads(source.profile), opened(source)
    if source.state != Import.State.ACCEPTING:
        rehearsed = rehearse(source, book, profile, actor=actor)
        stage(source, rehearsed)
        if rows_for_others(source) == source.counts["read"] - source.counts["blank"]:
            raise Refused(_("Every row belongs to a record that is not here: bring those first, then take this over."))
        if not is_long(source):
            accept(source, rehearsed.drafts, profile.match, actor=actor)
    if source.state != Import.State.ACCEPTED:
        accept_in_batches(source, actor=actor)
    look_for_twice(source, book)
    keep_reconciliation(source)
    file.counts = dict(source.counts)


def take_back(file: ArrivedFile, reason: str, *, actor: Access) -> None:
    """Undo a list of people, or the documents of the heap, as long as nobody worked on what it brought. Raises Refused, NotAllowed."""
    if file.state != State.TAKEN:
        raise Refused(never(_("“%s” is not taken over: there is nothing to undo.") % file.name, "reason"))
    if file.becomes == PEOPLE:
        take_people_back(file, reason, actor=actor)
    elif folder := Import.objects.filter(uid=file.notes.get("folder")).first() if file.notes.get("folder") else None:
        undo(folder, reason, actor=actor)
        beside = file.arrival.files.filter(becomes=DOCUMENTS, state=State.TAKEN, notes__folder=file.notes["folder"])
        with writing():
            beside.update(state=State.UNDONE)
