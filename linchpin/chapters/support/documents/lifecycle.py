"""What becomes of a document: written, in force from its first revision on, withdrawn; a temporary instruction lapses by itself."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.chapters.support.documents.keeping import kept_long_enough
from linchpin.kernel.asking.answering import still_to_answer
from linchpin.kernel.asking.models import Asked
from linchpin.kernel.commands.asking import answered, call, let_off
from linchpin.kernel.commands.saving import index_line
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, STAY, Lifecycle, Strength, Transition, asked
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.search.indexing import index_many

CONFIRM = "confirm"
KEEPERS = (OWNER, Role.QUALITY_MANAGER, Role.DOCUMENT_CONTROLLER)
DISPOSERS = (Role.QUALITY_MANAGER, Role.DOCUMENT_CONTROLLER)
READ = ("effective", "fingerprint", "revision_label")
"""What somebody signs who has read it: this content of this revision."""


class State(models.TextChoices):
    PLANNED = "planned", gettext_lazy("Being written")
    IN_FORCE = "in_force", gettext_lazy("In force")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    DISPOSED = "disposed", gettext_lazy("Disposed of")
    VOID = "void", gettext_lazy("Void")


def newly_effective(document: Any) -> Any:
    """The revision that took effect and that the document does not point at yet, or None."""
    effective = document.children.filter(type="revision", status="effective").order_by("-revision__position").first()
    return None if effective is None or effective.pk == document.effective_id else effective.revision


def a_revision_took_effect(document: Any, actor: Person) -> Refusal | None:
    return None if newly_effective(document) else never(_("No new revision has taken effect."))


def put_in_force(document: Any, actor: Person) -> None:
    """Point at the revision, take over its title, set the next review, and ask again where its author says so."""
    revision = newly_effective(document)
    document.effective, document.title, document.revision_label = revision, revision.title, revision.label
    document.in_force_on, document.fingerprint = revision.effective_on, revision.fingerprint
    mark_reviewed(document, actor)
    if revision.ask_again or not document.round:
        let_off(document, CONFIRM)
        document.round += 1
    call(document, get_type("document"), CONFIRM, at=clock.now())
    document.unconfirmed = still_open(document)


def next_review(document: Any, day: date) -> date | None:
    if document.kind == "temporary":
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + document.review_months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def still_open(document: Any) -> int | None:
    """How many have not confirmed in this round; None where nobody is asked."""
    answers = Asked.objects.filter(record_id=document.pk, duty=CONFIRM, round=document.round).exclude(answer=Asked.Answer.LAPSED)
    rows = list(answers.values_list("answer", flat=True))
    return sum(answer == Asked.Answer.OPEN for answer in rows) if rows else None


def find_its_content(document: Any, actor: Access) -> None:
    """Search finds the document by what its revision in force says."""
    index_many([index_line(document, get_type("document"))])


def mark_read(document: Any, actor: Person) -> None:
    answered(CONFIRM)(document, actor)
    document.unconfirmed = still_open(document)


def mark_reviewed(document: Any, actor: Person) -> None:
    """A review that comes round again has a first date of its own: nobody moved the one before."""
    document.due = document.original_due = next_review(document, clock.today())


def what_it_asks(document: Any) -> int | None:
    """Whose questions its readers answer: those of the revision in force."""
    return int(document.effective_id) if document.effective_id else None


def questions_are_answered(document: Any, actor: Person) -> Refusal | None:
    if not still_to_answer(document, CONFIRM, what_it_asks(document), actor):
        return None
    return never(_("Answer the questions about it first: they stand below its text."))


def ask_no_more(document: Any, actor: Person) -> None:
    let_off(document, CONFIRM)
    document.unconfirmed, document.due, document.ended_on = None, None, clock.today()


def its_time_is_over(document: Any, actor: Person) -> Refusal | None:
    if document.lapses_on and document.lapses_on < clock.today():
        return None
    return never(_("It holds until its last day."))


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.PLANNED,
    phases={State.WITHDRAWN: "done", State.LAPSED: "done", State.DISPOSED: "done", State.VOID: "void"},
    stations=(("document.planned", (State.PLANNED,)), ("document.in_force", (State.IN_FORCE,))),
    resting=(State.IN_FORCE,),
    transitions=(
        Transition(
            "adopt", gettext_lazy("A revision took effect"), (State.PLANNED, State.IN_FORCE), State.IN_FORCE, rules=(a_revision_took_effect,),
            automatic=True, effect=put_in_force, then=find_its_content, by_day=lambda _day: Q(pk__in=()),
        ),
        Transition(
            "confirm", gettext_lazy("I have read it"), (State.IN_FORCE,), STAY, by=(asked(CONFIRM),), effect=mark_read, rules=(questions_are_answered,),
            signature=gettext_lazy("I have read and understood this"), strength=Strength.CONFIRM, covers=READ,
            task=gettext_lazy("Read and confirm"),
            explain=gettext_lazy("You are asked to read this and to say so."),
        ),
        Transition(
            "review", gettext_lazy("It still holds"), (State.IN_FORCE,), STAY, by=KEEPERS, effect=mark_reviewed, backward=True,
            signature=gettext_lazy("I looked at this document again and it still holds"), strength=Strength.CONFIRM, covers=READ,
            explain=gettext_lazy("Read it where it is used. If something is different there, write a new revision instead."),
        ),
        Transition("lapse", gettext_lazy("Lapsed"), (State.IN_FORCE,), State.LAPSED, rules=(its_time_is_over,), automatic=True,
                   effect=ask_no_more, by_day=lambda day: Q(lapses_on__lt=day)),
        Transition(
            "withdraw", gettext_lazy("Withdraw"), (State.IN_FORCE,), State.WITHDRAWN, by=KEEPERS, reason=True, backward=True, effect=ask_no_more,
            explain=gettext_lazy("Nobody works by it any more. It stays readable, with a banner that says so."),
        ),
        Transition(
            "keep", gettext_lazy("Say how long it is kept"), (State.WITHDRAWN, State.LAPSED), STAY, by=KEEPERS, reason=True, backward=True,
            asks=("keep_years", "after_keeping", "keep_longer"),
            explain=gettext_lazy("It has ended; how long it is kept may still change, as when a claim is open."),
        ),
        Transition(
            "dispose", gettext_lazy("Dispose of it"), (State.WITHDRAWN, State.LAPSED), State.DISPOSED, by=DISPOSERS, reason=True, backward=True,
            rules=(kept_long_enough,), signature=gettext_lazy("I decided that this is kept no longer"), strength=Strength.TWO_PEOPLE, covers=("title", *READ),
            explain=gettext_lazy("Somebody else confirms it with you. What was decided and why stays in the trail."),
        ),
        Transition("void", gettext_lazy("Void"), (State.PLANNED,), State.VOID, by=(CREATOR, *KEEPERS), reason=True, backward=True),
    ),
)  # fmt: skip
