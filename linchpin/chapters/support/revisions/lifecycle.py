"""What becomes of a revision: written, reviewed and approved side by side, in force from its day, superseded by the next."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from linchpin.chapters.support.documents.keeping import kept_long_enough
from linchpin.chapters.support.revisions.rules import (
    APPROVE,
    REVIEW,
    a_newer_one_is_in_force,
    author_is_not_approver,
    changes_are_settled,
    everybody_has_approved,
    has_content,
    its_day_has_come,
    its_document_has_ended,
    questions_are_taken_over,
    reviewers_have_answered,
    says_what_is_new,
    somebody_approves,
)
from linchpin.kernel.commands import comment, create
from linchpin.kernel.commands.asking import answered, call, let_off
from linchpin.kernel.commands.saving import update
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, STAY, Lifecycle, Strength, Transition, asked
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.trail import history

WRITERS = (OWNER, Role.QUALITY_MANAGER, Role.DOCUMENT_CONTROLLER)
DISPOSERS = (Role.QUALITY_MANAGER, Role.DOCUMENT_CONTROLLER)
CONTENT = ("title", "label", "content", "file_sha256", "questions_sha256", "change_note")
"""What reviewers and approvers sign."""


class State(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    IN_REVIEW = "in_review", gettext_lazy("In review")
    APPROVED = "approved", gettext_lazy("Approved")
    EFFECTIVE = "effective", gettext_lazy("In force")
    SUPERSEDED = "superseded", gettext_lazy("Superseded")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    DISPOSED = "disposed", gettext_lazy("Disposed of")
    VOID = "void", gettext_lazy("Void")


def close_the_text(revision: Any, actor: Person) -> None:
    """From here on it is this file; each time it is sent to review is a round of its own."""
    file = revision.content_file() if not revision.content else None
    revision.file_sha256 = file.sha256 if file else ""
    revision.round += 1


def ask_them(revision: Any, actor: Access) -> None:
    """Ask reviewers and approvers, all at once. What was written apart from any document becomes one of its own."""
    if revision.parent_id is None:
        known = {"title": revision.title, "kind": "procedure", "unit": revision.unit, "owner": revision.owner, "confidentiality": revision.confidentiality}
        document = create("document", known, actor=actor, once=f"document-of-{revision.uid}")
        update(revision, get_type("revision"), {"parent": document}, actor=actor, verb="edit", at=clock.now())
    for duty in (REVIEW, APPROVE):
        call(revision, get_type("revision"), duty, at=clock.now())


def open_the_text(revision: Any, actor: Person) -> None:
    let_off(revision, REVIEW, APPROVE)
    revision.file_sha256, revision.approved_on = "", None


def put_down_the_change(revision: Any, actor: Access) -> None:
    """What the reviewer asks for stands as an open comment until it is settled."""
    comment(revision, history(revision.pk)[-1].reason, actor=actor, kind="change")
    revision.refresh_from_db()


def mark_approved(revision: Any, actor: Person) -> None:
    revision.approved_on = clock.today()


def mark_effective(revision: Any, actor: Person) -> None:
    revision.effective_on = clock.today()


def mark_ended(revision: Any, actor: Person) -> None:
    revision.ended_on = clock.today()


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.DRAFT,
    phases={State.EFFECTIVE: "done", State.SUPERSEDED: "done", State.WITHDRAWN: "done", State.DISPOSED: "done", State.VOID: "void"},
    stations=(
        ("revision.draft", (State.DRAFT,)),
        ("revision.in_review", (State.IN_REVIEW,)),
        ("revision.approved", (State.APPROVED,)),
    ),
    transitions=(
        Transition(
            "submit", gettext_lazy("Send to review"), (State.DRAFT,), State.IN_REVIEW, by=WRITERS,
            rules=(has_content, says_what_is_new, somebody_approves, questions_are_taken_over), asks=("change_note", "effective_from", "ask_again"),
            effect=close_the_text, then=ask_them,
            explain=gettext_lazy("Everybody named is asked at once. The text stays as it is until it is approved or given back."),
        ),
        Transition(
            "agree", gettext_lazy("I agree"), (State.IN_REVIEW,), STAY, by=(asked(REVIEW),), effect=answered(REVIEW),
            signature=gettext_lazy("I reviewed this revision and agree"), strength=Strength.CONFIRM, covers=CONTENT,
            task=gettext_lazy("Review"),
            explain=gettext_lazy("You are asked to review it. Read it as whoever works by it, then agree or ask for a change."),
        ),
        Transition(
            "approve", gettext_lazy("Approve"), (State.IN_REVIEW,), STAY, by=(asked(APPROVE),), effect=answered(APPROVE),
            rules=(author_is_not_approver, reviewers_have_answered, changes_are_settled),
            signature=gettext_lazy("I approve this revision"), strength=Strength.REAUTHENTICATE, covers=CONTENT,
            explain=gettext_lazy("You are asked to approve it. Once all have, it takes effect on its day."),
        ),
        Transition(
            "ask_change", gettext_lazy("Ask for a change"), (State.IN_REVIEW,), STAY, by=(asked(REVIEW), asked(APPROVE)), reason=True,
            then=put_down_the_change, backward=True,
            explain=gettext_lazy("Say what should be different and why. It stands open until its author has settled it."),
        ),
        Transition(
            "give_back", gettext_lazy("Give back"), (State.IN_REVIEW, State.APPROVED), State.DRAFT, by=(asked(REVIEW), asked(APPROVE), *WRITERS),
            reason=True, backward=True, effect=open_the_text,
            explain=gettext_lazy("The text is opened again. Who agreed is asked anew when it comes back."),
        ),
        Transition("all_approved", gettext_lazy("Approved by all"), (State.IN_REVIEW,), State.APPROVED, rules=(everybody_has_approved,),
                   automatic=True, effect=mark_approved, by_day=lambda _day: Q(pk__in=())),
        Transition("take_effect", gettext_lazy("Took effect"), (State.APPROVED,), State.EFFECTIVE, rules=(its_day_has_come,), automatic=True,
                   effect=mark_effective, by_day=lambda day: Q(effective_from=None) | Q(effective_from__lte=day)),
        Transition("supersede", gettext_lazy("Superseded"), (State.EFFECTIVE,), State.SUPERSEDED, rules=(a_newer_one_is_in_force,),
                   automatic=True, effect=mark_ended, by_day=lambda _day: Q(pk__in=())),
        Transition("retire", gettext_lazy("Withdrawn with its document"), (State.EFFECTIVE,), State.WITHDRAWN, rules=(its_document_has_ended,),
                   automatic=True, effect=mark_ended, by_day=lambda _day: Q(pk__in=())),
        Transition(
            "dispose", gettext_lazy("Dispose of it"), (State.SUPERSEDED, State.WITHDRAWN), State.DISPOSED, by=DISPOSERS, reason=True, backward=True,
            rules=(kept_long_enough,), signature=gettext_lazy("I decided that this is kept no longer"), strength=Strength.TWO_PEOPLE, covers=CONTENT,
            explain=gettext_lazy("Somebody else confirms it with you. What was decided and why stays in the trail."),
        ),
        Transition("void", gettext_lazy("Void"), (State.DRAFT,), State.VOID, by=(CREATOR, *WRITERS), reason=True, backward=True),
    ),
)  # fmt: skip
