"""What hangs on a record, the same for every type: comments, files, links, children, signatures, exceptions, trail and proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.files import UploadedFile
from ninja.params.functions import File, Form

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.exceptions import check
from linchpin.kernel.files.storing import copied
from linchpin.kernel.files.storing import response as file_response
from linchpin.kernel.links.models import Link
from linchpin.kernel.links.reading import Linked, links_of
from linchpin.kernel.records.models import DeclaredException, Record
from linchpin.kernel.records.refusals import Missing
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.signatures.content import is_valid
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import named_in, record_of
from linchpin.surfaces.api.parsing import kept
from linchpin.surfaces.api.presenting import address, answer, moment, named, reference
from linchpin.surfaces.api.schemas import (
    ChildOut,
    CommentIn,
    CommentOut,
    EventOut,
    ExceptionOut,
    FileOut,
    FindingIn,
    LinkIn,
    LinkOut,
    SignatureOut,
)

router = Router(tags=["on a record"])
ON = "/{type}/{number}"


@router.get(f"{ON}/comments/", response=list[CommentOut], operation_id="comments", summary="Comments")
def comments(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """What people said about the record, oldest first."""
    found = record_of(type, number, access(request))
    rows = found.comments.select_related("author", "settled_by").prefetch_related("mentions").order_by("at", "id")
    return answer([comment_out(row) for row in rows])


def comment_out(row: Any) -> dict[str, Any]:
    """A comment as data; one that asks for a change with what became of it."""
    called = [named(person) for person in row.mentions.all()]
    settled = {"settled_at": moment(row.settled_at), "settled_by": named(row.settled_by), "settled_with": row.settled_with}
    said = {"author": named(row.author), "text": row.text, "purged": not row.text, "at": moment(row.at), "mentions": called}
    return {"id": row.pk, "kind": row.kind, **said, **settled}


@router.post(f"{ON}/comments/", response={201: CommentOut}, operation_id="comment", summary="Comment")
def comment(request: HttpRequest, type: str, number: str, body: CommentIn) -> HttpResponse:
    """Say something; whoever is called with @ and may read the record is told."""
    actor = access(request)
    return answer(comment_out(commands.comment(record_of(type, number, actor), body.text, actor=actor)), 201)


@router.get(f"{ON}/files/", response=list[FileOut], operation_id="files", summary="Files")
def files(request: HttpRequest, type: str, number: str) -> HttpResponse:
    found = record_of(type, number, access(request))
    return answer([_file(row, found) for row in found.files.select_related("person").order_by("at", "id")])


def _file(row: Any, record: Any) -> dict[str, Any]:
    return {
        "uid": str(row.uid), "name": row.name, "content_type": row.content_type, "size": row.size, "sha256": row.sha256,
        "purged": row.is_purged, "purpose": row.purpose, "person": named(row.person), "at": moment(row.at), "url": f"{address(record)}files/{row.uid}/",
    }  # fmt: skip


@router.post(f"{ON}/files/", response={201: FileOut}, operation_id="attach", summary="Attach a file")
def attach(request: HttpRequest, type: str, number: str, file: UploadedFile = File(...), purpose: str = Form("", max_length=20)) -> HttpResponse:  # noqa: B008
    """Attach a file of at most 50 MB; its content decides what it is. The same file again gives the one that hangs there."""
    actor = access(request)
    found = record_of(type, number, actor)
    return answer(_file(commands.attach(found, file, actor=actor, purpose=kept(purpose, "purpose")), found), 201)


@router.get(f"{ON}/files/{{uuid:uid}}/", operation_id="download", summary="Download a file")
def download(request: HttpRequest, type: str, number: str, uid: UUID) -> Any:
    """The bytes, with headers that keep a browser from running them."""
    stored = record_of(type, number, access(request)).files.filter(uid=uid).first()
    if stored is None:
        raise Missing(_("There is no such file."))
    return file_response(stored)


@router.get(f"{ON}/files/{{uuid:uid}}/copy/", operation_id="paper_copy", summary="A file as it goes on paper")
def paper_copy(request: HttpRequest, type: str, number: str, uid: UUID) -> Any:
    """A PDF that is a document, with number, revision, day, hash and “uncontrolled when printed” on every page. The original stays as it is."""
    found = record_of(type, number, access(request))
    stored = found.files.filter(uid=uid).first()
    copy = get_type(type).paper_copy(found, stored) if stored and not stored.is_purged else None
    if stored is None or copy is None:
        raise Missing(_("There is no such file, or it goes on paper as it is."))
    return copied(copy, stored)


@router.get(f"{ON}/links/", response=list[LinkOut], operation_id="links", summary="Links")
def links(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """Links from and to the record, as far as you may know of the other end."""
    found = record_of(type, number, access(request))
    return answer([_link(row, found) for row in links_of(found, access(request))])


def _link(row: Linked, record: Any) -> dict[str, Any]:
    outward = row.link.source_id == record.pk
    return {"id": row.link.pk, "kind": row.link.kind, "outward": outward, "words": row.words, "record": reference(row.record)}


@router.post(f"{ON}/links/", response={201: LinkOut}, operation_id="link", summary="Link")
def link(request: HttpRequest, type: str, number: str, body: LinkIn) -> HttpResponse:
    """Link the record to another; the same link again gives the one that stands."""
    actor = access(request)
    found = record_of(type, number, actor)
    made = commands.link(found, named_in(body.target, "target", actor), body.kind, actor=actor)
    return answer(next(_link(row, found) for row in links_of(found, actor) if row.link.pk == made.pk), 201)


@router.delete(f"{ON}/links/{{int:id}}/", response={204: None}, operation_id="unlink", summary="Take a link away")
def unlink(request: HttpRequest, type: str, number: str, id: int) -> HttpResponse:
    """Take a link away; the trail keeps that it stood."""
    actor = access(request)
    found = record_of(type, number, actor)
    seen = {row.link.pk for row in links_of(found, actor)}
    if id not in seen:
        raise Missing(_("There is no such link."))
    commands.unlink(Link.objects.select_related("source", "target").get(pk=id), actor=actor)
    return HttpResponse(status=204)


@router.get(f"{ON}/children/", response=list[ChildOut], operation_id="children", summary="Children")
def children(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """The records that hang under this one and that you may see."""
    found = record_of(type, number, access(request))
    rows = Record.objects.visible_to(access(request)).filter(parent_id=found.pk).select_related("owner").order_by("id")
    return answer([_child(row) for row in rows])


def _child(row: Any) -> dict[str, Any]:
    due = row.due.isoformat() if row.due else None
    return reference(row) | {"status": row.status, "phase": row.phase, "owner": named(row.owner), "due": due, "url": address(row)}


@router.get(f"{ON}/signatures/", response=list[SignatureOut], operation_id="signatures", summary="Signatures")
def signatures(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """Who signed what, and whether the record still says it."""
    found = record_of(type, number, access(request))
    return answer([_signature(row, found) for row in found.signatures.select_related("signer", "second_signer", "signed_for").order_by("id")])


def _signature(row: Any, record: Any) -> dict[str, Any]:
    return {
        "signer": named(row.signer), "signed_for": named(row.signed_for), "second_signer": named(row.second_signer),
        "meaning": row.meaning, "strength": row.strength,
        "move": row.move, "version": row.version, "content_hash": row.content_hash, "fields": row.fields,
        "signed_at": moment(row.signed_at), "valid": is_valid(row, record),
    }  # fmt: skip


@router.get(f"{ON}/exceptions/", response=list[ExceptionOut], operation_id="exceptions", summary="Declared exceptions")
def exceptions(request: HttpRequest, type: str, number: str) -> HttpResponse:
    found = record_of(type, number, access(request))
    return answer([_exception(row) for row in found.declared_exceptions.select_related("declared_by", "checked_by").order_by("id")])


def _exception(row: DeclaredException) -> dict[str, Any]:
    return {
        "id": row.pk, "duty": row.duty, "sentence": row.sentence, "reason": row.reason, "declared_by": named(row.declared_by),
        "declared_at": moment(row.declared_at), "check_due": row.check_due.isoformat(), "checked_by": named(row.checked_by),
        "checked_at": moment(row.checked_at), "finding": row.finding,
    }  # fmt: skip


@router.post(f"{ON}/exceptions/{{int:id}}/", response=ExceptionOut, operation_id="check_exception", summary="Check a declared exception")
def check_exception(request: HttpRequest, type: str, number: str, id: int, body: FindingIn) -> HttpResponse:
    """Write what you found when you looked at it: somebody else than who declared it."""
    actor = access(request)
    declared = record_of(type, number, actor).declared_exceptions.filter(pk=id).first()
    if declared is None:
        raise Missing(_("There is no such exception."))
    return answer(_exception(check(declared, body.finding, actor=actor)))


@router.get(f"{ON}/trail/", response=list[EventOut], operation_id="trail", summary="Trail")
def history(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """Every event of the record, oldest first, with its hash; people, units and records by their uid."""
    found = record_of(type, number, access(request))
    return answer([_event(row) for row in trail.history(found.pk)])


def _event(row: Any) -> dict[str, Any]:
    changes = [{"field": c.field, "old": c.old, "new": c.new, "erased": c.erased} for c in row.changes]
    said = {"sequence": row.sequence, "verb": row.verb, "actor": named(row.actor), "at": moment(row.at)}
    return said | {"reason": row.reason, "changes": changes, "hash": row.hash}


@router.get(f"{ON}/proof/", response=dict[str, Any], operation_id="proof", summary="Proof")
def proof(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """The record's events with their place under the seals: checked without this installation, by “linchpin verify”."""
    found = record_of(type, number, access(request))
    return answer(trail.proof_of(found))
