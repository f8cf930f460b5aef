"""How a root cause analysis is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.analyses.drawing import CONTRASTS, drawing_of
from linchpin.chapters.improvement.analyses.lifecycle import LIFECYCLE
from linchpin.chapters.improvement.analyses.models import RootCauseAnalysis
from linchpin.chapters.improvement.analyses.rules import DUTY
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import OWNER
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

IS, IS_NOT = zip(*CONTRASTS, strict=True)


@register
class RootCauseAnalysisType(RecordType):
    key, prefix, model, lifecycle = "root_cause_analysis", "RCA", RootCauseAnalysis, LIFECYCLE
    icon = "zoom-question"
    clauses = ("10.2",)
    purpose = _("Why it happened and why it was not caught: asked until the answer is something that an action can remove, and shown by evidence.")
    worked_example = _("Burr at the crossing: the brush cannot reach it, because the plan was made for straight bores, because no plan is checked against the drawing.")  # noqa: E501
    sections = {
        "rca.statement": [*IS, "method", "gate"],
        "rca.contrast": [*IS_NOT, "differences"],
        "rca.team": ["partner", "team"],
        "rca.conclusion": ["conclusion"],
    }
    create_fields = ("title", "method", "seen_what", "seen_where", "seen_when", "seen_extent", "unit", "owner", "partner", "due")
    required = ("title", "seen_what")
    list_columns = ("number", "title", "method", "status", "unit", "owner", "due")
    filters = ("status", "method", "unit", "owner")
    searched = (*IS, *IS_NOT, "differences", "conclusion", "team")
    parents = ("nonconformity",)
    duties = (DUTY,)
    listed = False
    page_template = "root_cause_analysis/page.html"
    access = {"create": (*MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR, Role.TOP_MANAGER, OWNER)}
    synonyms = {"title": ("problem", "problem statement", "thema"), "conclusion": ("root cause", "conclusion", "ergebnis")}
    words = {
        "root_cause_analysis": Word(_("Cause analysis"), _("Root cause analysis")),
        "root_cause_analysis.plural": Word(_("Cause analyses"), _("Root cause analyses")),
        "rca.statement": Word(_("What is seen"), _("Problem statement")),
        "rca.contrast": Word(_("What is not seen"), _("Is / is not")),
        "rca.team": Word(_("Who worked on it"), _("Team")),
        "rca.conclusion": Word(_("What we conclude"), _("Conclusion")),
        "rca.open": Word(_("Ask and test"), _("Analysis")),
        "rca.proposed": Word(_("Read by somebody else"), _("Review")),
    }

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return drawing_of(record, access)

    def beside(self, record: Any) -> Collection[str]:
        return () if record.method == "fault_tree" else ("gate",)

    def frozen(self, record: Any) -> Mapping[str, str]:
        if record.status == "proposed":
            return dict.fromkeys(self.fields, _now("It is being read by somebody else: ask for it back to change it."))
        return {}
