"""From rehearsed rows to records: one short write transaction, or for very long files consecutive ones, hidden until the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from linchpin.exchange.drafts import Ready, as_json
from linchpin.exchange.matching import CHANGED, NEW, REJECTED, UNCHANGED, Standing, match
from linchpin.exchange.models import Import, LooseLink, StagedRow, Taken
from linchpin.exchange.reading.shapes import Match
from linchpin.exchange.staging import problems_of
from linchpin.kernel.commands.importing import Changed, New, change_many, create_many, link_many
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.further import CLOAK
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.trail.bulk import insert_rows

ADVISORY_LOCK = 0x1A7
BATCH = 2_000
"""Records written in one transaction: for so long, about half a second, other writers wait."""


def accept(source: Import, drafts: Sequence[Ready], how: Match, *, actor: Access, all_or_none: bool = False) -> Counter[str]:
    """Take the drafts over in one transaction. Gives how many rows had which outcome.

    Everything is matched again inside it, so that two imports of one file at once make each record once.
    Raises Refused when `all_or_none` and a row cannot be taken, or when the import was dealt with meanwhile.
    """
    with command() as at:
        one_at_a_time()
        held = claim(source, Import.State.REHEARSED)
        nothing_under_way(held)
        standing = match(drafts, how, actor=actor, overwrite=held.overwrite, source_id=None)
        outcomes = Counter(one.outcome for one in drafts)
        if all_or_none and outcomes[REJECTED]:
            raise Refused(refused_as_a_whole(outcomes[REJECTED]))
        write(held, drafts, standing, actor=actor, at=at)
        note_rejected(held, drafts)
        finish(held, outcomes, actor, at)
        tell_owners(held, actor, at)
    source.refresh_from_db()
    return outcomes


def one_at_a_time() -> None:
    """Let one import write after the other: on SQLite every writer does so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def nothing_under_way(source: Import) -> None:
    """Refuse while a long import is not whole: what it made already is hidden, and would be made twice."""
    other = Import.objects.filter(state=Import.State.ACCEPTING).exclude(pk=source.pk).first()
    if other is not None:
        raise Refused(_("“%s” is being taken over just now. Wait until it is done, or stop it on its page.") % other.name)


def claim(source: Import, *states: str) -> Import:
    """The import, locked, if it still stands in one of the states. Raises Refused."""
    held = Import.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=source.pk)
    if held.state not in states:
        raise Refused(_("“%(name)s” was dealt with meanwhile: it is %(state)s.") % {"name": held.name, "state": held.get_state_display().lower()})
    return held


def refused_as_a_whole(count: int) -> str:
    sentence = ngettext(
        "%(n)s row cannot be taken, and you asked for all or none: nothing was taken. Correct it, or take the others.",
        "%(n)s rows cannot be taken, and you asked for all or none: nothing was taken. Correct them, or take the others.", count,
    )  # fmt: skip
    return sentence % {"n": count}


def write(source: Import, drafts: Sequence[Ready], standing: Standing, *, actor: Access, at: datetime, cloaked: bool = False) -> None:
    """Create, change and link what the outcomes say, and note what each row did."""
    create_many(_new_records(drafts), actor=actor, cloaked=cloaked)
    taken = [one for top in drafts if top.outcome != REJECTED for one in top.family()]
    changed = [one for one in taken if one.changes]
    change_many([Changed(one.record, one.changes) for one in changed], actor=actor)
    for one in taken:
        if one.new is not None:
            one.record = one.new.record
    _link(taken, standing, actor)
    _note(source, taken)


def _new_records(drafts: Sequence[Ready]) -> list[New]:
    """A `New` for every draft that becomes one, parents first known and then named."""
    made = []
    for top in drafts:
        if top.outcome == REJECTED:
            continue
        for one in top.family():
            if one.outcome == NEW:
                one.new = New(one.draft.type, one.values, one.status, one.owner_text, one.raised, own=one.own)
                made.append(one.new)
    for top in drafts:
        if top.new is not None and top.parent is not None:
            top.new.parent = (top.parent.new or top.parent.record) if isinstance(top.parent, Ready) else top.parent
        for child in top.children:
            if child.new is not None:
                child.new.parent = top.new or top.record
    return made


def _link(taken: Sequence[Ready], standing: Standing, actor: Access) -> None:
    """Make the links that can be made; the others wait for an import that brings their end, as earlier ones did for this."""
    here = {(one.draft.type, one.draft.reference): one.record for one in taken if one.draft.reference}
    pairs, loose = [], []
    for one in taken:
        for link in one.draft.links:
            hits = standing.of(link.type, link.reference)
            end = here.get((link.type, link.reference)) or (hits[0] if len(hits) == 1 else None)
            if end is None:
                loose.append(LooseLink(source_id=one.record.pk, kind=link.kind, type=link.type, reference=link.reference))
            else:
                pairs.append((one.record, end, link.kind))
    pairs += _links_that_waited(here)
    link_many(pairs, actor=actor, verb="import")
    LooseLink.objects.bulk_create(loose, ignore_conflicts=True)


def _links_that_waited(here: dict[tuple[str, str], Any]) -> list[tuple[Any, Any, str]]:
    """Links of earlier imports whose end is here now; they wait no longer."""
    if not LooseLink.objects.exists():
        return []
    found = [loose for loose in LooseLink.objects.select_related("source") if (loose.type, loose.reference) in here]
    LooseLink.objects.filter(pk__in=[loose.pk for loose in found]).delete()
    return [(loose.source, here[loose.type, loose.reference], loose.kind) for loose in found if loose.source.phase != Phase.VOID]


def _note(source: Import, taken: Sequence[Ready]) -> None:
    """Which row did what to which record. Links moved some sequences on, so they are read last."""
    rows = []
    for one in taken:
        what = one.outcome if one.new or one.changes else UNCHANGED
        rows.append((source.pk, one.staged, one.record.pk, what, one.record.sequence, as_json(one.before), one.fingerprint))
    insert_rows(Taken, ("source_id", "staged_id", "record_id", "what", "sequence", "before", "fingerprint"), rows)


def note_rejected(source: Import, drafts: Sequence[Ready]) -> None:
    """Rows that could be taken when they were rehearsed and cannot any more: the reason stands beside them from now on."""
    rejected = {one.staged: one for one in drafts if one.outcome == REJECTED}
    for row in StagedRow.objects.filter(source=source, pk__in=list(rejected)).exclude(outcome=REJECTED):
        row.outcome, row.problems = REJECTED, problems_of(rejected[row.pk], source.notes.get("places", {}))
        row.save(update_fields=["outcome", "problems"])


def finish(source: Import, outcomes: Counter[str], actor: Access, at: datetime) -> None:
    """The import is accepted: its counts are final."""
    source.state, source.accepted_by, source.accepted_at = Import.State.ACCEPTED, actor.person, at
    source.counts = source.counts | {name: outcomes[name] for name in (NEW, CHANGED, UNCHANGED)}
    rows = source.rows.filter(outcome=REJECTED).values_list("rows", flat=True)
    source.counts["rejected"] = sum(map(len, rows))
    source.save(update_fields=["state", "accepted_by", "accepted_at", "counts"])


def tell_owners(source: Import, actor: Access, at: datetime) -> None:
    """One quiet sentence for each owner, in the product alone: no mail goes out because of an import."""
    owned = source.taken.filter(what=NEW).exclude(record__owner=None).order_by().values_list("record__owner").annotate(n=Count("id"))
    counted = dict(owned)
    for person in Person.objects.filter(pk__in=list(counted)):
        count = counted[person.pk]
        told = gettext_noop("%(who)s brought in old records that are yours: %(n)s. Nothing is due before you agree a date.")
        text = Said(told, {"who": actor.person.name, "n": count})
        tell([person], record=None, kind="import", text=text, at=at, key=f"import-{source.uid}", actor=actor.person)


def still_cloaked(source: Import) -> QuerySet[Record]:
    """Records that an unfinished import made and nobody sees yet."""
    return Record.objects.filter(pk__in=source.taken.values("record_id"), type__startswith=CLOAK).order_by("id")



def rows_left(source: Import) -> Any:
    """Staged rows that could be taken and did nothing yet."""
    return StagedRow.objects.filter(source=source).exclude(outcome=REJECTED).exclude(pk__in=source.taken.values("staged_id")).order_by("row")
