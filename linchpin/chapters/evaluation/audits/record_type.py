"""How an audit is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.audits.clauses import clauses_exist
from linchpin.chapters.evaluation.audits.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.evaluation.audits.rules import COMPETENT, DUTY, dates_make_sense, written_by_auditors
from linchpin.chapters.evaluation.audits.sheet import sheet_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import OWNER
from linchpin.kernel.records.refusals import Refusal
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word


@register
class AuditType(RecordType):
    key, prefix, model, lifecycle = "audit", "AUD", Audit, LIFECYCLE
    icon = "clipboard-check"
    clauses = ("9.2",)
    purpose = _("Somebody independent looks whether what was agreed is done, and whether it works. What they find is handled like any other problem.")
    worked_example = _("Audit of goods-in, two half days, by Aoife and Hanna: 22 questions, one minor nonconformity, one good practice, two not looked at.")
    sections = {
        "audit.question": ["kind", "body", "objectives", "scope", "clauses", "edition", "method"],
        "audit.day": ["held_from", "held_until", "auditor", "plan"],
        "audit.conclusion": ["conclusion"],
    }
    create_fields = ("title", "unit", "owner", "auditor", "held_from", "held_until", "objectives", "scope", "clauses", "edition", "method", "kind", "body")
    list_columns = ("number", "title", "status", "unit", "owner", "held_from", "due")
    filters = ("status", "kind", "method", "unit", "owner")
    searched = ("objectives", "scope", "clauses", "body", "plan", "conclusion")
    parents = ("audit_program",)
    checks = (dates_make_sense, clauses_exist)
    duties = (DUTY, COMPETENT)
    page_template = "audit/page.html"
    access = {"create": (Role.LEAD_AUDITOR, Role.AUDITOR, Role.QUALITY_MANAGER), "edit": (OWNER, Role.AUDITOR, Role.LEAD_AUDITOR, *MANAGERS)}
    brought = {"reported_on": ("reported on", "report date")}
    synonyms = {
        "title": ("audit", "audited area"), "held_from": ("audit date", "held on"), "body": ("audited by", "certification body"),
        "owner": ("lead auditor", "auditor"),
    }  # fmt: skip
    words = {
        "audit": Word(_("Audit"), _("Audit")),
        "audit.plural": Word(_("Audits"), _("Audits")),
        "audit.question": Word(_("What we want to know"), _("Objectives, scope and criteria")),
        "audit.day": Word(_("The day"), _("Audit plan")),
        "audit.conclusion": Word(_("What we conclude"), _("Audit conclusion")),
        "audit.planned": Word(_("Plan"), _("Planning")),
        "audit.held": Word(_("Look"), _("Conduct")),
        "audit.reported": Word(_("Report"), _("Reporting")),
        "audit.followed": Word(_("Follow up"), _("Follow-up")),
    }

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return sheet_of(record, access)

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        return written_by_auditors(record, changed, actor)

    def frozen(self, record: Any) -> Mapping[str, str]:
        if record.status == "reported":
            return dict.fromkeys(self.fields, _now("It is reported: the report stays as it is. Say what is new in a comment."))
        return {}
