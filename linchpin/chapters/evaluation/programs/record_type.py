"""How an audit program is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.programs.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.programs.models import AuditProgram
from linchpin.chapters.evaluation.programs.rules import DUTY, dates_make_sense, planned_by_auditors
from linchpin.chapters.evaluation.programs.sheet import sheet_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import OWNER
from linchpin.kernel.records.refusals import Refusal
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word


@register
class AuditProgramType(RecordType):
    key, prefix, model, lifecycle = "audit_program", "APR", AuditProgram, LIFECYCLE
    icon = "calendar"
    clauses = ("9.2.2",)
    purpose = _("What is audited in a period, how often and why. Top management approves it; what slips is seen.")
    worked_example = _("Audits of 2026: nine areas, seven audits by Aoife and Hanna; anodizing twice, since a coating that fails grounds an aircraft.")
    sections = {
        "program.purpose": ["starts", "until", "edition", "objectives"],
        "program.means": ["risks", "resources", "gaps"],
        "program.basis": ["basis"],
        "program.evaluation": ["evaluation"],
    }
    create_fields = ("title", "starts", "until", "edition", "objectives", "risks", "resources", "unit", "owner")
    required = ("title", "starts", "until")
    list_columns = ("number", "title", "status", "starts", "until", "unit", "owner")
    filters = ("status", "edition", "unit", "owner")
    searched = ("objectives", "risks", "resources", "gaps", "evaluation")
    checks = (dates_make_sense,)
    duties = (DUTY,)
    listed = False
    page_template = "audit_program/page.html"
    access = {
        "create": (Role.LEAD_AUDITOR, Role.QUALITY_MANAGER),
        "edit": (OWNER, Role.LEAD_AUDITOR, *MANAGERS),
    }
    synonyms = {"title": ("program", "programme", "audit program"), "starts": ("from", "period from"), "until": ("period until", "to")}
    words = {
        "audit_program": Word(_("Audit program"), _("Audit program")),
        "audit_program.plural": Word(_("Audit programs"), _("Audit programs")),
        "program.purpose": Word(_("What it is for"), _("Period, criteria and objectives")),
        "program.means": Word(_("With what, and without what"), _("Risks, resources and exclusions")),
        "program.basis": Word(_("How often, as approved"), _("Frequency as approved")),
        "program.evaluation": Word(_("What we learned"), _("Evaluation of the program")),
        "program.planned": Word(_("Plan"), _("Planning")),
        "program.run": Word(_("Audit"), _("Implementation")),
        "program.evaluated": Word(_("Learn"), _("Evaluation")),
    }

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return sheet_of(record, access)

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        return planned_by_auditors(record, changed, actor)

    def frozen(self, record: Any) -> Mapping[str, str]:
        if record.status in ("draft", "void"):
            return {}
        left = set(self.fields) - {"evaluation", "owner", "due"}
        return dict.fromkeys(left, _now("It is approved as it stands: plan it again, then it is approved again."))
