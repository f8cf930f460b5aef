"""How an action is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.actions.lifecycle import DUTY, LIFECYCLE
from linchpin.chapters.improvement.actions.models import Action
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import OWNER
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word


def owner_can_act(values: Mapping[str, Any]) -> Iterator[Refusal]:
    """Somebody with no way to sign in needs a line manager who acts for them."""
    owner = values.get("owner")
    if owner is not None and owner.account == owner.Account.NONE and not owner.badge and owner.manager_id is None:
        yield never(_("%s cannot sign in and has no line manager who would: choose somebody who can act.") % owner, "owner")


@register
class ActionType(RecordType):
    key, prefix, model, lifecycle = "action", "ACT", Action, LIFECYCLE
    icon = "list-check"
    clauses = ("10.2", "6.1", "9.3.3")
    purpose = _("One thing that one person does by a day: a quick fix, a lasting fix, or what a review decided.")
    worked_example = _("Fit a borescope station after deburring. Marek, by 31 August. Done when 20 bodies were looked into.")
    sections = {
        "what": ["kind", "what", "expected_effect", "priority"],
        "progress": ["progress", "evidence", "verification"],
    }
    create_fields = ("title", "kind", "what", "owner", "due", "expected_effect", "priority")
    required = ("title", "kind")
    list_columns = ("number", "title", "kind", "status", "unit", "owner", "due")
    filters = ("status", "kind", "priority", "unit", "owner")
    searched = ("what", "expected_effect", "progress", "evidence")
    parents = ("nonconformity",)
    checks = (owner_can_act,)
    urgent = Q(parent__nonconformity__severity__in=("critical", "major"))
    duties = (DUTY,)
    words = {
        "what": Word(_("What is to be done"), _("Action")),
        "progress": Word(_("How it goes"), _("Progress and evidence")),
        "action.open": Word(_("To do"), _("Planned")),
        "action.in_progress": Word(_("Under way"), _("In progress")),
        "action.done": Word(_("To be verified"), _("Completed, to be verified")),
    }
    access = {"create": (*MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR, Role.TOP_MANAGER, OWNER)}
    synonyms = {
        "title": ("action", "task", "measure", "what", "to do", "maßnahme", "ação", "ukrep", "acción"),
        "what": ("description", "planned action", "details", "beschreibung"),
        "owner": ("responsible", "owner", "who", "assigned to", "verantwortlich", "responsável", "responsable"),
        "due": ("due", "due date", "deadline", "by when", "target date", "termin", "prazo"),
    }
    brought = {"done_on": ("done on", "completed", "completed on", "completion date", "date completed", "closed on", "erledigt am")}

    def frozen(self, record: Any) -> dict[str, str]:
        if record.status == "done":
            return {"evidence": str(_("It waits to be verified: the evidence stays as it was given. Ask for it back to change it."))}
        return {}
