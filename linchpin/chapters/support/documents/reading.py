"""What the page of a document shows: its text in force, its revisions, who answered for it, and who has read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linchpin.chapters.support.documents.lifecycle import CONFIRM
from linchpin.chapters.support.revisions.models import Revision
from linchpin.chapters.support.revisions.reading import content_of
from linchpin.kernel.asking.answering import sheet_of
from linchpin.kernel.asking.models import Asked
from linchpin.kernel.asking.reading import Coverage, audience_of, coverage_of, waiting_in
from linchpin.kernel.commands.asking import LEADING
from linchpin.kernel.links.reading import ending_at
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.access import may
from linchpin.kernel.records.models import Phase
from linchpin.kernel.records.registry import get_type

FEW_UNITS = 12
"""So many units that are through stand in a table; more are a sentence."""
KEPT_UNDER, NEWEST = "kept_under", 10
"""The link of a record to the document under which it is kept; and how many of them its page shows."""


def page_of(document: Any, access: Access) -> Mapping[str, Any]:
    """The context of `document/page.html` beside what every record's page has."""
    rows = Revision.objects.filter(parent_id=document.pk).select_related("owner").order_by("-position")
    revisions = list(rows.defer("content"))  # their texts are long, and only the one in force is shown
    current = next((one for one in revisions if one.pk == document.effective_id), None)
    may_write = document.is_open and may(access, "edit", document)
    at_work = next((one for one in revisions if one.phase == Phase.OPEN), None)
    return {
        "document": document,
        "current": current,
        **(content_of(current) if current else {}),
        "before": next((one for one in revisions if current and one.position < current.position and one.phase != Phase.VOID), None),
        "revisions": [(one, get_type("revision").lifecycle.label(one.status)) for one in revisions],
        "approvals": list(current.signatures.select_related("signer").order_by("id")) if current else [],
        "bent": list(current.declared_exceptions.select_related("declared_by", "checked_by").order_by("id")) if current and current.exceptions else [],
        "may_look_at_bent": bool(current and current.exceptions and may(access, "comment", current)),
        "kept": ending_at(document, KEPT_UNDER, access, size=NEWEST),
        "at_work": at_work,
        "may_write": may_write,
        "may_revise": may_write and at_work is None,
        "days_left": (document.lapses_on - today()).days if document.lapses_on and document.is_open else None,
        **_confirming(document, access),
    }


def _confirming(document: Any, access: Access) -> Mapping[str, Any]:
    """Who is asked to read it and how far they are. Names stand there for those who lead the people, and for oneself."""
    everybody, units = coverage_of(document, CONFIRM)
    led = {one.unit.pk for one in units if one.unit and access.covers(LEADING, one.unit.pk)}
    through: list[tuple[Coverage, list[Person]]] = [(one, []) for one in units if not one.waiting]
    waiting = waiting_in(document, CONFIRM, led, access.person) if everybody.waiting else []
    mine = _asked_of(document, access.person) if everybody.asked else None
    asks_me = mine is not None and mine.answer == Asked.Answer.OPEN and document.status == "in_force"
    return {
        "audience": audience_of(document, CONFIRM),
        "everybody": everybody,
        "waiting_in": [(one, [p for p in waiting if one.unit and one.unit.pk in led and p.unit_id == one.unit.pk]) for one in units if one.waiting],
        "through": through if len(through) <= FEW_UNITS else [],
        "through_many": "" if len(through) <= FEW_UNITS else ", ".join(f"{one.unit} {one.asked}" for one, _nobody in through),
        "mine": mine,
        "asks_me": asks_me,
        "sheet": sheet_of(document, CONFIRM, document.effective_id, access.person) if asks_me else None,
        "answer_at": f"/document/{document.number}/asked/{CONFIRM}/answers/",
        "led": [person for person in waiting if person.pk != access.person.pk],
        "may_ask": document.is_open and may(access, "edit", document),
    }


def _asked_of(document: Any, person: Person) -> Asked | None:
    rows = Asked.objects.filter(record_id=document.pk, duty=CONFIRM, round=document.round, person=person).exclude(answer=Asked.Answer.LAPSED)
    return rows.first()
