"""Papers that customers ask for, filled from the records: an 8D report and an A3 of a problem. Nothing is typed twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.chapters.improvement.causes.tree import tree_of, walk
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.presenting import shown
from linchpin.surfaces.web.record import record_or_404


@dataclass(frozen=True, slots=True)
class Line:
    """Something said under a heading: a label (may be empty), the text, and the record it comes from."""

    label: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the paper. Without lines it says that nothing is known yet."""

    mark: str
    heading: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Facts:
    """What both papers are filled from, as far as the reader may see it."""

    problem: Any
    analyses: list[Any]
    roots: list[Any]
    actions: list[Any]
    report: Any


def eight_d(facts: Facts) -> list[Step]:
    """The eight disciplines and the step before them, in the order that customers know."""
    nc = facts.problem
    return [
        Step("D0", _("Emergency response"), _said(nc, "severity", "severity_reason")),
        Step("D1", _("Team"), _team(facts)),
        Step("D2", _("Problem"), _said(nc, "description", "requirement", "evidence", "gap", "occurred", "detected", "place", *_added())),
        Step("D3", _("Containment"), _said(nc, "containment", "on_hold", "correction", "consequences")),
        Step("D4", _("Root causes"), _causes(facts)),
        Step("D5", _("Chosen corrective actions"), [*_actions(facts, _plan), *_said(nc, "measure", "rule")]),
        Step("D6", _("Implemented, and whether it worked"), [*_actions(facts, _proof), *_said(nc, "result", "verdict")]),
        Step("D7", _("So that it cannot happen elsewhere"), _said(nc, "extent", "extent_checked", "change_needed", "risks_updated")),
        Step("D8", _("Thanks"), _thanks(facts)),
    ]


def a3(facts: Facts) -> list[Step]:
    """One sheet: background, where we stand, goal, analysis, countermeasures, plan, follow-up."""
    nc = facts.problem
    return [
        Step("1", _("Background"), _said(nc, "description", "consequences")),
        Step("2", _("Where we stand"), _said(nc, "requirement", "evidence", "gap", "containment", *_added())),
        Step("3", _("Goal"), _said(nc, "measure", "rule", "window_days", "occurrences")),
        Step("4", _("Analysis"), _causes(facts)),
        Step("5", _("Countermeasures"), [*_said(nc, "correction"), *_actions(facts, lambda a: a.action.what or a.action.expected_effect)]),
        Step("6", _("Plan"), _actions(facts, _plan)),
        Step("7", _("Follow-up"), _said(nc, "result", "verdict", "extent_checked", "change_needed")),
    ]


PAPERS: dict[str, tuple[Any, Callable[[Facts], list[Step]]]] = {"8d": ("8D", eight_d), "a3": ("A3", a3)}


@login_required
@require_safe
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A problem as an 8D report or as an A3, to be read, printed or sent."""
    access: Access = request.access  # type: ignore[attr-defined]
    problem = record_or_404("nonconformity", number, access)
    name, filled = PAPERS[kind]
    steps = filled(_facts(problem, access))
    context = {"record": problem, "name": name, "kind": kind, "steps": steps, "plural": get_type("nonconformity").plural(access.person.labels)}
    return render(request, "linchpin/paper.html", context)


def _facts(problem: Any, access: Access) -> Facts:
    below = Record.objects.visible_to(access).filter(parent_id=problem.pk).exclude(phase="void")
    analyses = below.filter(type="root_cause_analysis").select_related("rootcauseanalysis__partner", "owner")
    worked = list(analyses.filter(status="accepted").order_by("id")) or list(analyses.order_by("-id")[:1])
    roots = [branch.cause for analysis in worked for branch in walk(tree_of(analysis)) if branch.cause.status == "root"]
    actions = list(below.filter(type="action").select_related("action", "owner").order_by("id"))
    came = Link.objects.filter(target_id=problem.pk, kind="became").values_list("source_id", flat=True)
    report = Record.objects.visible_to(access).filter(pk__in=came, type="concern").select_related("concern__thanked_by").first()
    return Facts(problem, worked, roots, actions, report)


def _said(record: Any, *names: str) -> list[Line]:
    label = get_type(record.type).field_label
    return [Line(label(name), text) for name in names if (text := shown(record, name))]


def _added() -> tuple[str, ...]:
    """What the house asks of problems besides."""
    return tuple(get_type("nonconformity").added)


def _team(facts: Facts) -> list[Line]:
    people = [(_("Owner"), facts.problem.owner), (_("Confirms"), facts.problem.verifier)]
    for analysis in facts.analyses:
        people += [(_("Analysis"), analysis.owner), (_("Analysis"), analysis.rootcauseanalysis.partner)]
    named: dict[str, list[str]] = {}
    for label, person in dict.fromkeys(people):
        if person:
            named.setdefault(label, []).append(person.name)
    asked = [(analysis.rootcauseanalysis.team, analysis.number) for analysis in facts.analyses]
    return [Line(label, ", ".join(names)) for label, names in named.items()] + [Line(_("Also asked"), team, number) for team, number in asked if team]


def _causes(facts: Facts) -> list[Line]:
    """The root causes of the analyses with evidence and test; where there is none, what the problem itself says."""
    if facts.roots:
        return [Line(str(c.get_kind_display()), " ".join(filter(None, (f"{c.title}.", c.evidence, c.test))), c.number) for c in facts.roots]
    return _said(facts.problem, "cause", "cause_evidence", "escape_cause")


def _actions(facts: Facts, say: Callable[[Any], str]) -> list[Line]:
    return [Line(action.title, text, action.number) for action in facts.actions if (text := say(action))]


def _plan(action: Any) -> str:
    who = action.owner.name if action.owner else _("nobody yet")
    if not action.due:
        return str(who)
    return _("%(who)s, by %(day)s") % {"who": who, "day": shown(action, "due")}


def _proof(action: Any) -> str:
    done = action.action
    state = str(get_type("action").lifecycle.label(action.status))
    return ". ".join(part.rstrip(".") for part in (state, done.evidence, done.verification) if part) + "."


def _thanks(facts: Facts) -> list[Line]:
    concern = facts.report.concern if facts.report else None
    if concern is None or not concern.thanks:
        return []
    return [Line(concern.thanked_by.name if concern.thanked_by else "", concern.thanks, facts.report.number)]
