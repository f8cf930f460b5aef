"""Write the questions about a record, and answer them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.asking.answering import asked_in, questions_of, still_to_answer
from linchpin.kernel.asking.models import Asked, Attempt, Questions
from linchpin.kernel.asking.questions import PASS_MARK, Question, as_item, digest, enough, faults, marked, trimmed
from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Provenance
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.trail import Change


def put_questions(record: Any, questions: Sequence[Question], *, actor: Access, pass_mark: int = PASS_MARK) -> Any:
    """Ask these about the record, in place of those that stand. None takes them away. Gives the record. Raises Refused, NotAllowed, Missing."""
    asked = [trimmed(question) for question in questions]
    if problems := faults(asked, pass_mark):
        raise Refused(*problems)
    with command() as at:
        found, record_type = for_verb(record, "edit", actor)
        standing = questions_of(found.pk)
        _open(found, record_type, standing)
        salt = standing.salt if standing else secrets.token_hex(16)
        if standing:
            standing.delete()
        if asked:
            Questions.objects.create(record_id=found.pk, pass_mark=pass_mark, items=[as_item(one) for one in asked], salt=salt)
        print_ = digest(asked, pass_mark, salt) if asked else ""
        also = [Change("questions", str(len(standing.items)) if standing else None, str(len(asked)))]
        if found.questions_sha256 != print_:
            update(found, record_type, {"questions_sha256": print_}, actor=actor, verb="question", at=at, also=also)
        return found


def _open(record: Any, record_type: RecordType, standing: Questions | None) -> None:
    """Questions belong to what is reviewed; what old data bring along comes with theirs, as long as nobody signed it."""
    if not record_type.questioned:
        raise Refused(_("No questions are asked about %s.") % record_type.plural().lower())
    brought = record.provenance == Provenance.IMPORTED and standing is None and not record.signatures.exists()
    if record.status not in record_type.questioned and not brought:
        raise Refused(never(_("Its questions were reviewed with it: write a new revision to ask others."), "questions"))


def answer_questions(record: Any, duty: str, answers: Sequence[Iterable[int]], *, actor: Access) -> Attempt:
    """Answer all the questions at once: for each the places of the chosen options, from 0. Every try is kept. Raises Refused, NotAllowed, Missing."""
    with command() as at:
        found, record_type = for_verb(record, "read", actor)
        about = _about(found, duty)
        standing = questions_of(about)
        if standing is None or about is None:
            raise Refused(_("Nothing is asked about it: confirm it as it is."))
        if not Asked.objects.filter(record_id=found.pk, duty=duty, round=found.round, person=actor.person, answer=Asked.Answer.OPEN).exists():
            raise NotAllowed(_("You are not asked to confirm this, or have done so already."))
        if not still_to_answer(found, duty, about, actor.person):
            raise Refused(_("You have answered these questions already: confirm that you have read it."))
        chosen = [sorted(set(places)) for places in answers]
        results = marked(asked_in(standing), chosen)
        right = sum(one.right for one in results)
        attempt = Attempt.objects.create(
            record_id=found.pk, about_id=about, duty=duty, round=found.round, person=actor.person, at=at, answers=chosen,
            right=right, of=len(results), passed=enough(right, len(results), standing.pass_mark),
        )  # fmt: skip
        also = [Change("attempt", None, print_of(attempt, standing.salt))]
        update(found, record_type, {}, actor=actor, verb="answer", at=at, also=also)
        return attempt


def print_of(attempt: Attempt, salt: str) -> str:
    """SHA-256 (hex) of what was answered and how it was marked: the trail proves it without telling it."""
    said = [salt, attempt.person.pk, attempt.answers, attempt.right, attempt.of, attempt.passed]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _about(record: Any, duty: str) -> int | None:
    asking = get_type(record.type).askings.get(duty)
    return asking.about(record) if asking and asking.about else None
