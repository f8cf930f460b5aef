"""How an audited area is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.areas.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.areas.models import AuditedArea
from linchpin.chapters.evaluation.programs.rules import planned_by_auditors
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.refusals import Refusal
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word


@register
class AuditedAreaType(RecordType):
    key, prefix, model, lifecycle = "audited_area", "ARE", AuditedArea, LIFECYCLE
    icon = "target"
    clauses = ("9.2",)
    purpose = _("A process or a unit that the audit program looks at: how much hangs on it and what changes there decide how often.")
    worked_example = _("Anodizing at Lipnica: importance high, a coating that fails grounds an aircraft; new line since spring.")
    sections = {"area.weight": ["importance", "importance_reason", "change", "change_reason"]}
    create_fields = ("title", "unit", "importance", "importance_reason", "change", "change_reason", "owner")
    required = ("title",)
    list_columns = ("number", "title", "unit", "importance", "change", "status", "owner")
    filters = ("status", "importance", "change", "unit", "owner")
    searched = ("importance_reason", "change_reason")
    parents = ("audit_program",)
    listed = False
    access = {
        "create": (Role.LEAD_AUDITOR, Role.AUDITOR, Role.QUALITY_MANAGER),
        "edit": (OWNER, CREATOR, Role.LEAD_AUDITOR, *MANAGERS),
    }
    synonyms = {"title": ("process", "area", "audited process"), "importance": ("importance", "criticality"), "change": ("changes",)}
    words = {
        "audited_area": Word(_("What is audited"), _("Audited process")),
        "audited_area.plural": Word(_("What is audited"), _("Audited processes")),
        "area.weight": Word(_("How much hangs on it"), _("Importance and changes")),
        "area.included": Word(_("Looked at"), _("Included")),
    }

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        return planned_by_auditors(record, changed, actor)

    def frozen(self, record: Any) -> Mapping[str, str]:
        if record.parent is not None and record.parent.status != "draft":
            return dict.fromkeys(self.fields, _now("The program is approved: take it back to a draft, then it is approved again."))
        return {}
