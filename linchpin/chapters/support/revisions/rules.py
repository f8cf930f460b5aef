"""What must be true before a revision goes on. Each rule gives its refusal or None."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.kernel.asking.models import Asked, Audience
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.refusals import Refusal, advice, never, second_person

REVIEW, APPROVE = "review", "approve"
DUTY = "document_author_is_not_approver"
APPROVING = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.DOCUMENT_CONTROLLER, Role.TOP_MANAGER, Role.LINE_MANAGER)
"""Who could approve instead, where somebody wants to approve what they wrote."""


def has_content(revision: Any, actor: Person) -> Refusal | None:
    if revision.content or revision.content_file():
        return None
    return never(_("There is nothing to review yet: write the text, or attach the file that is the document."), "content")


def says_what_is_new(revision: Any, actor: Person) -> Refusal | None:
    if revision.position == 1 or revision.change_note:
        return None
    return never(_("Say what is new in this revision, and why: readers see it first."), "change_note")


def questions_are_taken_over(revision: Any, actor: Person) -> Refusal | None:
    """Readers of the revision before were asked; that this one asks nothing should be meant."""
    before = revision.parent.document.effective if revision.parent_id and not revision.questions_sha256 else None
    if before is None or not before.questions_sha256:
        return None
    return advice(_("Revision %s asked its readers questions, this one asks none: take them over, or leave it at that.") % before.label)


def somebody_approves(revision: Any, actor: Person) -> Refusal | None:
    if Audience.objects.filter(record_id=revision.pk, duty=APPROVE).exists():
        return None
    return never(_("Name at least one person who approves it, under “Who decides”."), "approvers")


def author_is_not_approver(revision: Any, actor: Person) -> Refusal | None:
    if actor.pk != (revision.owner_id or revision.created_by_id):
        return None
    return second_person(
        _("You wrote this revision: somebody else approves it."), DUTY, lambda: [p for role in APPROVING for p in holders(role, revision.unit)]
    )


def reviewers_have_answered(revision: Any, actor: Person) -> Refusal | None:
    waiting = [row.person.name for row in _open(revision, REVIEW).select_related("person")]
    return never(_("Still being reviewed by %s: wait for them, or take them off the list.") % ", ".join(waiting)) if waiting else None


def changes_are_settled(revision: Any, actor: Person) -> Refusal | None:
    count = Comment.objects.filter(record_id=revision.pk, kind=Comment.CHANGE, settled_at=None).count()
    if not count:
        return None
    sentence = ngettext("%(n)s change that was asked for is not settled yet: answer it first.",
                        "%(n)s changes that were asked for are not settled yet: answer them first.", count)  # fmt: skip
    return never(sentence % {"n": count})


def everybody_has_approved(revision: Any, actor: Person) -> Refusal | None:
    rows = Asked.objects.filter(record_id=revision.pk, duty=APPROVE, round=revision.round)
    if rows.filter(answer=Asked.Answer.DONE).exists() and not rows.filter(answer=Asked.Answer.OPEN).exists():
        return None
    return never(_("Not everybody has approved it yet."))


def its_day_has_come(revision: Any, actor: Person) -> Refusal | None:
    if revision.effective_from is None or revision.effective_from <= clock.today():
        return None
    return never(_("It takes effect on %s.") % clock.in_words(revision.effective_from))


def a_newer_one_is_in_force(revision: Any, actor: Person) -> Refusal | None:
    newer = revision.parent.children.filter(type="revision", status="effective", revision__position__gt=revision.position)
    return None if newer.exists() else never(_("No newer revision has taken effect."))


def its_document_has_ended(revision: Any, actor: Person) -> Refusal | None:
    return None if revision.parent.phase == "done" else never(_("The document is in force."))


def _open(revision: Any, duty: str) -> Any:
    return Asked.objects.filter(record_id=revision.pk, duty=duty, round=revision.round, answer=Asked.Answer.OPEN)
