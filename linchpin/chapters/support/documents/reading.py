"""What the page of a document shows: its text in force, its revisions, who answered for it, and who has read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linchpin.chapters.support.revisions.models import Revision
from linchpin.chapters.support.revisions.reading import content_of
from linchpin.kernel.asking.answering import sheet_of
from linchpin.kernel.asking.models import Asked
from linchpin.kernel.asking.reading import asked_of, audience_of, choosable, coverage_of
from linchpin.kernel.commands.asking import LEADING
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.models import Phase
from linchpin.kernel.records.registry import get_type


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
        "at_work": at_work,
        "may_write": may_write,
        "may_revise": may_write and at_work is None,
        "days_left": (document.lapses_on - today()).days if document.lapses_on and document.is_open else None,
        **_confirming(document, access),
    }


def _confirming(document: Any, access: Access) -> Mapping[str, Any]:
    """Who is asked to read it and how far they are. Names stand there for those who lead the people, and for oneself."""
    rows = list(asked_of(document, "confirm")) if document.round else []
    everybody, units = coverage_of(rows)
    mine = next((row for row in rows if row.person_id == access.person.pk), None)
    asks_me = mine is not None and mine.answer == Asked.Answer.OPEN and document.status == "in_force"
    led = [row.person for row in rows if row.answer == Asked.Answer.OPEN and leads(access, row.person)]
    return {
        "audience": audience_of(document, "confirm"),
        "everybody": everybody,
        "coverage": [(one, one.unit is not None and access.covers(LEADING, one.unit.pk)) for one in units],
        "mine": mine,
        "asks_me": asks_me,
        "sheet": sheet_of(document, "confirm", document.effective_id, access.person) if asks_me else None,
        "answer_at": f"/document/{document.number}/asked/confirm/answers/",
        "led": led,
        "choices": choosable(groups=True) if document.is_open and may(access, "edit", document) else [],
    }


def leads(access: Access, person: Any) -> bool:
    return person.pk != access.person.pk and (access.covers(LEADING, person.unit_id) or person.manager_id == access.person.pk)
