"""Questions about a record, and answers to them. Right answers go to nobody but those who write the record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from linchpin.kernel.asking.answering import asked_in, questions_of, sheet_of
from linchpin.kernel.asking.questions import PASS_MARK, Option, Question
from linchpin.kernel.commands.questioning import answer_questions, put_questions
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.api.attached import ON
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, moment
from linchpin.surfaces.api.question_schemas import AnswersIn, QuestionsIn, QuestionsOut, SheetOut

router = Router(tags=["on a record"])


@router.get(f"{ON}/questions/", response=QuestionsOut, operation_id="questions", summary="Questions for readers")
def questions(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """What readers are asked about the record. Which answers are right is told to those who write it only."""
    actor = access(request)
    return answer(_questions(record_of(type, number, actor), actor))


@router.put(f"{ON}/questions/", response=QuestionsOut, operation_id="put_questions", summary="Ask readers questions")
def put(request: HttpRequest, type: str, number: str, body: QuestionsIn) -> HttpResponse:
    """Ask these, in place of those that stand; an empty list takes them away. Once the record is under review, its questions stay."""
    actor = access(request)
    found = record_of(type, number, actor)
    asked = [Question(q.text, tuple(Option(o.text, o.right, o.why) for o in q.options), q.multiple, q.where) for q in body.questions]
    put_questions(found, asked, actor=actor, pass_mark=body.pass_mark)
    return answer(_questions(record_of(type, number, actor), actor))


@router.get(f"{ON}/asked/{{duty}}/answers/", response=SheetOut, operation_id="answers", summary="Your answers")
def mine(request: HttpRequest, type: str, number: str, duty: str) -> HttpResponse:
    """How far you are with the questions that go with what you are asked for."""
    actor = access(request)
    return answer(_sheet(record_of(type, number, actor), duty, actor))


@router.post(f"{ON}/asked/{{duty}}/answers/", response={201: SheetOut}, operation_id="answer_questions", summary="Answer the questions")
def give(request: HttpRequest, type: str, number: str, duty: str, body: AnswersIn) -> HttpResponse:
    """Answer all the questions at once: for each the places of the chosen options, from 0. Every try is kept."""
    actor = access(request)
    found = record_of(type, number, actor)
    answer_questions(found, duty, body.answers, actor=actor)
    return answer(_sheet(found, duty, actor), 201)


def _questions(record: Any, actor: Access) -> dict[str, Any]:
    standing, writes = questions_of(record.pk), may(actor, "edit", record)
    asked = [
        {
            "text": one.text, "multiple": one.multiple, "where": one.where if writes else None,
            "options": [{"text": o.text, "right": o.right if writes else None, "why": o.why if writes else None} for o in one.options],
        }
        for one in asked_in(standing)
    ]  # fmt: skip
    return {"pass_mark": standing.pass_mark if standing else PASS_MARK, "questions": asked}


def _sheet(record: Any, duty: str, actor: Access) -> dict[str, Any]:
    asking = get_type(record.type).askings.get(duty)
    sheet = sheet_of(record, duty, asking.about(record), actor.person) if asking and asking.about else None
    if sheet is None or sheet.last is None:
        return {"tries": 0, "right": 0, "of": len(sheet.questions) if sheet else 0, "passed": sheet is None, "at": None, "wrong": []}
    wrong = [
        {
            "question": one.place, "text": one.question.text, "where": one.question.where,
            "chosen": [{"text": option.text, "why": "" if option.right else option.why} for option in one.chose],
            "right": [option.text for option in one.answers] if sheet.passed else [],
        }
        for one in sheet.wrong
    ]  # fmt: skip
    last = sheet.last
    return {"tries": sheet.tries, "right": last.right, "of": last.of, "passed": last.passed, "at": moment(last.at), "wrong": wrong}
