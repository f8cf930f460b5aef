"""Samples drawn by an auditor's own seed, for machines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from linchpin.chapters.evaluation.visits.sampling import KINDS, Draw, draws_of, population_of
from linchpin.kernel.commands.sampling import draw as draw_sample
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, moment, named
from linchpin.surfaces.api.schemas import Reference, Strict

router = Router(tags=["on a record"])


class DrawIn(Strict):
    population: str = Field(max_length=40, json_schema_extra={"enum": list(KINDS)})
    seed: str = Field(max_length=100, description="Your own: any words or digits.")
    n: int = Field(ge=1, le=500)


class MemberOut(Schema):
    uid: str
    number: str


class DrawOut(Schema):
    population: str = Field(description="What was drawn from, in words.")
    population_n: int
    population_sha256: str = Field(description="Of the file with a line `uid number` for each record, ordered by uid; it hangs on the visit.")
    seed: str
    n: int
    drawn: list[MemberOut] = Field(description="The smallest SHA-256 of seed, line break and uid, the smallest first.")
    at: str
    person: Reference


@router.get("/visit/{number}/draws/", response=list[DrawOut], operation_id="draws", summary="Samples drawn")
def draws(request: HttpRequest, number: str) -> HttpResponse:
    """Every draw of the visit, newest first. None can be taken back."""
    asking = access(request)
    return answer([_told(one) for one in draws_of(record_of("visit", number, asking), asking)])


@router.post("/visit/{number}/draws/", response={201: DrawOut}, operation_id="draw", summary="Draw a sample")
def draw(request: HttpRequest, number: str, body: DrawIn) -> HttpResponse:
    """Draw n of a population by your seed; the draw stands in the trail of the visit."""
    asking = access(request)
    return answer(_told(_drawn(record_of("visit", number, asking), body, asking)), 201)


def _drawn(visit: Any, body: DrawIn, asking: Access) -> Draw:
    if body.population not in KINDS:
        raise Refused(never(_("Choose one of: %s.") % ", ".join(KINDS), "population"))
    draw_sample(visit, population_of(visit, body.population, asking), seed=body.seed, n=body.n, actor=asking)
    return draws_of(visit, asking)[0]


def _told(one: Draw) -> dict[str, Any]:
    drawn = [{"uid": uid, "number": number} for uid, number in one.drawn]
    return {"population": str(one.label), "population_n": one.population_n, "population_sha256": one.digest, "seed": one.seed, "n": one.n,
            "drawn": drawn, "at": moment(one.at), "person": named(one.who)}  # fmt: skip
