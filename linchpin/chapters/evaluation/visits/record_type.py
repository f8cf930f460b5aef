"""How a visit is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.visits.inviting import days_make_sense, opened_by, registers_are_known, units_are_known
from linchpin.chapters.evaluation.visits.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.visits.models import Visit
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import may
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

LOOKING = (*MANAGERS, Role.TOP_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR, Role.ADMINISTRATOR)
INVITING = (Role.QUALITY_MANAGER,)
DOOR = ("auditor", "starts", "ends", "unit", "more_units", "public_too", "registers", "hidden_names", "last_visit")
"""What decides who sees what: only the quality manager changes it."""


@register
class VisitType(RecordType):
    key, prefix, model, lifecycle = "visit", "VIS", Visit, LIFECYCLE
    icon = "users"
    clauses = ("9.2",)
    purpose = _("An auditor from outside is invited: to what, from which day to which, and who looks after them. They read; they change nothing.")
    worked_example = _("Surveillance by Beacon Registrars, three days in March: Kateřina Dvořáková, host Daniel Petrov, all registers.")
    sections = {
        "visit.who": ["auditor", "firm", "kind", "host", "starts", "ends"],
        "visit.what": ["scope", "certificate", "edition", "more_units", "public_too", "registers", "last_visit", "answer_within"],
        "visit.plan": ["plan", "hidden_names"],
        "visit.conclusion": ["conclusion"],
    }
    create_fields = (
        "title", "unit", "more_units", "public_too", "owner", "kind", "auditor", "firm", "host", "starts", "ends", "edition", "scope", "certificate",
        "registers", "last_visit", "answer_within", "plan", "hidden_names",
    )  # fmt: skip
    list_columns = ("number", "title", "status", "unit", "owner", "auditor", "starts", "ends")
    filters = ("status", "kind", "unit", "owner")
    searched = ("firm", "scope", "plan", "conclusion")
    checks = (registers_are_known, units_are_known, days_make_sense)
    page_template = "visit/page.html"
    listed = False
    guests = ("draw",)
    access = {
        "read": LOOKING,
        "create": INVITING,
        "comment": (OWNER, CREATOR, *LOOKING),
        "draw": ("auditor",),
    }
    synonyms = {"title": ("visit", "external audit"), "starts": ("first day", "visit date"), "firm": ("registrar", "certification body")}
    words = {
        "visit": Word(_("Auditor's visit"), _("External audit")),
        "visit.plural": Word(_("Auditors' visits"), _("External audits")),
        "visit.who": Word(_("Who comes"), _("Auditor and dates")),
        "visit.what": Word(_("What they may look at"), _("Scope and criteria")),
        "visit.plan": Word(_("The days"), _("Audit plan")),
        "visit.conclusion": Word(_("What they told us"), _("Audit conclusion")),
        "visit.prepared": Word(_("Prepare"), _("Preparation")),
        "visit.open": Word(_("Here"), _("Conduct")),
    }

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        """The door is opened, moved and closed by the quality manager."""
        if actor.person.is_system or actor.covers(INVITING, record.unit_id):
            return []
        return [never(_now("Whom an invitation lets in, to what and how long, is changed by the quality manager."), name) for name in DOOR if name in changed]

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return {"may_invite": may(access, "edit", record), "opens": opened_by(record, access)}
