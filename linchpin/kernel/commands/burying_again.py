"""After a backup was restored: what was purged or erased since it was made goes again, and its tombstones stand again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from linchpin.kernel.commands.erasing_people import forget
from linchpin.kernel.commands.purged_content import content_of, take_out
from linchpin.kernel.commands.replacing_names import put_pseudonym
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import Missing, Refused
from linchpin.kernel.records.registry import get_type, has_type


def bury_again(line: Mapping[str, Any], *, by: Person, at: datetime) -> int:
    """What one line of the list of erasures tells, within a command. Gives how many texts of the trail were blanked."""
    chain = UUID(line["chain"])
    if "pseudonym" in line and (person := Person.objects.filter(uid=chain, erased_at=None).first()):
        forget(person, line["pseudonym"], by, at)
    if "person" in line:
        _replace_again(line, chain, by, at)
    record = Record.objects.filter(uid=chain).first() if line.get("purges") else None
    if record is None or not has_type(record.type):
        return 0
    return sum(_purge_again(record, told, by, at) for told in line["purges"])


def _replace_again(line: Mapping[str, Any], chain: UUID, by: Person, at: datetime) -> None:
    """The backup still names somebody whose name was taken out of the record since: the same pseudonym stands there again."""
    person = Person.objects.filter(uid=UUID(line["person"]), erased_at=None).first()
    record = Record.objects.filter(uid=chain).first()
    if person is not None and record is not None and has_type(record.type):
        record_type = get_type(record.type)
        whole = record_type.model._default_manager.select_for_update().get(pk=record.pk)
        put_pseudonym(whole, record_type, person, line["put"], actor=access_of(by), at=at)


def _purge_again(record: Record, told: Mapping[str, str], by: Person, at: datetime) -> int:
    known = Purge.objects.filter(record_id=record.pk, kind=told["kind"], target=told["target"])
    if known.filter(state=Purge.State.PURGED, decided_at=datetime.fromisoformat(told["decided_at"])).exists():
        return 0
    record_type = get_type(record.type)
    whole = record_type.model._default_manager.get(pk=record.pk)
    blanked = 0
    with contextlib.suppress(Missing, Refused):  # it came to the record after this backup was made
        blanked = take_out(whole, record_type, content_of(whole, record_type, told["kind"], told["target"]), actor=by, reason="", at=at)
    known.filter(state=Purge.State.PROPOSED).delete()
    people = {str(uid): pk for uid, pk in Person.objects.filter(uid__in=[told["proposed_by"], told["decided_by"]]).values_list("uid", "pk")}
    Purge.objects.create(
        record_id=record.pk, kind=told["kind"], target=told["target"], what=told["what"], hash=told["hash"], reason=told["reason"],
        state=Purge.State.PURGED, proposed_by_id=people.get(told["proposed_by"], by.pk), decided_by_id=people.get(told["decided_by"], by.pk),
        proposed_at=datetime.fromisoformat(told["proposed_at"]), decided_at=datetime.fromisoformat(told["decided_at"]),
    )  # fmt: skip
    return blanked
