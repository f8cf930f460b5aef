"""The questions about a record: written by whoever writes the record, answered by whoever is asked to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.kernel.asking.answering import asked_in, hardest, questions_of
from linchpin.kernel.asking.questions import MOST_OPTIONS, PASS_MARK, Option, Question
from linchpin.kernel.commands.questioning import answer_questions, put_questions
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.surfaces.web.acting import address
from linchpin.surfaces.web.record import page_again, record_or_404
from linchpin.surfaces.web.register import type_or_404

OFFERED = 4
"""Lines for answers that a new question begins with."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """What readers are asked, with the right answers: for those who write the record."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    if not type_or_404(key).questioned or not may(access, "edit", found):
        raise NotAllowed(_("The questions about %s are for those who write it.") % found.number)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _write(request, found, access)
        except Refused as problem:
            refused = problem
        else:
            return redirect("questions", key, number)
    context = _context(found, key) | {"refused": refused}
    if refused:
        typed, place = _typed(request.POST), request.POST.get("place", "")
        context["asked"] = [(at, typed, _lines(typed), True) if str(at) == place else (at, one, lines, False) for at, one, lines, _open in context["asked"]]
        context |= {"typed": typed, "fresh": _lines(typed)} if not place else {}
    return render(request, "linchpin/questions.html", context, status=refused.status if refused else 200)


def _context(found: Any, key: str) -> dict[str, Any]:
    standing, before = questions_of(found.pk), _before(found)
    tries, passed, hard = hardest(found.pk)
    return {
        "record": found,
        "type": type_or_404(key),
        "asked": [(place, one, _lines(one), False) for place, one in enumerate(asked_in(standing), 1)],
        "pass_mark": standing.pass_mark if standing else PASS_MARK,
        "fresh": _lines(Question("", ())),
        "open": found.status in type_or_404(key).questioned,
        "before": before,
        "before_count": len(asked_in(questions_of(before.pk))) if before and not standing else 0,
        "tries": tries, "passed": passed, "hard": hard,
    }  # fmt: skip


def _before(found: Any) -> Any:
    """The record of the same kind under the same parent whose questions may be taken over: the newest before this one that has any."""
    if found.parent_id is None:
        return None
    rows = type(found)._default_manager.filter(parent_id=found.parent_id, pk__lt=found.pk).exclude(questions_sha256="").exclude(phase="void")
    return rows.order_by("-pk").first()


def _lines(question: Question) -> list[tuple[int, Option]]:
    """The answers of a question and two empty lines for more."""
    wanted = min(MOST_OPTIONS, max(OFFERED, len(question.options) + 1))
    empty = (Option(""),) * (wanted - len(question.options))
    return list(enumerate((*question.options, *empty), 1))


def _write(request: HttpRequest, found: Any, access: Access) -> None:
    standing = questions_of(found.pk)
    asked, mark = asked_in(standing), standing.pass_mark if standing else PASS_MARK
    what, place = request.POST.get("do", ""), request.POST.get("place", "")
    at = int(place) - 1 if place.isdecimal() and 0 < int(place[:4]) <= len(asked) else None
    if what == "take_over":
        earlier = questions_of(getattr(_before(found), "pk", None))
        asked, mark = asked_in(earlier), earlier.pass_mark if earlier else mark
    elif what == "mark":
        text = request.POST.get("pass_mark", "")
        mark = int(text) if text.isdecimal() and len(text) < 4 else 0
    elif what == "add":
        asked.append(_typed(request.POST))
    elif at is not None:
        asked = _changed(asked, at, what, request)
    put_questions(found, asked, actor=access, pass_mark=mark)


def _changed(asked: list[Question], at: int, what: str, request: HttpRequest) -> list[Question]:
    if what == "drop":
        return asked[:at] + asked[at + 1 :]
    if what == "up" and at:
        return [*asked[: at - 1], asked[at], asked[at - 1], *asked[at + 1 :]]
    return [*asked[:at], _typed(request.POST), *asked[at + 1 :]] if what == "change" else asked


def _typed(given: Any) -> Question:
    """Several right answers marked mean that several are to be chosen."""
    right = set(given.getlist("right"))
    options = [Option(given.get(f"option-{n}", ""), str(n) in right, given.get(f"why-{n}", "")) for n in range(1, MOST_OPTIONS + 1)]
    question = Question(given.get("text", ""), tuple(one for one in options if one.text.strip()), where=given.get("where", ""))
    return replace(question, multiple=len(question.key) > 1 or bool(given.get("multiple")))


@login_required
@require_POST
def answers(request: HttpRequest, key: str, number: str, duty: str) -> HttpResponse:
    """A reader's answers to all the questions; what was wrong stands on the page that comes back."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    try:
        attempt = answer_questions(found, duty, _chosen(request.POST), actor=access)
    except Refused as refused:
        return page_again(request, found, refused, "questions")
    if attempt.passed:
        words = {"right": attempt.right, "of": attempt.of}
        messages.success(request, _("%(right)s of %(of)s right: now say that you have read it.") % words)
    return redirect(f"{address(found)}#questions")


def _chosen(given: Any) -> Sequence[list[int]]:
    count = int(given.get("count", "0")) if given.get("count", "0").isdecimal() and len(given.get("count", "0")) < 3 else 0
    return [[int(text) for text in given.getlist(f"q-{place}") if text.isdecimal() and len(text) < 3] for place in range(1, count + 1)]
