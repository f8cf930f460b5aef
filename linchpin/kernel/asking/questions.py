"""Questions about what one has read: what makes them sound, what a reader sees of them, and how answers are marked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Refusal, Refused, never

MOST, FEWEST_OPTIONS, MOST_OPTIONS = 30, 2, 8
LONGEST = 500
PASS_MARK = 80


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from. `why` is what somebody reads who chose it."""

    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`multiple`: all the right options are chosen, and no other. `where` says where in the text the answer stands."""

    text: str
    options: tuple[Option, ...]
    multiple: bool = False
    where: str = ""

    @property
    def key(self) -> frozenset[int]:
        return frozenset(place for place, option in enumerate(self.options) if option.right)


@dataclass(frozen=True, slots=True)
class Marked:
    """How one question was answered. The right options are told only once all is passed."""

    place: int
    question: Question
    chosen: frozenset[int]

    @property
    def right(self) -> bool:
        return self.chosen == self.question.key

    @property
    def chose(self) -> list[Option]:
        return [self.question.options[place] for place in sorted(self.chosen)]

    @property
    def answers(self) -> list[Option]:
        return [option for option in self.question.options if option.right]


def as_item(question: Question) -> dict[str, Any]:
    return asdict(question) | {"options": [asdict(option) for option in question.options]}


def from_item(item: Mapping[str, Any]) -> Question:
    options = tuple(Option(str(one["text"]), bool(one.get("right")), str(one.get("why") or "")) for one in item["options"])
    return Question(str(item["text"]), options, bool(item.get("multiple")), str(item.get("where") or ""))


def trimmed(question: Question) -> Question:
    """The same without blanks around its words, and without options that say nothing."""
    options = tuple(Option(one.text.strip(), one.right, one.why.strip()) for one in question.options if one.text.strip())
    return Question(question.text.strip(), options, question.multiple, question.where.strip())


def faults(questions: Sequence[Question], pass_mark: int) -> list[Refusal]:
    """What speaks against asking these."""
    found = [refusal for number, question in enumerate(questions, 1) for refusal in _faults(number, question)]
    if len(questions) > MOST:
        found.append(never(_("Ask at most %s questions: readers give up on more.") % MOST, "questions"))
    if not 1 <= pass_mark <= 100:
        found.append(never(_("The pass mark is a percentage: choose 1 to 100."), "pass_mark"))
    return found


def _faults(number: int, question: Question) -> Iterator[Refusal]:
    texts = [option.text.casefold() for option in question.options]
    words = [question.text, question.where, *(text for one in question.options for text in (one.text, one.why))]
    named = {"n": number}
    if not question.text:
        yield never(_("Question %(n)s has no text: write what you ask.") % named, "text")
    if any(len(text) > LONGEST for text in words):
        yield never(_("Question %(n)s is too long: its texts have at most 500 characters each.") % named, "text")
    if not FEWEST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        yield never(_("Question %(n)s needs two to eight answers to choose from.") % named, "options")
    if len(set(texts)) < len(texts):
        yield never(_("Question %(n)s offers the same answer twice.") % named, "options")
    if not question.key:
        yield never(_("Mark the right answer of question %(n)s.") % named, "options")
    elif not question.multiple and len(question.key) > 1:
        yield never(_("Question %(n)s has several right answers: say that several are to be chosen.") % named, "options")


def digest(questions: Sequence[Question], pass_mark: int, salt: str) -> str:
    """SHA-256 (hex) over the questions with their right answers."""
    said = json.dumps([salt, pass_mark, [as_item(one) for one in questions]], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def marked(questions: Sequence[Question], answers: Sequence[Iterable[int]]) -> list[Marked]:
    """Raises Refused where a question has no answer, or one that was not offered."""
    chosen = [frozenset(places) for places in answers]
    unanswered = [str(n) for n, _one in enumerate(questions, 1) if n > len(chosen) or not chosen[n - 1]]
    if unanswered or len(chosen) != len(questions):
        raise Refused(never(_("Answer every question; still open: %s.") % (", ".join(unanswered) or "—"), "answers"))
    for number, (question, places) in enumerate(zip(questions, chosen, strict=True), 1):
        if not places <= set(range(len(question.options))) or (not question.multiple and len(places) > 1):
            raise Refused(never(_("Choose from the answers that question %s offers.") % number, "answers"))
    return [Marked(place, question, places) for place, (question, places) in enumerate(zip(questions, chosen, strict=True), 1)]


def enough(right: int, of: int, pass_mark: int) -> bool:
    return right * 100 >= pass_mark * of


def needed(of: int, pass_mark: int) -> int:
    """How many right answers pass."""
    return -(-pass_mark * of // 100)
