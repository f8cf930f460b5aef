"""How a request is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.requests.clock import clock_of
from linchpin.chapters.evaluation.requests.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.requests.models import AuditRequest
from linchpin.kernel.people.calendar import next_working_day
from linchpin.kernel.people.grants import Access, holders, site_of
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

LOOKING = (*MANAGERS, Role.TOP_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR)
ASKING = (Role.EXTERNAL_AUDITOR, Role.QUALITY_MANAGER)


@register
class AuditRequestType(RecordType):
    key, prefix, model, lifecycle = "audit_request", "REQ", AuditRequest, LIFECYCLE
    icon = "message-question"
    clauses = ("9.2",)
    purpose = _("What an auditor asked to see. The host answers, and both see how long it took.")
    worked_example = _("“Calibration of the probe on 5AX-3.” Asked 10:14, answered 10:41 with CAL-118 and the certificate: 27 minutes.")
    sections = {"request.asked": ["title", "detail"], "request.answered": ["answer"]}
    create_fields = ("title", "detail", "unit", "owner")
    list_columns = ("number", "title", "status", "unit", "owner", "minutes")
    filters = ("status", "unit", "owner")
    searched = ("detail", "answer")
    parents = ("visit",)
    page_template = "audit_request/page.html"
    listed = False
    guests = ("create", "comment", "attach", "move")
    access = {
        "read": LOOKING,
        "create": ASKING,
        "comment": (OWNER, CREATOR, *LOOKING),
        "attach": (OWNER, CREATOR, *MANAGERS),
        "link": (OWNER, *MANAGERS),
    }
    synonyms = {"title": ("request", "asked for"), "answer": ("response", "given")}
    words = {
        "audit_request": Word(_("Request"), _("Audit request")),
        "audit_request.plural": Word(_("Requests"), _("Audit requests")),
        "request.asked": Word(_("Asked"), _("Request")),
        "request.answered": Word(_("Answered"), _("Response")),
    }

    def prepare(self, record: Any, actor: Any) -> None:
        """The host of the visit answers, within what the visit promises."""
        visit = getattr(record.parent, "visit", None) if record.parent_id else None
        record.asked_at = record.created_at
        if visit is not None:
            record.within = visit.answer_within
            record.owner = record.owner or visit.host
        record.owner = record.owner or next(iter(holders(Role.QUALITY_MANAGER, record.unit)), None)
        record.due = record.due or next_working_day(localtime(record.created_at).date(), site_of(record.unit).country)
        record.original_due = record.due

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return {"clock": clock_of(record)}

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        """What a guest asked stays as it was asked."""
        if record.created_by.employment != Person.Employment.EXTERNAL_AUDITOR:
            return []
        asked = [name for name in ("title", "detail") if name in changed]
        return [never(_now("What was asked for stays in the words of whoever asked: say more in a comment."), name) for name in asked]
