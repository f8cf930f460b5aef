"""Quizzes that lie beside documents (`SOP-013-quiz.json` beside `SOP-013-…md`) become questions for their readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.asking.questions import PASS_MARK, Option, Question
from linchpin.kernel.records.refusals import Refused, never

NAME = re.compile(r"^(?P<of>.+?)[-_. ]quiz\.json$", re.IGNORECASE)
WHERE = re.compile(r"\b(?:sections?|clauses?|abschnitte?|kapitel)\s+\d+(?:\.\d+)*", re.IGNORECASE)
LARGEST = 500_000


def quiz_for(path: str) -> tuple[str, str] | None:
    """Folder and number (in lower case) of the document that a file of this name asks about; None where it is no quiz."""
    where = PurePosixPath(path)
    found = NAME.match(where.name)
    return (str(where.parent), found["of"].casefold()) if found else None


def belongs(quiz: tuple[str, str], path: str, number: str) -> bool:
    """Whether the document at `path`, known by `number`, is the one that the quiz asks about."""
    where = PurePosixPath(path)
    return quiz[0] == str(where.parent) and quiz[1] in (number.casefold(), where.stem.casefold())


def read_quiz(content: bytes) -> tuple[list[Question], int]:
    """Questions and pass mark. Raises Refused where the file is no quiz."""
    try:
        told: Any = json.loads(content[: LARGEST + 1].decode("utf-8-sig"))
        questions = [_question(item) for item in told["questions"]]
        mark = told.get("passingScore", PASS_MARK)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise Refused(never(_("It is no quiz that is understood here: JSON with “questions”, each with “text” and “options”."), "file")) from problem
    return questions, mark if type(mark) is int else PASS_MARK


def _question(item: Mapping[str, Any]) -> Question:
    if item.get("type") == "true-false":
        why = str(item.get("explanation") or "")
        options = tuple(Option(label, bool(item["correct"]) is right, why) for label, right in ((_("True"), True), (_("False"), False)))
    else:
        options = tuple(Option(str(one["text"]), one.get("correct") is True, str(one.get("explanation") or "")) for one in item["options"])
    multiple = str(item.get("type", "")).startswith("multi")
    return Question(str(item["text"]), options, multiple, _where(option.why for option in options if option.right))


def _where(explanations: Iterable[str]) -> str:
    """The place in the text that the explanation of the right answer names."""
    return next((found[0][0].upper() + found[0][1:] for text in explanations if (found := WHERE.search(text))), "")
