"""Taking an accepted import back, as long as nobody worked on what it brought."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.exchange.accepting import claim, one_at_a_time
from linchpin.exchange.matching import CHANGED, NEW, OURS
from linchpin.exchange.models import Import, LooseLink, Taken
from linchpin.exchange.receiving import may_import
from linchpin.kernel.commands.importing import Changed, change_many, unlink_many, void_many
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import cleaner
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.trail.models import Event

MOST_NAMED, AT_ONCE = 5, 500
PLAIN = ("owner_text", "status")
"""Fields that are put back as the text they were."""


def worked_on(source: Import) -> list[Record]:
    """Records of the import that changed since it was accepted."""
    done = source.taken.filter(what__in=(NEW, CHANGED)).select_related("record").order_by("id")
    moved = [taken for taken in done if taken.record.sequence != taken.sequence]
    again = _standing_again(moved)
    return [taken.record for taken in moved if taken.pk not in again]


def _standing_again(moved: list[Taken]) -> set[int]:
    """Those on whose records nobody worked since but other imports, all of which are undone: each stands as it was left."""
    ids = [taken.record_id for taken in moved]
    people: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        events = Event.objects.filter(record_id__in=ids[start : start + AT_ONCE]).exclude(verb__in=OURS)
        people |= dict(events.values_list("record_id").annotate(last=Max("sequence")))
    standing: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        others = Taken.objects.filter(record_id__in=ids[start : start + AT_ONCE], what__in=(NEW, CHANGED)).exclude(source__state=Import.State.UNDONE)
        standing |= dict(others.values_list("record_id").annotate(last=Max("sequence")))
    return {one.pk for one in moved if people.get(one.record_id, 0) <= one.sequence and standing.get(one.record_id, 0) <= one.sequence}


def undo(source: Import, reason: str, *, actor: Access) -> None:
    """Void the records that the import made and put back what it changed, with the reason. Raises Refused or NotAllowed.

    Numbers are not used again. What somebody worked on since keeps the import from being undone.
    """
    may_import(actor, source.type)
    if not reason.strip():
        raise Refused(never(_("Say why the import is undone: the reason stays with every record."), "reason"))
    with command() as at:
        one_at_a_time()
        held = claim(source, Import.State.ACCEPTED)
        if touched := worked_on(held):
            raise Refused(_why_not(touched))
        _part(held, actor)
        done = list(held.taken.filter(what__in=(NEW, CHANGED)).select_related("record"))
        void_many([taken.record for taken in done if taken.what == NEW], actor=actor, reason=reason, verb="undo_import")
        change_many([_put_back(taken) for taken in done if taken.what == CHANGED], actor=actor, reason=reason, verb="undo_import")
        held.state, held.undone_by, held.undone_at, held.reason = Import.State.UNDONE, actor.person, at, reason.strip()
        held.save(update_fields=["state", "undone_by", "undone_at", "reason"])
    source.refresh_from_db()


def _why_not(touched: list[Record]) -> str:
    numbers = ", ".join(str(record.number) for record in touched[:MOST_NAMED]) + ("…" if len(touched) > MOST_NAMED else "")
    sentence = ngettext(
        "Somebody worked on %(n)s of its records since (%(numbers)s): the import stays. Void single records on their own pages.",
        "Somebody worked on %(n)s of its records since (%(numbers)s): the import stays. Void single records on their own pages.", len(touched),
    )  # fmt: skip
    return sentence % {"n": len(touched), "numbers": numbers}


def _part(source: Import, actor: Access) -> None:
    """Take away the links that the import made."""
    records = source.taken.values("record_id")
    LooseLink.objects.filter(source__in=records).delete()
    made = Link.objects.filter(source__in=records, created_at=source.accepted_at).select_related("source", "target")
    unlink_many(list(made), actor=actor, verb="undo_import")


def _put_back(taken: Taken) -> Changed:
    """The record with the values that stood before the import."""
    record_type = get_type(taken.record.type)
    record = record_type.model._default_manager.get(pk=taken.record_id)
    values = {}
    for name, text in taken.before.items():
        if name in record_type.fields and name not in PLAIN:
            values[name] = cleaner(record_type.fields[name])(text if text is not None else None)
        else:
            field = record_type.field(name)
            values[name] = None if text is None else field.to_python(text)
    return Changed(record, values)
