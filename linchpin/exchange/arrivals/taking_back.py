"""A whole heap taken back: what came last goes first, so that nothing stands on what is gone."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linchpin.exchange.arrivals.describing import files_here, standing_of
from linchpin.exchange.arrivals.taking_over import take_back, turn_of
from linchpin.exchange.models import Arrival, ArrivedFile
from linchpin.exchange.undoing import undo
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import NotAllowed, Refused, never


def take_file_back(file: ArrivedFile, reason: str, *, actor: Access) -> None:
    """Undo what one file brought: a table's import, a list of people, or the documents of the heap. Raises Refused, NotAllowed."""
    if file.source is not None:
        undo(file.source, reason, actor=actor)
    else:
        take_back(file, reason, actor=actor)


def take_all_back(arrival: Arrival, reason: str, *, actor: Access) -> int:
    """Undo every file that was taken over. What somebody works on stays, and its card says so. Gives how many stay. Raises Refused."""
    if not reason.strip():
        raise Refused(never(_("Say why the import is undone: the reason stays with every record."), "reason"))
    taken = [file for file in files_here(arrival) if standing_of(file) == ArrivedFile.State.TAKEN]
    stays = 0
    for file in sorted(taken, key=lambda one: (turn_of(one), one.pk), reverse=True):
        file.refresh_from_db()
        if standing_of(file) != ArrivedFile.State.TAKEN:
            continue  # documents go together
        try:
            take_file_back(file, reason, actor=actor)
        except (Refused, NotAllowed) as refused:
            stays += 1
            with writing():
                ArrivedFile.objects.filter(pk=file.pk).update(notes=file.notes | {"wrong": str(refused)})
    return stays
