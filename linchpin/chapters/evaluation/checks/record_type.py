"""How a line of the checklist is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.audits.rules import written_by_auditors
from linchpin.chapters.evaluation.checks.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.checks.models import AuditCheck
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.refusals import Refusal
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word


@register
class AuditCheckType(RecordType):
    key, prefix, model, lifecycle = "audit_check", "CHK", AuditCheck, LIFECYCLE
    icon = "checklist"
    clauses = ("9.2",)
    fresh_for = 36
    clause_field = "clause"
    proving = ("conforms", "fails", "opportunity", "good_practice")
    purpose = _("One question of an audit: what was sampled, what was seen, and what follows from it.")
    worked_example = _("Are gauges in use inside their date? 12 of 80 sampled by drawing lots: 11 were, TG-092 was nine days over. Nonconformity, minor.")
    sections = {"check.question": ["clause", "look_for"], "check.seen": ["sample", "evidence"], "check.follows": ["requirement", "statement", "grade"]}
    create_fields = ("title", "clause", "look_for", "unit", "owner")
    list_columns = ("number", "title", "clause", "status", "grade", "unit", "owner")
    filters = ("status", "clause", "grade", "unit", "owner")
    searched = ("look_for", "sample", "evidence", "requirement", "statement", "clause")
    parents = ("audit",)
    listed = False
    access = {"create": (Role.AUDITOR, Role.LEAD_AUDITOR, Role.QUALITY_MANAGER), "edit": (OWNER, CREATOR, Role.AUDITOR, Role.LEAD_AUDITOR, *MANAGERS)}
    synonyms = {"title": ("question", "check", "frage"), "clause": ("clause", "requirement no", "kapitel"), "evidence": ("evidence", "seen")}
    words = {
        "audit_check": Word(_("What was looked at"), _("Audit evidence")),
        "audit_check.plural": Word(_("What was looked at"), _("Audit evidence")),
        "check.question": Word(_("The question"), _("Criterion")),
        "check.seen": Word(_("What was seen"), _("Objective evidence")),
        "check.follows": Word(_("What follows"), _("Finding")),
        "check.open": Word(_("To be looked at"), _("Open")),
    }

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        return written_by_auditors(record, changed, actor)

    def frozen(self, record: Any) -> Mapping[str, str]:
        if record.parent is not None and record.parent.status in ("reported", "closed"):
            return dict.fromkeys(self.fields, _now("The audit is reported: what was seen stays as it was."))
        return {}
