"""How a nonconformity is shown, found and brought in."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.nonconformities.lifecycle import LIFECYCLE, State
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.chapters.improvement.nonconformities.repeats import FIELDS, REPEAT_WITHIN, is_repeat, names_last_time
from linchpin.chapters.improvement.nonconformities.rules import external_date_is_kept, lowered_by_the_quality_manager
from linchpin.kernel.links.models import Link
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import MANAGERS, RecordType, register

FIXED = _("Measure, rule and window were fixed when the lasting fix was agreed: they judge the data and stay.")


def dates_make_sense(values: Mapping[str, Any]) -> Iterator[Refusal]:
    """Nothing occurs in the future or is found before it occurred."""
    occurred, detected = values.get("occurred"), values.get("detected")
    for name, day in (("occurred", occurred), ("detected", detected)):
        if day and day > today():
            yield never(_("%s lies in the future: it cannot have happened yet.") % clock.in_words(day), name)
    if occurred and detected and detected < occurred:
        yield never(_("Found on %(found)s, before it occurred on %(occurred)s: one of the two dates is wrong.")
                    % {"found": clock.in_words(detected), "occurred": clock.in_words(occurred)}, "detected")  # fmt: skip


def failures_within_n(values: Mapping[str, Any]) -> Iterator[Refusal]:
    count, n = values.get("result_count"), values.get("result_n")
    if count is not None and n is not None and count > n:
        yield never(_("%(count)s failures out of %(n)s cannot be: check both numbers.") % {"count": count, "n": n}, "result_count")


@register
class NonconformityType(RecordType):
    key, prefix, model, lifecycle = "nonconformity", "NC", Nonconformity, LIFECYCLE
    icon = "flag"
    page_template = "nonconformity/page.html"
    clauses = ("10.2", "8.7")
    purpose = _("Something did not meet a requirement. It is stopped, put right, and where it must not come back, its cause is removed and the fix is shown to work.")  # noqa: E501
    worked_example = _("Burr left where the two bores cross. Found at inspection, 38 bodies on hold. Cause: the tool cannot reach above 30°. Fix: abrasive-flow deburring. It worked if none in 150 lots shows a burr.")  # noqa: E501
    sections = {
        "happened": ["description", "requirement", "evidence", "gap", "occurred", "detected", "source", "process", "place",
                     "severity", "severity_reason", "repeat_reason", "prior_reference"],
        "containment": ["containment", "on_hold", "correction", "consequences", "lasting_fix", "lasting_fix_reason"],
        "cause.section": ["cause", "cause_group", "cause_evidence", "escape_cause", "extent", "extent_checked"],
        "effectiveness.plan": ["measure", "rule", "window_days", "occurrences", "verifier"],
        "effectiveness": ["result", "result_count", "result_n"],
        "closing": ["risks_updated", "change_needed"],
    }  # fmt: skip
    create_fields = ("title", "description", "source", "unit", "place", "process", "occurred", "detected", "severity", "owner")
    list_columns = ("number", "title", "severity", "status", "unit", "owner", "due")
    filters = ("status", "severity", "source", "lasting_fix", "repeat", "process", "place", "cause_group", "unit", "owner")
    searched = ("description", "requirement", "evidence", "gap", "containment", "correction", "cause", "cause_evidence", "result", "place", "process")
    access = {"create": (*MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR, Role.TOP_MANAGER)}
    checks = (dates_make_sense, failures_within_n)
    urgent = Q(severity__in=("critical", "major"))
    duties = (
        "correction_owner_is_not_confirmer", "cause_author_is_not_acceptor", "action_owner_is_not_verifier", "action_owner_is_not_closer",
    )  # fmt: skip
    synonyms = {
        "title": ("problem", "nonconformity", "non-conformance", "issue", "finding", "subject", "abweichung", "não conformidade"),
        "description": ("description", "details", "text of finding", "beschreibung", "descrição", "opis", "descripción"),
        "reference": ("number", "no.", "nc number", "car number", "reference", "reference number", "id", "nr", "nummer"),
        "occurred": ("date", "occurred", "date of occurrence", "datum"),
        "detected": ("found", "detected", "date found", "reported on"),
        "severity": ("severity", "class", "grade", "priority", "schwere"),
        "owner": ("owner", "responsible", "assigned to", "who", "verantwortlich"),
        "due": ("due", "due date", "deadline", "target date", "termin"),
        "cause": ("root cause", "cause", "why", "ursache", "causa"),
        "cause_group": ("cause category", "cause code", "category of cause", "6m", "ursachenkategorie"),
        "correction": ("correction", "immediate action", "sofortmaßnahme"),
    }

    def prepare(self, record: Any, actor: Any) -> None:
        record.repeat = is_repeat(record)

    def derived(self, record: Any, touched: Collection[str]) -> Mapping[str, Any]:
        return {"repeat": is_repeat(record)} if FIELDS & set(touched) else {}

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        return [*lowered_by_the_quality_manager(record, changed, actor), *external_date_is_kept(record, changed, actor)]

    def prepare_many(self, records: Sequence[Any], actor: Any) -> None:
        """Repeats among many at once, by one look at the year before them. Those raised at one moment, as an audit's findings, repeat none of each other."""
        asking = [r for r in records if r.requirement.strip()]
        raised = _raised(asking) if asking else {}
        for record in records:
            moments = raised[_places(record)[0]] if record.requirement.strip() else []
            first = bisect_left(moments, record.created_at - REPEAT_WITHIN)
            record.repeat = names_last_time(record) or (first < len(moments) and moments[first] < record.created_at)

    def frozen(self, record: Any) -> Mapping[str, str]:
        after_approval = (State.ACTIONS_APPROVED, State.AWAITING, State.EFFECTIVE)
        if record.status in after_approval:
            return dict.fromkeys(("measure", "rule", "window_days", "occurrences", "verifier"), str(FIXED))
        return {}

    def dependents(self, record: Any) -> list[Any]:
        """Its parent, and the reports that became this problem: they follow it to its end."""
        reports = [link.source for link in Link.objects.filter(target_id=record.pk, kind="became").select_related("source")]
        return [*([record.parent] if record.parent_id else []), *reports]


Place = tuple[str, str, int]


def _places(record: Any) -> list[Place]:
    """Requirement and process, or (where it has none) unit: what two problems share when one repeats the other. The unit's stands there in any case."""
    requirement = record.requirement.strip().casefold()
    by_unit = (requirement, "", record.unit_id)
    return [(requirement, record.process, 0), by_unit] if record.process else [by_unit]


def _raised(records: Sequence[Any]) -> dict[Place, list[Any]]:
    """When problems of each requirement and place were raised, in order: these, and those standing as far back as these look."""
    since = min(r.created_at for r in records) - REPEAT_WITHIN
    wanted = {r.requirement.strip().casefold() for r in records}
    earlier = Nonconformity.objects.filter(created_at__gte=since).exclude(requirement="").exclude(phase="void")
    found: dict[Place, list[Any]] = defaultdict(list)
    for other in earlier.only("requirement", "process", "unit_id", "created_at").iterator():
        if other.requirement.strip().casefold() in wanted:
            for place in _places(other):
                found[place].append(other.created_at)
    for record in records:
        for place in _places(record):
            found[place].append(record.created_at)
    return {place: sorted(moments) for place, moments in found.items()}
