"""The five stations of a nonconformity: stop it, quick fix, why, lasting fix, did it work? (10.2.1 a to f)"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from linchpin.chapters.improvement.nonconformities import rules
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.lifecycle import OWNER, Lifecycle, Strength, Transition


class State(models.TextChoices):
    REPORTED = "reported", _("Reported")
    REGISTERED = "registered", _("Stop it")
    CONTAINED = "contained", _("Quick fix")
    CORRECTED = "corrected", _("Why")
    CAUSE_FOUND = "cause_found", _("Lasting fix, to be agreed")
    ACTIONS_APPROVED = "actions_approved", _("Lasting fix")
    AWAITING = "awaiting_effectiveness", _("Did it work?")
    EFFECTIVE = "effective", _("It worked, to be closed")
    CLOSED = "closed", _("Closed, worked")
    CLOSED_WITHOUT_FIX = "closed_no_fix", _("Closed, no fix needed")
    VOID = "void", _("Void")


DEADLINES = {"critical": 30, "major": 60, "minor": 90}
"""Days until it is fixed for good, by severity (model, section 28)."""


def start_clock(nc: Any, actor: Person) -> None:
    """The whole problem is due when its lasting fix is, unless somebody (or an external auditor) set a date."""
    if nc.due is None and nc.severity in DEADLINES:
        nc.due = today() + timedelta(days=DEADLINES[nc.severity])
    if nc.detected is None:
        nc.detected = today()


def start_watching(nc: Any, actor: Person) -> None:
    nc.watched_from = today()
    nc.watched_until = today() + timedelta(days=nc.window_days) if nc.window_days else None


def it_worked(nc: Any, actor: Person) -> None:
    nc.verdict = "effective"


def keep_watching(nc: Any, actor: Person) -> None:
    nc.verdict = "unknown"
    nc.watched_until = max(nc.watched_until or today(), today()) + timedelta(days=max(nc.window_days or 0, rules.SHORTEST_WINDOW))


def it_did_not_work(nc: Any, actor: Person) -> None:
    """The round that failed is kept as it was, for ever; the next one starts at “Why”."""
    kept = ("cause", "cause_evidence", "escape_cause", "measure", "rule", "result", "result_count", "result_n")
    failed = {name: getattr(nc, name) for name in kept}
    failed |= {"round": nc.round_number, "failed_on": today().isoformat(), "by": str(actor.uid), "name": actor.name}
    nc.rounds = [*nc.rounds, failed]
    nc.verdict = "not_effective"
    for name in kept:
        setattr(nc, name, None if name.startswith("result_") else "")
    nc.watched_from = nc.watched_until = None


def tell_top_management(nc: Any, actor: Access) -> None:
    """A fix that failed twice is no longer the unit's own affair."""
    if len(nc.rounds) >= rules.TOP_MANAGEMENT_AFTER:
        words = {"number": nc.number, "n": len(nc.rounds), "title": nc.title}
        text = Said(gettext_noop("%(number)s came back %(n)s times although it was fixed: %(title)s"), words)
        tell(holders(Role.TOP_MANAGER, nc.unit), record=nc, kind="reopened", text=text, at=nc.updated_at, actor=actor.person)


MANAGING = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER)
CONFIRMING = (*MANAGING, Role.AUDITOR, Role.LEAD_AUDITOR)
ALIVE = (
    State.REPORTED, State.REGISTERED, State.CONTAINED, State.CORRECTED, State.CAUSE_FOUND,
    State.ACTIONS_APPROVED, State.AWAITING, State.EFFECTIVE,
)  # fmt: skip
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.REPORTED,
    phases={State.CLOSED: "done", State.CLOSED_WITHOUT_FIX: "done", State.VOID: "void"},
    stations=(
        ("containment", (State.REPORTED, State.REGISTERED)),
        ("correction", (State.CONTAINED,)),
        ("cause", (State.CORRECTED,)),
        ("corrective", (State.CAUSE_FOUND, State.ACTIONS_APPROVED)),
        ("effectiveness", (State.AWAITING, State.EFFECTIVE)),
    ),
    transitions=(
        Transition(
            "register", _("Take it on"), (State.REPORTED,), State.REGISTERED, by=CONFIRMING,
            asks=("owner", "severity", "severity_reason", "requirement", "evidence", "gap", "occurred", "due", "lasting_fix", "lasting_fix_reason",
                  "repeat_reason"),
            needs=("owner", "severity", "requirement", "evidence", "gap", "occurred", "lasting_fix"),
            rules=(rules.answer_about_a_lasting_fix, rules.external_audit_sets_the_date, rules.repeat_is_judged, rules.repeat_asks_again),
            effect=start_clock,
            explain=_("Say what was required, what was found and where they differ. Then the first question: is a lasting fix needed?"),
        ),
        Transition(
            "contain", _("It is stopped"), (State.REGISTERED,), State.CONTAINED, by=(OWNER, *MANAGING),
            asks=("containment", "on_hold"), needs=("containment",), rules=(rules.has_owner,),
            explain=_("What keeps it from reaching anybody else?"),
        ),
        Transition(
            "correct", _("The quick fix is done"), (State.CONTAINED,), State.CORRECTED, by=(OWNER, *MANAGING),
            asks=("correction", "consequences", "on_hold"), needs=("correction",), rules=(rules.lasting_fix_wanted,),
            explain=_("What was put right, and what it did to others."),
        ),
        Transition(
            "close_without_fix", _("Close: the quick fix was enough"), (State.CONTAINED, State.CORRECTED), State.CLOSED_WITHOUT_FIX,
            by=CONFIRMING, asks=("correction", "lasting_fix", "lasting_fix_reason", "on_hold"), needs=("correction", "lasting_fix_reason"),
            rules=(rules.no_lasting_fix_wanted, rules.confirmed_by_another, rules.nothing_open_below),
            signature=_("I confirmed the quick fix"), strength=Strength.CONFIRM,
        ),
        Transition(
            "accept_cause", _("Accept the cause"), (State.CORRECTED,), State.CAUSE_FOUND, by=(OWNER, *CONFIRMING),
            asks=("cause", "cause_group", "cause_evidence", "escape_cause", "extent", "extent_checked"),
            needs=("cause", "cause_evidence", "extent", "extent_checked"),
            rules=(rules.cause_accepted_by_another, rules.cause_is_of_the_system, rules.cause_is_new),
            signature=_("I accept the cause"), strength=Strength.CONFIRM,
            explain=_("Why it happened, what shows that, and whether the same can be found elsewhere."),
        ),
        Transition(
            "approve_actions", _("Agree the lasting fix"), (State.CAUSE_FOUND,), State.ACTIONS_APPROVED, by=(Role.QUALITY_MANAGER, Role.PROCESS_OWNER),
            asks=("measure", "rule", "window_days", "occurrences", "verifier"), needs=("measure", "rule", "verifier"),
            rules=(rules.has_corrective_action, rules.plan_is_complete, rules.verifier_is_independent),
            signature=_("I approved the actions and how they will be judged"), strength=Strength.REAUTHENTICATE,
            explain=_("Say what would prove that it worked. From here on measure, rule and window stand fixed: they are set before the data."),
        ),
        Transition(
            "watch", _("All fixes done: watch"), (State.ACTIONS_APPROVED,), State.AWAITING, rules=(rules.actions_done,),
            automatic=True, effect=start_watching,
        ),
        Transition(
            "confirm", _("Confirm: it worked"), (State.AWAITING,), State.EFFECTIVE, by=("verifier", *CONFIRMING, OWNER),
            asks=("result", "result_count", "result_n"), needs=("result",),
            rules=(rules.window_has_elapsed, rules.actor_is_independent), effect=it_worked,
            signature=_("I verified effectiveness"), strength=Strength.REAUTHENTICATE,
            explain=_("Hold the data against the rule that was fixed before them."),
        ),
        Transition(
            "reopen", _("It did not work"), (State.AWAITING,), State.CORRECTED, by=("verifier", *CONFIRMING),
            asks=("result", "result_count", "result_n"), needs=("result",), reason=True, backward=True,
            rules=(rules.actor_is_independent,), effect=it_did_not_work, then=tell_top_management,
            explain=_("It goes back to “Why”. This round stays visible."),
        ),
        Transition(
            "extend", _("Cannot tell yet"), (State.AWAITING,), State.AWAITING, by=("verifier", *CONFIRMING),
            asks=("result",), needs=("result",), reason=True, backward=True, rules=(rules.actor_is_independent,), effect=keep_watching,
        ),
        Transition(
            "close", _("Close the problem"), (State.EFFECTIVE,), State.CLOSED, by=(Role.QUALITY_MANAGER, Role.PROCESS_OWNER),
            asks=("risks_updated", "change_needed"), needs=("risks_updated", "change_needed"),
            rules=(rules.minor_or_quality_manager, rules.nothing_open_below, rules.closer_owns_no_action, rules.exceptions_checked),
            signature=_("I closed this problem"), strength=Strength.CONFIRM,
        ),
        Transition(
            "void", _("Void"), ALIVE, State.VOID, by=(Role.QUALITY_MANAGER,), reason=True, backward=True,
            rules=(rules.nothing_open_below,), explain=_("It keeps its number and its content. For a duplicate, link the other one first."),
        ),
    ),
)  # fmt: skip
