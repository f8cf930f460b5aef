"""Long imports: consecutive batches that nobody sees before the last, and jobs that can be stopped, killed and taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.exchange.accepting import (
    BATCH,
    accept,
    claim,
    finish,
    note_rejected,
    nothing_under_way,
    one_at_a_time,
    refused_as_a_whole,
    rows_left,
    still_cloaked,
    tell_owners,
    write,
)
from linchpin.exchange.drafts import Ready
from linchpin.exchange.matching import CHANGED, NEW, REJECTED, UNCHANGED, match
from linchpin.exchange.models import Import, StagedRow
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.reading.shapes import Match
from linchpin.exchange.receiving import opened
from linchpin.exchange.reconciling import keep_reconciliation
from linchpin.exchange.staging import rehearse, restored, stage
from linchpin.kernel.commands.importing import reveal, void_many
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import Cancelled, Progress, ask_for, handles
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused

AT_ONCE = 2_000
"""Up to so many rows are rehearsed and accepted within the request; more become a job."""
REHEARSE, ACCEPT, RECONCILE = "import_rehearse", "import_accept", "import_reconcile"
STOPPED = gettext_noop(
    "The import stopped before it was whole: %s. Nobody sees anything of it yet. Mend that, then go on where it stopped: on its page, or with the same command."
)
Say = Callable[[int, int], None]


def is_long(source: Import) -> bool:
    """Whether the import has more records than one transaction may hold other writers up for."""
    return sum(int(source.counts.get(name, 0)) for name in (NEW, CHANGED)) > BATCH


def accept_in_batches(
    source: Import, *, actor: Access, all_or_none: bool = False, say: Say | None = None, drafts: Sequence[Ready] = ()
) -> None:
    """Take a long import over, batch by batch, and let everybody see it at the end. Called again it goes on where it stopped.

    `drafts`: those of the staged rows, where they are at hand; else they are read again. Raises Refused; `say` may raise
    Cancelled: then everything made so far is voided.
    """
    how, known = loads(source.profile).match, {one.staged: one for one in drafts}
    _begin(source, all_or_none)
    try:
        total = rows_left(source).count() + source.taken.values("staged_id").distinct().count()
        *batches, last = _batches(source)
        for batch in batches:
            _take_batch(source, _drafts(source, batch, known), how, actor, all_or_none)
            if say:
                say(total - rows_left(source).count(), total)
        changing = rows_left(source).exclude(outcome=NEW).values_list("pk", flat=True)
        _take_rest(source, _drafts(source, [*last, *changing], known), how, actor)
    except (Refused, Cancelled) as stopped:
        give_up(source, str(stopped) or _("The import was stopped before it was whole."), actor=actor)
        raise
    except (DatabaseError, OSError) as problem:
        raise Refused(_(STOPPED) % problem) from problem
    source.refresh_from_db()


def _batches(source: Import) -> list[list[int]]:
    """The rows that become new records, parents before those under them; the last batch is taken with what changes records."""
    new = rows_left(source).filter(outcome=NEW)
    rows = list(new.values_list("pk", flat=True)) if loads(source.profile).parent is None else _parents_first(new)
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)] or [[]]


def _parents_first(rows: Any) -> list[int]:
    above = {(draft["type"], draft["reference"]): tuple(draft.get("parent") or ()) for draft in rows.values_list("draft", flat=True)}

    def depth(draft: dict[str, Any]) -> int:
        deep, seen = 0, set[Any]()
        parent = tuple(draft.get("parent") or ())
        while parent in above and parent not in seen:
            seen.add(parent)
            deep, parent = deep + 1, above[parent]
        return deep

    return [pk for _depth, _row, pk in sorted((depth(draft), row, pk) for pk, row, draft in rows.values_list("pk", "row", "draft"))]


def _drafts(source: Import, rows: Sequence[int], known: Mapping[int, Ready]) -> list[Ready]:
    """The drafts of staged rows; those not at hand are read again, outside any transaction."""
    if known:
        return [known[pk] for pk in rows]
    slices = (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
    return [one for some in slices for one in restored(source, StagedRow.objects.filter(pk__in=some).order_by("row"))]


def _begin(source: Import, all_or_none: bool) -> None:
    with writing():
        one_at_a_time()  # else two that begin at one moment would each see the other not yet
        held = claim(source, Import.State.REHEARSED, Import.State.ACCEPTING)
        nothing_under_way(held)
        if all_or_none and (count := held.counts.get(REJECTED, 0)):
            raise Refused(refused_as_a_whole(count))
        Import.objects.filter(pk=source.pk).update(state=Import.State.ACCEPTING)


def _take_batch(source: Import, drafts: list[Ready], how: Match, actor: Access, all_or_none: bool) -> None:
    """One batch of new records, cloaked. Rows whose record came to stand here meanwhile are left for the end."""
    with command() as at:
        one_at_a_time()
        held = claim(source, Import.State.ACCEPTING)
        done = set(held.taken.filter(staged__in=[one.staged for one in drafts]).values_list("staged_id", flat=True))
        drafts = [one for one in drafts if one.staged not in done]
        standing = match(drafts, how, actor=actor, overwrite=held.overwrite, source_id=held.pk)
        if all_or_none and any(one.outcome == REJECTED for one in drafts):
            raise Refused(refused_as_a_whole(sum(one.outcome == REJECTED for one in drafts)))
        note_rejected(held, drafts)
        for outcome in (CHANGED, UNCHANGED):
            StagedRow.objects.filter(pk__in=[one.staged for one in drafts if one.outcome == outcome]).update(outcome=outcome)
        new = [one for one in drafts if one.outcome == NEW]
        write(held, new, standing, actor=actor, at=at, cloaked=True)


def _take_rest(source: Import, drafts: list[Ready], how: Match, actor: Access) -> None:
    """The last new records, what changes standing ones, and the moment at which everybody sees the whole."""
    with command() as at:
        one_at_a_time()
        held = claim(source, Import.State.ACCEPTING)
        standing = match(drafts, how, actor=actor, overwrite=held.overwrite, source_id=held.pk)
        write(held, drafts, standing, actor=actor, at=at)
        tell_owners(held, actor, at)
        note_rejected(held, drafts)
        for taken in held.taken.exclude(sequence=F("record__sequence")).select_related("record"):  # later batches linked to earlier ones
            taken.sequence = taken.record.sequence
            taken.save(update_fields=["sequence"])
        reveal(list(still_cloaked(held).values_list("pk", flat=True)))
        finish(held, Counter(dict(held.rows.order_by().values_list("outcome").annotate(n=Count("id")))), actor, at)


def give_up(source: Import, reason: str, *, actor: Access) -> None:
    """Void what an unfinished import made: its numbers stay, nobody ever sees it open."""
    while slice_ := list(still_cloaked(source)[:BATCH]):
        with command():
            reveal([record.pk for record in slice_])
            void_many(list(Record.objects.filter(pk__in=[record.pk for record in slice_])), actor=actor, reason=reason, verb="undo_import")
    with writing():
        rows = Import.objects.filter(pk=source.pk, state=Import.State.ACCEPTING)
        began = source.taken.exists()
        rows.update(state=Import.State.UNDONE if began else Import.State.REHEARSED, reason=reason if began else "")
    source.refresh_from_db()


def reconcile(source: Import, *, actor: Access) -> None:
    """Keep the reconciliation sheet: at once for a small import; writing a long one is left to the worker."""
    if source.counts.get("read", 0) > AT_ONCE:
        ask_for(RECONCILE, actor.person, uid=str(source.uid))
    else:
        keep_reconciliation(source)


def set_going(kind: str, source: Import, *, actor: Access, **arguments: Any) -> Job:
    """Write the job down together with the import's own note of it."""
    with writing():
        job = ask_for(kind, actor.person, uid=str(source.uid), **arguments)
        state = {"state": Import.State.READING} if kind == REHEARSE else {}
        Import.objects.filter(pk=source.pk).update(job=job, **state)
    source.refresh_from_db()
    return job


@handles(REHEARSE)
def run_rehearsal(job: Job, progress: Progress) -> dict[str, Any]:
    """Rehearse the import by the profile that it carries."""
    source, actor = _of(job)
    if source.state not in (Import.State.READING, Import.State.OPEN, Import.State.REHEARSED):
        return {"sentence": _("This was done already.")}
    progress.say(0, 3, _("Opening the file"))
    book = opened(source)
    progress.say(1, 3, _("Reading every row"))
    try:
        rehearsed = rehearse(source, book, loads(source.profile), actor=actor)
        progress.say(2, 3, _("Keeping what was read"))
    except (Refused, Cancelled):
        with writing():
            Import.objects.filter(pk=source.pk).update(state=Import.State.OPEN)
        raise
    stage(source, rehearsed)
    return {"sentence": _("%s rows were read.") % source.counts["read"]}


@handles(ACCEPT)
def run_acceptance(job: Job, progress: Progress) -> dict[str, Any]:
    """Accept the import. Run again after a kill it goes on, or finds that it was done."""
    source, actor = _of(job)
    all_or_none = bool(job.arguments.get("all_or_none"))
    if source.state == Import.State.REHEARSED and not is_long(source):
        rows = list(rows_left(source))
        progress.say(0, len(rows), _("Preparing the records"))
        drafts = restored(source, rows)
        progress.say(0, len(rows), _("Writing the records"))
        accept(source, drafts, loads(source.profile).match, actor=actor, all_or_none=all_or_none)
    elif source.state in (Import.State.REHEARSED, Import.State.ACCEPTING):
        accept_in_batches(source, actor=actor, all_or_none=all_or_none, say=lambda done, total: progress.say(done, total, _("Writing the records")))
    if source.state == Import.State.ACCEPTED and not source.reconciliation:
        keep_reconciliation(source)
    return {"sentence": _("%s records are here now.") % source.taken.filter(what=NEW).count()}


@handles(RECONCILE)
def run_reconciliation(job: Job, progress: Progress) -> dict[str, Any]:
    """Keep the reconciliation sheet of an accepted import, once."""
    source, _actor = _of(job)
    if source.state == Import.State.ACCEPTED and not source.reconciliation:
        keep_reconciliation(source)
    return {"sentence": _("The reconciliation is kept.")}


def _of(job: Job) -> tuple[Import, Access]:
    source = Import.objects.select_related("unit", "person", "accepted_by").get(uid=job.arguments["uid"])
    return source, access_of(Person.objects.select_related("unit").get(pk=job.person_id))
