"""Documents beyond their records: what is due for disposal, and the records kept under one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.functions import Query

from linchpin.chapters.support.documents.keeping import due_documents, due_revisions, until_of
from linchpin.chapters.support.documents.lifecycle import DISPOSERS
from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.documents.reading import KEPT_UNDER
from linchpin.kernel.links.reading import ending_at
from linchpin.kernel.records.refusals import Missing, NotAllowed
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.presenting import answer, reference
from linchpin.surfaces.api.schemas import RecordReference

router = Router(tags=["documents"])
USUAL, LARGEST = 50, 200


class DueOut(Schema):
    """Something that was kept long enough. `page` is where two people decide in the browser: their signatures are their own."""

    record: RecordReference
    document: RecordReference
    ended_on: date
    kept_until: date
    then: str
    page: str


class DuePage(Schema):
    """Documents, then revisions; each the longest ended first."""

    documents: int
    revisions: int
    items: list[DueOut]


class KeptOut(Schema):
    """Records kept under a document, the newest first; `years` each, without end where it is empty. `next` is what to send as `after`."""

    count: int
    years: int | None
    kept_longer: str
    items: list[RecordReference]
    next: int | None


@router.get("/documents/due-for-disposal/", response=DuePage, operation_id="due_for_disposal", summary="What was kept long enough")
def due_for_disposal(request: HttpRequest, offset: int = Query(0, ge=0, le=1_000_000), size: int = Query(USUAL, ge=1, le=LARGEST)) -> HttpResponse:
    """For the quality manager and the document controller. The moves are `keep` (a claim is open, other years) and `dispose`, which two people sign."""
    reader = access(request)
    if not reader.has(*DISPOSERS):
        raise NotAllowed(_("Disposal is for the quality manager and the document controller."))
    documents, revisions = due_documents(reader), due_revisions(reader)
    n, m = documents.count(), revisions.count()
    rows = [*documents[offset : offset + size]]
    rows += revisions[max(0, offset - n) : max(0, offset - n + size)][: size - len(rows)] if len(rows) < size else []
    return answer({"documents": n, "revisions": m, "items": [_due(one) for one in rows]})


def _due(one: Any) -> dict[str, Any]:
    document = one if isinstance(one, Document) else one.parent.document
    return {
        "record": reference(one), "document": reference(document), "ended_on": one.ended_on, "kept_until": until_of(one),
        "then": document.after_keeping, "page": f"/{one.type}/{one.number}/move/dispose/",
    }  # fmt: skip


@router.get("/documents/{number}/records/", response=KeptOut, operation_id="kept_under", summary="Records kept under a document")
def kept_under(
    request: HttpRequest, number: str, after: int = Query(0, ge=0, le=2**62), size: int = Query(USUAL, ge=1, le=LARGEST)
) -> HttpResponse:  # fmt: skip
    """As far as you may read them. A record comes here by a link of the kind `kept_under` from it to the document."""
    reader = access(request)
    document = Document.objects.visible_to(reader).filter(number=number).first()
    if document is None:
        raise Missing(_("There is no such record."))
    found = ending_at(document, KEPT_UNDER, reader, size=size, after=after)
    told = {"count": found.count, "years": document.records_years, "kept_longer": document.keep_longer}
    return answer({**told, "items": [reference(one) for one in found.records], "next": found.after or None})
