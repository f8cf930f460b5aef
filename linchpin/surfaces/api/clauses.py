"""The standard: clauses of both editions in our own words, the records that speak for each, and the edition in force."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from linchpin import standard
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.evidence import declaring, edition_of, evidence_for, held, naming
from linchpin.kernel.records.refusals import Missing
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.clause_schemas import ClauseOut, ClausesOut, EditionIn, EditionOut
from linchpin.surfaces.api.presenting import answer, brief

router = Router(tags=["the standard"])
EDITION = Query("", max_length=4, description="2015 or 2026; the one in force if left out.")


@router.get("/clauses/", response=ClausesOut, operation_id="clauses", summary="Clauses of the standard")
def clauses(request: HttpRequest, edition: str = EDITION) -> HttpResponse:
    """Every clause of the edition in the standard's order, with the types that declare it and how many of their records you may see."""
    found, counts = edition_of(edition), held(access(request))
    named = naming(access(request), found.id)
    rows = [
        {"number": one.number, "title": one.title, "text": one.text, "changed": one.altered,
         "held": [{"type": each.key, "count": counts.get(each.key, 0)} for each in declaring(one.number, found.id)]
         + [{"type": key, "count": n} for key, n in named.get(one.number, {}).items() if one.number not in get_type(key).clauses]}
        for one in found.clauses.values()
    ]  # fmt: skip
    return answer({"edition": _edition(found), "clauses": rows})


@router.get("/clauses/{clause_number}/", response=ClauseOut, operation_id="clause", summary="A clause of the standard")
def clause(request: HttpRequest, clause_number: str, edition: str = EDITION) -> HttpResponse:
    """What it asks for in our words, what 2026 changed and how sure that is, and the newest records that speak for it, as far as you may see them."""
    found = edition_of(edition)
    if clause_number not in found.clauses:
        raise Missing(_("There is no clause %s in this edition.") % clause_number[:20])
    told = asdict(found.clauses[clause_number])
    shown = evidence_for(clause_number, found.id, access(request))
    evidence = [{"type": one.type.key, "count": one.count, "newest": [brief(record) for record in one.newest]} for one in shown]
    return answer(told | {"edition": _edition(found), "evidence": evidence})


@router.get("/edition/", response=EditionOut, operation_id="edition", summary="The edition in force")
def edition(request: HttpRequest) -> HttpResponse:
    return answer(_edition(edition_of()))


@router.put("/edition/", response=EditionOut, operation_id="choose_edition", summary="Choose the edition in force")
def choose_edition(request: HttpRequest, body: EditionIn) -> HttpResponse:
    """For whoever administers the house. Records stay as they are: they speak for the clauses of both editions."""
    edit_subject(Organization.objects.get(), {"edition": body.edition}, actor=access(request))
    return answer(_edition(edition_of()))


def _edition(found: standard.Edition) -> dict[str, Any]:
    return {"id": found.id, "name": found.name, "in_force": found.id == edition_of().id}
