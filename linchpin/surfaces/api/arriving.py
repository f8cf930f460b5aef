"""Files brought in together, as the first hour has them: what each would become, who is meant, taking over, what they say, undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.files import UploadedFile
from ninja.params.functions import File
from pydantic import Field

from linchpin.exchange.arrivals.describing import described
from linchpin.exchange.arrivals.receiving_many import may_look_into, may_receive, open_arrival, receive_files, say_what_it_is
from linchpin.exchange.arrivals.taking_back import take_all_back, take_file_back
from linchpin.exchange.arrivals.taking_over import take_all_over
from linchpin.exchange.arrivals.who_is_who import keep_answers
from linchpin.exchange.models import Arrival, ArrivedFile, Import
from linchpin.exchange.naming import PERSON, UNIT
from linchpin.exchange.owning import give_owners
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.house_schemas import JobOut
from linchpin.surfaces.api.overview import job_out
from linchpin.surfaces.api.presenting import answer
from linchpin.surfaces.api.schemas import Strict

router = Router(tags=["files brought in together"])
ON = "/arrivals/{uuid:uid}"
SHOWN = 50


class ArrivedFileOut(Schema):
    """One file: what it is (`becomes` is a record type, `people`, `documents`, `kept`, or empty where nobody knows), how sure that is, and its rows."""

    uid: str
    name: str
    becomes: str
    sure: int = Field(description="Percent.")
    state: str
    counts: dict[str, int]
    columns: int
    understood: int
    asked: list[str] = Field(description="What only a person can say: the first three questions.")
    held: bool = Field(description="It waits for an answer and is left where it is.")
    waits_for_a_file: bool
    rows_for_others: int = Field(description="Rows that belong to records of other files.")
    wrong: str
    remarks: list[str] = Field(description="Other files that have the same numbers.")
    source: str | None = Field(description="The import of a table, as its pages have it.")


class SomebodyOut(Schema):
    key: str = Field(description="A uid, or `new:` and the name of somebody who is only in a list yet.")
    name: str


class WhoOut(Schema):
    """A name that nobody surely bears."""

    kind: str
    text: str
    rows: int
    files: list[str]
    likely: list[SomebodyOut]


class CountedOut(Schema):
    type: str
    n: int
    among: int
    lines_of: str = Field(description="The file whose lines are counted, where they never became records.")


class FindingOut(Schema):
    """Something true that the files say about themselves, with its exact counts."""

    key: str
    title: str
    says: str
    counted: list[CountedOut]


class ArrivalOut(Schema):
    uid: str
    at: str
    accepted_at: str | None
    ready: int = Field(description="How many files can be taken over as they stand.")
    files: list[ArrivedFileOut]
    who: list[WhoOut]
    findings: list[FindingOut]


class ArrivalLine(Schema):
    uid: str
    at: str
    accepted_at: str | None
    files: int


class MeantIn(Strict):
    kind: str = Field(pattern="^(person|unit)$")
    text: str = Field(max_length=200)
    means: str = Field(max_length=300, description="A uid, `new:…` as under `likely`, or `text`: nobody here.")


class NamesIn(Strict):
    names: list[MeantIn] = Field(min_length=1, max_length=100)


class BecomesIn(Strict):
    becomes: str = Field(max_length=40, description="A record type, `people`, `documents`, `kept`, or `aside` to lay it aside.")


class WhyIn(Strict):
    reason: str = Field(min_length=1, max_length=300)


@router.get("/arrivals/", response=list[ArrivalLine], operation_id="arrivals", summary="Files brought in together")
def arrivals(request: HttpRequest) -> HttpResponse:
    """The newest fifty, newest first."""
    may_receive(access(request))
    rows = Arrival.objects.prefetch_related("files").order_by("-id")[:SHOWN]
    return answer([
        {"uid": str(one.uid), "at": one.at.isoformat(), "accepted_at": one.accepted_at.isoformat() if one.accepted_at else None, "files": len(one.files.all())}
        for one in rows
    ])  # fmt: skip


@router.post("/arrivals/", response={201: ArrivalOut}, operation_id="bring_in", summary="Bring in files together")
def bring_in(request: HttpRequest, file: list[UploadedFile] = File(...)) -> HttpResponse:  # noqa: B008
    """Drop files, at most 50 MB together; a zip is unpacked. They join your own that wait. Each is looked into at once, and nothing is written yet."""
    actor = access(request)
    arrival = open_arrival(actor)
    if not receive_files(arrival, [(one.name or "", one.read()) for one in file], actor=actor):
        raise Refused(never(_("Choose some files first, or drop them on the field."), "file"))
    return answer(described(arrival, actor=actor), 201)


@router.get(f"{ON}/", response=ArrivalOut, operation_id="arrival", summary="What the files are, or became")
def arrival(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Before: what each would become, and what is asked. After: what became of it, and at most five findings."""
    return answer(described(_found(request, uid), actor=access(request)))


@router.post(f"{ON}/names/", response=ArrivalOut, operation_id="arrival_names", summary="Say who is meant")
def names(request: HttpRequest, uid: UUID, body: NamesIn) -> HttpResponse:
    """Remembered for all the files and for later ones."""
    found, actor = _found(request, uid), access(request)
    keep_answers(found, [(one.kind, one.text, _meant(one)) for one in body.names], actor=actor)
    for source in Import.objects.filter(arrived__arrival=found, state=Import.State.ACCEPTED):
        give_owners(source, actor=actor)
    return answer(described(found, actor=actor))


@router.post(f"{ON}/take-over/", response={202: JobOut}, operation_id="arrival_take_over", summary="Take over what can be")
def take_over(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A job: people first, then documents, then records with those above before those below. Nothing is sent to anyone."""
    return answer(job_out(take_all_over(_found(request, uid), actor=access(request))), 202)


@router.post(f"{ON}/files/{{uuid:file}}/becomes/", response=ArrivalOut, operation_id="arrived_becomes", summary="Say what a file is")
def becomes(request: HttpRequest, uid: UUID, file: UUID, body: BecomesIn) -> HttpResponse:
    say_what_it_is(_file(request, uid, file), body.becomes, actor=access(request))
    return answer(described(_found(request, uid), actor=access(request)))


@router.post(f"{ON}/files/{{uuid:file}}/undo/", response=ArrivalOut, operation_id="arrived_undo", summary="Undo what a file brought")
def undo_file(request: HttpRequest, uid: UUID, file: UUID, body: WhyIn) -> HttpResponse:
    """Possible as long as nobody worked on what it brought; documents of the heap are undone together."""
    found, actor = _file(request, uid, file), access(request)
    take_file_back(found, body.reason, actor=actor)
    return answer(described(_found(request, uid), actor=actor))


@router.post(f"{ON}/undo/", response=ArrivalOut, operation_id="arrival_undo", summary="Undo everything")
def undo_all(request: HttpRequest, uid: UUID, body: WhyIn) -> HttpResponse:
    """The last file first. What somebody works on stays as it is, with the sentence under `wrong`."""
    take_all_back(_found(request, uid), body.reason, actor=access(request))
    return answer(described(_found(request, uid), actor=access(request)))


def _found(request: HttpRequest, uid: UUID) -> Arrival:
    may_receive(access(request))
    found = Arrival.objects.select_related("job", "person").filter(uid=uid).first()
    if found is None:
        raise Missing(_("There are no such files."))
    return found


def _file(request: HttpRequest, uid: UUID, file: UUID) -> ArrivedFile:
    found = ArrivedFile.objects.select_related("arrival", "source").filter(arrival=_found(request, uid), uid=file).first()
    if found is None or not may_look_into(found, access(request)):
        raise Missing(_("There are no such files."))
    return found


def _meant(one: MeantIn) -> str:
    """The answer as the pages give it: people and units by their key."""
    try:
        uid = UUID(one.means)
    except ValueError:
        return one.means if not one.means.isdecimal() else ""
    models: dict[str, Any] = {PERSON: Person, UNIT: Unit}
    found = models[one.kind].objects.filter(uid=uid).first()
    if found is None:
        raise Missing(_("There is no such person.") if one.kind == PERSON else _("There is no such unit."))
    return str(found.pk)
