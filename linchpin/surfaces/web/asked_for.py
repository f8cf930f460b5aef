"""What an auditor asked for, as the room lists it: with its clock, its answer and what shows it; and how a host answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.requests.clock import Clock, clock_of
from linchpin.chapters.evaluation.requests.models import AuditRequest
from linchpin.kernel import commands
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access, site_of
from linchpin.kernel.records.access import may_move
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import get_type

KEY = "audit_request"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the record, its clock, what answers it, and which moves this person may make."""

    record: Any
    clock: Clock
    status: str
    moves: frozenset[str]
    records: list[Record] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)


def asked_for(visit: Any, access: Access) -> list[Asked]:
    """The visit's requests, oldest first. Four queries, however many there are."""
    kind = get_type(KEY)
    rows = AuditRequest.objects.visible_to(access).filter(parent_id=visit.pk).exclude(phase="void")
    found = list(rows.select_related("owner", "unit", "created_by").order_by("asked_at", "id"))
    if not found:
        return []
    site = site_of(visit.unit)
    shown, files = _shown([row.pk for row in found], access), defaultdict(list)
    for file in StoredFile.objects.filter(record_id__in=[row.pk for row in found]).order_by("id"):
        files[file.record_id].append(file)
    return [
        Asked(row, clock_of(row, site), kind.lifecycle.label(row.status), _moves(row, access), shown[row.pk], files[row.pk])
        for row in found
    ]  # fmt: skip


def _shown(ids: list[int], access: Access) -> dict[int, list[Record]]:
    links = list(Link.objects.filter(source_id__in=ids, kind="evidence").values_list("source_id", "target_id").order_by("id"))
    seen = Record.objects.visible_to(access).in_bulk({target for _source, target in links})
    found: dict[int, list[Record]] = defaultdict(list)
    for source, target in links:
        if target in seen:
            found[source].append(seen[target])
    return found


def _moves(row: Any, access: Access) -> frozenset[str]:
    return frozenset(move.name for move in get_type(KEY).lifecycle.moves_from(row.status) if may_move(access, move, row))


def request_of(visit: Any, number: str, access: Access) -> Any:
    found = AuditRequest.objects.visible_to(access).filter(parent_id=visit.pk, number=number).first()
    if found is None:
        raise Missing(_("There is no such request."))
    return found


def answered(found: Any, request: HttpRequest, access: Access) -> None:
    """Attach, link and answer in one go: what is refused leaves nothing behind."""
    records = [_named(number, found, access) for number in request.POST.get("records", "").replace(",", " ").split()]
    with commands.command():
        for upload in request.FILES.getlist("file"):
            commands.attach(found, upload, actor=access, purpose="evidence")
        for record in records:
            commands.link(found, record, "evidence", actor=access)
        commands.move(found, "answer", actor=access, values={"answer": request.POST.get("answer", "")})


def _named(number: str, found: Any, access: Access) -> Record:
    record = Record.objects.visible_to(access).filter(number=number.upper()).first()
    if record is None:
        raise Refused(never(_("There is no record “%s”: give its number, for example NC-2026-0001.") % number[:40], "records"))
    if record.confidentiality == "restricted":
        sentence = _("%s is restricted: an auditor from outside does not see it. Answer with another record, or in a sentence.")
        raise Refused(never(sentence % record.number, "records"))
    return record
