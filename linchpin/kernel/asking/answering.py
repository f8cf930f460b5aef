"""How far somebody is with the questions of what they are asked to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from linchpin.kernel.asking.models import Attempt, Questions
from linchpin.kernel.asking.questions import Marked, Question, from_item, marked, needed
from linchpin.kernel.people.models import Person


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of one record, and what one person has made of them so far in this round."""

    about: Any
    questions: list[Question]
    pass_mark: int
    last: Attempt | None
    tries: int

    @property
    def needed(self) -> int:
        return needed(len(self.questions), self.pass_mark)

    @property
    def passed(self) -> bool:
        return self.last is not None and self.last.passed

    @property
    def results(self) -> list[Marked]:
        return marked(self.questions, self.last.answers) if self.last else []

    @property
    def wrong(self) -> list[Marked]:
        return [one for one in self.results if not one.right]

    @property
    def to_answer(self) -> list[tuple[int, Question, frozenset[int]]]:
        """Each question with its place, and what was right the last time: it stays chosen."""
        kept = {one.place: one.chosen for one in self.results if one.right}
        return [(place, question, kept.get(place, frozenset())) for place, question in enumerate(self.questions, 1)]


def questions_of(record_id: int | None) -> Questions | None:
    return Questions.objects.filter(record_id=record_id).first() if record_id else None


def asked_in(standing: Questions | None) -> list[Question]:
    return [from_item(item) for item in standing.items] if standing else []


def sheet_of(record: Any, duty: str, about: int | None, person: Person) -> Sheet | None:
    """The sheet of `person` on `record`; None where nothing is asked."""
    standing = questions_of(about)
    if standing is None:
        return None
    tries = list(_tries(record, duty, about, person).order_by("id"))
    return Sheet(about, asked_in(standing), standing.pass_mark, next((one for one in tries if one.passed), tries[-1] if tries else None), len(tries))


def still_to_answer(record: Any, duty: str, about: int | None, person: Person) -> bool:
    """Whether there are questions that the person has not passed in this round."""
    if questions_of(about) is None:
        return False
    return not _tries(record, duty, about, person).filter(passed=True).exists()


def hardest(about: int | None) -> tuple[int, int, list[tuple[int, int]]]:
    """How many tries there were, how many passed, and which questions were answered wrongly how often, most often first. No names."""
    standing = questions_of(about)
    questions, wrong = asked_in(standing), Counter[int]()
    rows = list(Attempt.objects.filter(about_id=about).values_list("answers", "passed")) if questions else []
    for answers, _passed in rows:
        wrong.update(one.place for one in marked(questions, answers) if not one.right)
    return len(rows), sum(passed for _answers, passed in rows), wrong.most_common(3)


def _tries(record: Any, duty: str, about: int | None, person: Person) -> Any:
    return Attempt.objects.filter(about_id=about, person=person, record_id=record.pk, duty=duty, round=record.round)
