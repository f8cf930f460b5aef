"""How somebody's competence to audit is shown, found and brought in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.auditors.lifecycle import DUTY, JUDGES, LIFECYCLE
from linchpin.chapters.evaluation.auditors.models import AuditCompetence
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

NAMING = (*JUDGES, Role.AUDITOR)


@register
class AuditCompetenceType(RecordType):
    key, prefix, model, lifecycle = "audit_competence", "ACO", AuditCompetence, LIFECYCLE
    icon = "certificate"
    clauses = ("7.2", "9.2.2")
    purpose = _("Who may audit, on what proof, and until when. Once the first is judged here, nobody else is announced for an audit.")
    worked_example = _("Hanna Wieczorek audits beside a lead: course of 16 hours with examination, four audits beside Aoife; valid two years.")
    sections = {"competence.who": ["auditor", "level", "valid_until"], "competence.proof": ["proof"]}
    create_fields = ("title", "auditor", "level", "proof", "valid_until", "unit", "owner")
    required = ("title", "proof", "valid_until")
    list_columns = ("number", "title", "auditor", "level", "valid_until", "status", "unit", "owner")
    filters = ("status", "level", "unit", "owner")
    searched = ("proof",)
    duties = (DUTY,)
    listed = False
    access = {"create": NAMING, "edit": (OWNER, *MANAGERS, *JUDGES), "attach": (OWNER, CREATOR, *NAMING)}
    synonyms = {"title": ("auditor competence", "qualification"), "proof": ("evidence of competence", "certificate"), "valid_until": ("expires", "expiry date")}
    words = {
        "audit_competence": Word(_("Who may audit"), _("Auditor competence")),
        "audit_competence.plural": Word(_("Who may audit"), _("Auditor competences")),
        "competence.who": Word(_("Who, and until when"), _("Auditor and validity")),
        "competence.proof": Word(_("On what proof"), _("Evidence of competence")),
        "competence.proposed": Word(_("Propose"), _("Proposal")),
        "competence.valid": Word(_("May audit"), _("Competent")),
    }

    def frozen(self, record: Any) -> dict[str, str]:
        if record.status != "valid":
            return {}
        return dict.fromkeys(("auditor", "level", "proof", "valid_until"), _now("It is judged as it stands: renew it with what is new."))
