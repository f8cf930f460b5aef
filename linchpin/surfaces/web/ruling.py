"""Rules in force: how far each separation of duties may bend, and which exceptions were declared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.commands.house_rules import RULES, HouseRule, decide_rule, house_rule
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.models import DeclaredException, DutyRule, Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.web.organizing import reading

DUTIES: dict[str, Any] = {
    "action_owner_is_not_verifier": gettext_lazy("Whoever carries out a lasting fix does not verify that it worked."),
    "action_owner_is_not_closer": gettext_lazy("Whoever carries out an action does not close it."),
    "cause_author_is_not_acceptor": gettext_lazy("Whoever found the cause does not accept it."),
    "correction_owner_is_not_confirmer": gettext_lazy("Whoever made the quick fix does not confirm it."),
    "document_author_is_not_approver": gettext_lazy("Whoever wrote a document does not approve it."),
    "auditor_is_independent": gettext_lazy("Nobody audits where they work or lead."),
    "auditor_is_competent": gettext_lazy("Nobody audits whose competence is not on file, once it is kept."),
    "auditor_does_not_judge_own_competence": gettext_lazy("Nobody judges their own competence to audit."),
    "program_planner_is_not_approver": gettext_lazy("Whoever plans an audit program does not approve it."),
    "analysis_author_is_not_reviewer": gettext_lazy("Whoever analyzed a problem does not accept the analysis."),
}
SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Each duty with what top management decided, and the exceptions among the records that the person may see."""
    access = reading(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            messages.success(request, _("Decided: %s.") % _decide(request, access))
        except Refused as problem:
            refused = problem
        else:
            return redirect("rules")
    decided = {row.duty: row.mode for row in DutyRule.objects.all()}
    every = (duty for record_type in all_types() for duty in record_type.duties)
    known = {**DUTIES, **{duty: duty.replace("_", " ") for duty in every if duty not in DUTIES}}
    visible = Record.objects.visible_to(access).values("pk")
    rows = DeclaredException.objects.filter(record_id__in=visible).select_related("record", "declared_by", "checked_by").order_by("-id")
    context = {
        "duties": [(duty, sentence, decided.get(duty, DutyRule.Mode.WHEN_ALONE)) for duty, sentence in known.items()],
        "numbers": [_number(name, rule) for name, rule in RULES.items()],
        "faults": refused.by_field() if refused else {},
        "modes": DutyRule.Mode.choices,
        "may_decide": access.has(Role.TOP_MANAGER),
        "exceptions": [(row, DUTIES.get(row.duty, row.duty.replace("_", " "))) for row in rows[:SHOWN]],
        "total": rows.count(),
    }
    return render(request, "linchpin/rules.html", context, status=refused.status if refused else 200)


def _decide(request: HttpRequest, access: Access) -> Any:
    """A number of the house, or how far a duty may bend. Gives what was decided, in words. Raises Refused, NotAllowed."""
    if name := request.POST.get("rule", ""):
        typed = request.POST.get("number", "")
        n = decide_rule(name, int(typed) if typed.isdecimal() and len(typed) < 6 else 0, actor=access, reason=request.POST.get("reason", ""))
        return RULES[name].counted % {"n": n}
    rule = decide(request.POST.get("duty", ""), request.POST.get("mode", ""), actor=access)
    return rule.get_mode_display()


def _number(name: str, rule: HouseRule) -> tuple[str, HouseRule, int, str]:
    n = house_rule(name)
    return name, rule, n, str(rule.counted % {"n": n})
