"""Owners of imported records: text in the file until somebody says who is meant."""

from __future__ import annotations

from linchpin.exchange.models import Import
from linchpin.exchange.naming import PERSON, Names
from linchpin.exchange.receiving import may_import
from linchpin.kernel.commands.importing import Changed, change_many
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record


def give_owners(source: Import, *, actor: Access) -> int:
    """Give each record of the import, whose owner is text still, the person who is now known by that name. Gives how many got one."""
    may_import(actor, source.type)
    names = Names()
    with command():
        rows = Record.objects.filter(pk__in=source.taken.values("record_id"), owner=None).exclude(owner_text="").exclude(phase="void")
        found = [(record, names.find(PERSON, record.owner_text)) for record in rows.select_related("owner", "unit")]
        changed = [Changed(record, {"owner": person}) for record, person in found if person is not None]
        count = change_many(changed, actor=actor)
        sequences = {row.record.pk: row.record.sequence for row in changed}
        for taken in source.taken.filter(record_id__in=list(sequences)):
            taken.sequence = sequences[taken.record_id]
            taken.save(update_fields=["sequence"])
        return count
