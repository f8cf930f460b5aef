"""What speaks against a move of a nonconformity. Each rule is a pure reading of the record and the person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.improvement.nonconformities.repeats import is_repeat
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.refusals import Refusal, advice, never, second_person

BLAME = re.compile(
    r"((human|operator|worker|personal) (error|mistake)|lack of (attention|training|care|concentration)|inattention|carelessness|negligence|"
    r"(re)?train(ing|ed)?|instructions? (was |were )?not followed|not paying attention|forgot(ten)?|distraction)",
    re.IGNORECASE,
)
JOINED = re.compile(r"[,;/+&.()]|\band\b|\bor\b|\bdue to\b", re.IGNORECASE)
RANK = {"minor": 1, "major": 2, "critical": 3}
SHORTEST_WINDOW = 30
TOP_MANAGEMENT_AFTER = 2
"""Rounds that failed until top management is told and a new cause is compulsory."""
DONE = ("done", "verified", "closed", "cancelled", "void")

Answer = Refusal | None


def has_owner(nc: Any, actor: Person) -> Answer:
    return None if nc.owner_id else never(_("“Owner” is empty: a problem is somebody's. Name them first."), "owner")


def answer_about_a_lasting_fix(nc: Any, actor: Person) -> Answer:
    """Triage asks first: is a lasting fix needed? A “no” needs its reason."""
    if nc.lasting_fix == "no" and not nc.lasting_fix_reason.strip():
        return never(_("Say why no lasting fix is needed: such problems are counted."), "lasting_fix_reason")
    if nc.lasting_fix == "no" and nc.severity == "critical":
        return never(_("A critical problem always needs a lasting fix: answer “yes”."), "lasting_fix")
    return None


def external_audit_sets_the_date(nc: Any, actor: Person) -> Answer:
    if nc.source == "external_audit" and nc.due is None:
        return never(_("The external auditor sets the date: enter the one that the certification body gave."), "due")
    return None


def repeat_asks_again(nc: Any, actor: Person) -> Answer:
    """Advice: what came back once is likely to come back again."""
    if nc.lasting_fix == "no" and is_repeat(nc):
        return advice(_("This came back within twelve months although the quick fix was done: is a lasting fix really not needed?"), "lasting_fix")
    return None


def repeat_is_judged(nc: Any, actor: Person) -> Answer:
    """A repeat is flagged and asked about; it may stay minor with a reason."""
    if nc.severity == "minor" and not nc.repeat_reason.strip() and is_repeat(nc):
        return never(_("This came back within twelve months. Choose “serious”, or say why it stays minor."), "repeat_reason")
    return None


def lasting_fix_wanted(nc: Any, actor: Person) -> Answer:
    if nc.lasting_fix == "no":
        return never(_("“Is a lasting fix needed?” says no: close it, or change the answer."), "lasting_fix")
    return None


def no_lasting_fix_wanted(nc: Any, actor: Person) -> Answer:
    if nc.lasting_fix != "no":
        return never(_("A lasting fix is wanted: go on to “Why”, or answer “no” with a reason."), "lasting_fix")
    return answer_about_a_lasting_fix(nc, actor)


def confirmed_by_another(nc: Any, actor: Person) -> Answer:
    if nc.owner_id != actor.pk:
        return None
    return second_person(
        _("You own this problem: somebody else confirms that the quick fix is done."),
        "correction_owner_is_not_confirmer",
        lambda: _managers(nc),
    )


def cause_accepted_by_another(nc: Any, actor: Person) -> Answer:
    if nc.owner_id != actor.pk:
        return None
    return second_person(_("You own this problem: somebody else accepts the cause."), "cause_author_is_not_acceptor", lambda: _managers(nc))


def cause_is_of_the_system(nc: Any, actor: Person) -> Answer:
    """Advice, not a gate: people do not fail alone."""
    parts = [part.strip(" \t\n-–:!?'\"“”") for part in JOINED.split(nc.cause or "")]
    named = [part for part in parts if part]
    if named and all(BLAME.fullmatch(part) for part in named):
        return advice(_("“%s” names a person's slip, not why the system let it through. What made it likely, and why was it not caught?") % nc.cause, "cause")
    return None


def cause_is_new(nc: Any, actor: Person) -> Answer:
    """After a fix that did not work, the cause is asked anew; after two, the old answer is not taken."""
    failed = {" ".join(str(round_["cause"]).split()).casefold() for round_ in nc.rounds}
    if " ".join((nc.cause or "").split()).casefold() not in failed:
        return None
    sentence = _("This cause was accepted before, and its fix did not work: look for another one, or say what is different now.")
    return never(sentence, "cause") if len(nc.rounds) >= TOP_MANAGEMENT_AFTER else advice(sentence, "cause")


def has_corrective_action(nc: Any, actor: Person) -> Answer:
    if nc.severity == "minor" or _corrective(nc):
        return None
    return never(_("Add at least one lasting fix below: a serious problem needs a corrective action, a quick fix does not count."))


def plan_is_complete(nc: Any, actor: Person) -> Answer:
    """Measure, rule and window are fixed before the data that they judge."""
    if not nc.measure.strip() or not nc.rule.strip():
        return never(_("Say what will be measured and by which rule it counts as having worked."), "measure")
    if not nc.window_days and not nc.occurrences:
        return never(_("Say for how many days, or for how many occurrences, it is watched."), "window_days")
    if nc.window_days and nc.window_days < SHORTEST_WINDOW and not nc.occurrences:
        return never(_("Watch for at least %s days, or name a number of occurrences.") % SHORTEST_WINDOW, "window_days")
    return None if nc.verifier_id else never(_("Name who confirms that it worked."), "verifier")


def verifier_is_independent(nc: Any, actor: Person) -> Answer:
    """No corrective action counts as effective before someone other than its owner verified it."""
    owners = {nc.owner_id, *_action_owners(nc)}
    chosen = nc.verifier
    if nc.verifier_id not in owners:
        return None
    return second_person(
        _("%s owns the problem or one of its fixes: let somebody else confirm that it worked.") % chosen,
        "action_owner_is_not_verifier",
        lambda: [p for p in _managers(nc) if p.pk not in owners],
    )


def actor_is_independent(nc: Any, actor: Person) -> Answer:
    owners = {nc.owner_id, *_action_owners(nc)}
    if actor.pk not in owners:
        return None
    return second_person(
        _("You own the problem or one of its fixes: somebody else says whether it worked."),
        "action_owner_is_not_verifier",
        lambda: [p for p in _managers(nc) if p.pk not in owners],
    )


def closer_owns_no_action(nc: Any, actor: Person) -> Answer:
    if actor.pk not in _action_owners(nc):
        return None
    return second_person(
        _("You own one of its fixes: somebody else closes the problem."),
        "action_owner_is_not_closer",
        lambda: [p for p in _managers(nc) if p.pk not in _action_owners(nc)],
    )


def actions_done(nc: Any, actor: Person) -> Answer:
    open_ones = [a for a in _corrective(nc) if a["status"] not in DONE]
    if not open_ones:
        return None
    return never(_("%(n)s of its lasting fixes is not done yet: %(numbers)s.") % _counted(open_ones))


def window_has_elapsed(nc: Any, actor: Person) -> Answer:
    """Nothing is effective before the window ends, unless the agreed number of occurrences was reached."""
    if nc.occurrences and nc.result_n and nc.result_n >= nc.occurrences:
        return None
    if nc.occurrences and not nc.window_days:
        return never(_("It is watched for %s occurrences: enter how many the data cover.") % nc.occurrences, "result_n")
    if nc.watched_until and today() < nc.watched_until:
        sentence = _("It is watched until %s: wait for the data, or record that the agreed number of occurrences was reached.")
        return never(sentence % clock.in_words(nc.watched_until))
    return None


def nothing_open_below(nc: Any, actor: Person) -> Answer:
    open_ones = list(nc.children.filter(phase__in=("draft", "open")).values("number", "status"))
    if not open_ones:
        return None
    return never(_("%(n)s of its actions is still open: %(numbers)s. Finish, verify or cancel it first.") % _counted(open_ones))


def exceptions_checked(nc: Any, actor: Person) -> Answer:
    if nc.exceptions and nc.declared_exceptions.filter(checked_at=None).exists():
        return never(_("A declared exception is not checked yet: somebody else looks at it first."))
    return None


def minor_or_quality_manager(nc: Any, actor: Person) -> Answer:
    if nc.severity == "minor" or actor.pk in {p.pk for p in holders(Role.QUALITY_MANAGER, nc.unit)}:
        return None
    return never(_("A serious or critical problem is closed by the quality manager; a minor one by the process owner too."))


def lowered_by_the_quality_manager(nc: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
    """A severity goes down only by the quality manager, and with a reason."""
    severity = changed.get("severity")
    if severity is None or RANK.get(severity, 0) >= RANK.get(nc.severity, 0):
        return []
    if not actor.covers((Role.QUALITY_MANAGER,), nc.unit_id):
        return [never(_("A severity is lowered by the quality manager only: leave it, or ask for it in a comment."), "severity")]
    if not str(changed.get("severity_reason", "")).strip():
        return [never(_("Say why the severity is lower now."), "severity_reason")]
    return []


def external_date_is_kept(nc: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
    if nc.source != "external_audit" or nc.due is None or "due" not in changed or actor.covers((Role.QUALITY_MANAGER,), nc.unit_id):
        return []
    return [never(_("The certification body set this date: only the quality manager moves it, once the body has agreed."), "due")]


def _managers(nc: Any) -> list[Person]:
    roles = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR)
    found = {p.pk: p for role in roles for p in holders(role, nc.unit)}
    return list(found.values())


def _corrective(nc: Any) -> list[dict[str, Any]]:
    rows = nc.children.filter(type="action", action__kind="corrective").exclude(phase="void")
    return list(rows.values("number", "status", "owner_id"))


def _action_owners(nc: Any) -> set[int]:
    rows = nc.children.filter(type="action").exclude(phase="void").exclude(owner=None)
    return set(rows.values_list("owner_id", flat=True))


def _counted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"n": len(rows), "numbers": ", ".join(str(row["number"]) for row in rows)}
