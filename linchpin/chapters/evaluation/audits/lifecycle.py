"""An audit from its announcement to the last finding: announced, held, reported within ten working days, followed up."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from linchpin.chapters.evaluation.audits import rules
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Lifecycle, Strength, Transition

REPORT_WITHIN = 10
"""Working days from the last day of the audit to its report (model, section 32)."""


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    NOTIFIED = "notified", _("Announced")
    IN_PROGRESS = "in_progress", _("Under way")
    REPORTING = "reporting", _("Report is due")
    REPORTED = "reported", _("Reported")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    VOID = "void", _("Void")


def report_is_due(audit: Any, actor: Person) -> None:
    audit.held_until = audit.held_until or today()
    audit.due = add_working_days(today(), REPORT_WITHIN, audit.unit.country)


def mark_reported(audit: Any, actor: Person) -> None:
    audit.reported_on = today()


def tell_the_audited(audit: Any, actor: Access) -> None:
    text = Said(gettext_noop("%(number)s is announced: %(title)s"), {"number": audit.number, "title": audit.title})
    tell(_audited(audit), record=audit, kind="audit", text=text, at=audit.updated_at, actor=actor.person)


def tell_of_the_report(audit: Any, actor: Access) -> None:
    text = Said(gettext_noop("%(number)s is reported: %(title)s"), {"number": audit.number, "title": audit.title})
    people = [*_audited(audit), *holders(Role.QUALITY_MANAGER, audit.unit), *holders(Role.TOP_MANAGER, audit.unit)]
    tell(list(dict.fromkeys(people)), record=audit, kind="audit", text=text, at=audit.updated_at, actor=actor.person)


def _audited(audit: Any) -> list[Person]:
    """Who leads what is audited."""
    head = [audit.unit.head_person] if audit.unit.head_person_id else []
    return list(dict.fromkeys([*head, *(person for role in rules.LEADING for person in holders(role, audit.unit))]))


LEADS = (OWNER, Role.LEAD_AUDITOR)
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.PLANNED,
    phases={State.CLOSED: "done", State.CANCELLED: "done", State.VOID: "void"},
    stations=(
        ("audit.planned", (State.PLANNED, State.NOTIFIED)),
        ("audit.held", (State.IN_PROGRESS,)),
        ("audit.reported", (State.REPORTING,)),
        ("audit.followed", (State.REPORTED,)),
    ),
    transitions=(
        Transition(
            "notify", _("Announce it"), (State.PLANNED,), State.NOTIFIED, by=(*LEADS, Role.QUALITY_MANAGER),
            asks=("owner", "auditor", "held_from", "held_until", "scope", "plan"), needs=("owner", "held_from", "scope"),
            rules=(rules.auditors_are_independent, rules.auditors_are_competent), then=tell_the_audited,
            explain=_("Say when, what and by whom. Whoever leads the unit is told."),
        ),
        Transition(
            "begin", _("Begin"), (State.NOTIFIED,), State.IN_PROGRESS, by=(*LEADS, "auditor"), rules=(rules.asks_something,),
            explain=_("From here on the questions of the checklist are answered with what you see."),
        ),
        Transition(
            "finish", _("All is looked at"), (State.IN_PROGRESS,), State.REPORTING, by=(*LEADS, "auditor"), rules=(rules.everything_answered,),
            effect=report_is_due, explain=_("The report is due within ten working days."),
        ),
        Transition(
            "report", _("Report it"), (State.REPORTING,), State.REPORTED, by=LEADS, asks=("conclusion",), needs=("conclusion",),
            rules=(rules.everything_answered,), effect=mark_reported, then=tell_of_the_report,
            signature=_("I report what we saw"), strength=Strength.CONFIRM,
            explain=_("Is it done as agreed, and does it work? From here on the report stays as it is."),
        ),
        Transition(
            "close", _("Close the audit"), (State.REPORTED,), State.CLOSED, by=LEADS, rules=(rules.findings_are_handled,),
            signature=_("I closed this audit"), strength=Strength.CONFIRM,
            explain=_("Every nonconformity is closed, or its lasting fix is agreed."),
        ),
        Transition(
            "cancel", _("Cancel"), (State.PLANNED, State.NOTIFIED), State.CANCELLED, by=(*LEADS, CREATOR, Role.QUALITY_MANAGER), reason=True, backward=True,
        ),
        Transition("void", _("Void"), (State.PLANNED, State.NOTIFIED), State.VOID, by=(Role.QUALITY_MANAGER,), reason=True, backward=True),
    ),
)  # fmt: skip
