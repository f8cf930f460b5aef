"""Cause analyses beyond their records: the ways of a fault tree, its drawing, and counts of problems like the one that is analyzed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from linchpin.chapters.improvement.analyses.alike import Alike, alike, asked_of
from linchpin.chapters.improvement.analyses.bars import KIND
from linchpin.chapters.improvement.analyses.events import drawn
from linchpin.chapters.improvement.analyses.fault_tree import Read, read_tree
from linchpin.chapters.improvement.analyses.saying_alike import about, figures_of, sentences_of
from linchpin.chapters.improvement.analyses.ways import groups_of, notes_of
from linchpin.kernel import commands
from linchpin.kernel.files.figures import figures_of as kept_figures
from linchpin.kernel.records.refusals import Missing
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, moment, named
from linchpin.surfaces.api.schemas import Strict

router = Router(tags=["analyses"])
KEY = "root_cause_analysis"


class WayOut(Schema):
    """A minimal cut set: the numbers of its events, and how probable they are together if each has a probability."""

    events: list[str]
    probability: float | None


class FaultTreeOut(Schema):
    ways: list[WayOut]
    probability: float | None = Field(description="Of the top event, exact; null while an event has none.")
    at_least: float | None = Field(description="What those ways make whose events all have a probability.")
    missing: list[str] = Field(description="Events in the ways without a probability.")
    sentences: list[str]


class BarOut(Schema):
    name: str
    n: int
    share: float
    lower: float
    upper: float
    cumulative: float
    query: str = Field(description="The filters by which the register shows its rows.")


class AlikeOut(Schema):
    """Problems like the one that is analyzed, from the largest group down; shares in per cent with Wilson's interval."""

    about: str
    by: str
    n: int
    without: int
    bars: list[BarOut]
    more_groups: int
    more_cases: int
    sentences: list[str]
    offered: dict[str, str] = Field(description="What problems may be like this one in, with its value.")


class AlikeIn(Strict):
    """What is counted; left out, the same process (or unit), by group of causes, of two years."""

    like: list[str] | None = Field(None, max_length=20)
    by: str | None = Field(None, max_length=40)
    period: str | None = Field(None, max_length=3)


class FiguresOut(Schema):
    kind: str
    at: str | None
    who: dict[str, str] | None
    sha256: str
    figures: dict[str, Any] | None = Field(description="Null where they are gone or not what the trail says.")


@router.get("/analyses/{number}/fault-tree/", response=FaultTreeOut, operation_id="fault_tree", summary="The ways of a fault tree")
def ways(request: HttpRequest, number: str) -> HttpResponse:
    """In which ways the top event can happen (minimal cut sets), those by one event first, and how probable that makes it."""
    read = _read(request, number)
    told = [*(group.sentence for group in groups_of(read)), *notes_of(read)]
    if read.found is None:
        return answer({"ways": [], "probability": None, "at_least": None, "missing": [], "sentences": told})
    found = read.found
    return answer({
        "ways": [{"events": list(way.events), "probability": way.probability} for way in found.ways],
        "probability": found.probability, "at_least": found.at_least, "missing": list(found.missing), "sentences": told,
    })  # fmt: skip


@router.get("/analyses/{number}/fault-tree.svg", operation_id="fault_tree_drawing", summary="A fault tree as a drawing")
def drawing(request: HttpRequest, number: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{number}.svg"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(drawn(_read(request, number), linked=False), content_type="image/svg+xml", headers=headers)


@router.get("/analyses/{number}/alike/", response=AlikeOut, operation_id="problems_alike", summary="Problems like the one that is analyzed")
def count(
    request: HttpRequest,
    number: str,
    like: list[str] | None = Query(None),  # noqa: B008
    by: str | None = Query(None, max_length=40),
    period: str | None = Query(None, max_length=3),
) -> HttpResponse:
    """A Pareto count as far as you may read: repeat `like` for each thing they have in common, or send it empty for all problems."""
    return answer(_told(_counted(request, number, AlikeIn(like=like, by=by, period=period))))


@router.post("/analyses/{number}/figures/", response={201: FiguresOut}, operation_id="keep_figures", summary="Keep a count with the analysis")
def keep(request: HttpRequest, number: str, body: AlikeIn) -> HttpResponse:
    """The same count as it stands today, as a file of the analysis whose SHA-256 is in its trail."""
    actor = access(request)
    analysis = record_of(KEY, number, actor)
    stored = commands.keep_figures(analysis, KIND, figures_of(_counted(request, number, body)), actor=actor)
    return answer(next(one for one in _kept(analysis) if one["sha256"] == stored.sha256), 201)


@router.get("/analyses/{number}/figures/", response=list[FiguresOut], operation_id="figures", summary="Figures kept with the analysis")
def figures(request: HttpRequest, number: str) -> HttpResponse:
    return answer(_kept(record_of(KEY, number, access(request))))


def _read(request: HttpRequest, number: str) -> Read:
    actor = access(request)
    analysis = record_of(KEY, number, actor)
    if analysis.method != "fault_tree":
        raise Missing(_("This analysis is no fault tree."))
    return read_tree(analysis, actor)


def _counted(request: HttpRequest, number: str, body: AlikeIn) -> Alike:
    actor = access(request)
    analysis = record_of(KEY, number, actor)
    given = {
        "like": None if body.like is None else [value for value in body.like if value],
        "by": body.by and [body.by],
        "period": body.period and [body.period],
    }
    question = asked_of(analysis, actor, {name: values for name, values in given.items() if values is not None})
    return alike(analysis, question, actor)


def _told(found: Alike) -> dict[str, Any]:
    groups, cases = found.more
    offered = {name: text for name, (_label, text) in found.offered.items()}
    return {
        "about": about(found), "by": found.question.by, "n": found.n, "without": found.without, "bars": [asdict(bar) for bar in found.bars],
        "more_groups": groups, "more_cases": cases, "sentences": sentences_of(found), "offered": offered,
    }  # fmt: skip


def _kept(analysis: Any) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "at": moment(one.at), "who": named(one.who), "sha256": one.file.sha256, "figures": one.told and dict(one.told)}
        for one in kept_figures(analysis)
    ]
