"""The shapes of questions about a record, and of answers to them."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

from linchpin.surfaces.api.schemas import Strict

Line = Annotated[str, Field(max_length=500)]


class OptionIn(Strict):
    """One answer to choose from."""

    text: Line
    right: bool = False
    why: Line = Field("", description="What somebody reads who chose it.")


class QuestionIn(Strict):
    text: Line
    options: list[OptionIn] = Field(max_length=8)
    multiple: bool = Field(False, description="All the right options are to be chosen, and no other.")
    where: Line = Field("", description="Where in the text the answer stands.")


class QuestionsIn(Strict):
    """What readers are asked, in place of what they were asked before."""

    pass_mark: int = Field(80, ge=1, le=100, description="Per cent of right answers that pass.")
    questions: list[QuestionIn] = Field(max_length=30)


class OptionOut(Schema):
    text: str
    right: bool | None = Field(description="Null for whoever may not write the record.")
    why: str | None


class QuestionOut(Schema):
    text: str
    multiple: bool
    where: str | None
    options: list[OptionOut]


class QuestionsOut(Schema):
    pass_mark: int
    questions: list[QuestionOut]


class AnswersIn(Strict):
    answers: list[Annotated[list[Annotated[int, Field(ge=0, le=7)]], Field(max_length=8)]] = Field(
        max_length=30, description="For each question the places of the chosen options, from 0."
    )


class ChosenOut(Schema):
    text: str
    why: str


class WrongOut(Schema):
    """A question that was answered wrongly, with where to read again."""

    question: int = Field(description="Its place, from 1.")
    text: str
    where: str
    chosen: list[ChosenOut]
    right: list[str] = Field(description="The right answers, once all is passed.")


class SheetOut(Schema):
    """Your newest try, or the one that passed."""

    tries: int
    right: int
    of: int
    passed: bool
    at: str | None
    wrong: list[WrongOut]
