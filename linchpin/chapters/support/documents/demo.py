"""Documents of the demonstration, with their revisions, who decided, and who has read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from linchpin.chapters.support.documents.demo_word import word_file
from linchpin.chapters.support.revisions.models import CONTENT
from linchpin.kernel.asking.models import Asked
from linchpin.kernel.asking.questions import Option, Question
from linchpin.kernel.commands import Signing, attach, create, move
from linchpin.kernel.commands.asking import Named, name_audience, witness
from linchpin.kernel.commands.commenting import settle_comment
from linchpin.kernel.commands.questioning import answer_questions, put_questions
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.stage import Play, Stage, tales

SIGNED = Signing(reauthenticated=True)


def stories(stage: Stage) -> Iterator[Play]:
    """Each row of `stories/*.toml` is a document with its `revision` rows. `t` is in months from the day of loading."""
    for row in tales(Path(__file__).parent / "stories", "document"):
        yield _tell(stage, row)


def _tell(stage: Stage, row: dict[str, Any]) -> Play:
    keeper, unit = stage.who("grace"), row["unit"]
    names = ("title", "kind", "purpose", "clauses", "place", "source", "review_months", "keep_years", "records_years", "after_keeping")
    known: dict[str, Any] = {name: row[name] for name in names if name in row}
    known |= {"reference": row["number"], "unit": stage.units[unit], "owner": stage.who(row["owner"]).person}
    if "lapses_in" in row:
        known["lapses_on"] = stage.today + timedelta(days=row["lapses_in"])
    first = stage.day(row["revision"][0]["t"])
    yield stage.at(first if "lapses_in" in row else first - timedelta(days=21), unit, 8)
    document = create("document", known, actor=keeper)
    stage.records[row["number"]] = document
    if "read_by" in row:
        name_audience(document, "confirm", [_named(stage, text) for text in row["read_by"]], actor=keeper)
    for told in row["revision"]:
        yield from _revise(stage, row, document, told)
    if "withdrawn" in row:
        yield stage.at(stage.day(row["withdrawn"]), unit, 14)
        move(document, "withdraw", actor=keeper, reason=row["because"])


def _named(stage: Stage, text: str) -> Named:
    kind, _colon, key = text.partition(":")
    return stage.units[key] if kind == "unit" else key if kind == "role" else stage.who(key).person


def _revise(stage: Stage, row: dict[str, Any], document: Any, told: dict[str, Any]) -> Play:
    """Written, reviewed, approved and in force, as far as the row goes (`until`)."""
    day, unit, author = stage.day(told["t"]), row["unit"], stage.who(told["author"])
    hurry = 0 if "lapses_in" in row else 1
    yield stage.at(day - timedelta(days=12 * hurry), unit, 8.2)
    text = "" if "word" in told else told["text"]
    values = {"title": told.get("title", row["title"]), "label": told["label"], "content": text, "change_note": told.get("note", "")}
    values |= {"owner": author.person, "ask_again": told.get("ask_again", True)}
    revision = create("revision", values, actor=stage.who("grace"), parent=document)
    if "word" in told:
        attach(revision, ContentFile(word_file(told["text"]), name=told["word"]), actor=stage.who("grace"), purpose=CONTENT)
    if "question" in told:
        put_questions(revision, [_question(one) for one in told["question"]], actor=author, pass_mark=100)
    if told.get("until") == "draft":
        return
    for duty, key in (("review", "reviewers"), ("approve", "approvers")):
        name_audience(revision, duty, [stage.who(who).person for who in told.get(key, ())], actor=author)
    yield stage.at(day - timedelta(days=8 * hurry), unit, 8.5)
    move(revision, "submit", actor=author)
    yield from _review(stage, told, revision, unit)
    if told.get("until") == "review":
        return
    for hour, who in enumerate(told["approvers"]):
        yield stage.at(day, unit, 9 + hour)
        move(revision, "approve", actor=stage.who(who), signing=SIGNED)
    yield from _read(stage, row, told, document)


def _review(stage: Stage, told: dict[str, Any], revision: Any, unit: str) -> Play:
    day, waiting = stage.day(told["t"]), told.get("still_reviewing", ())
    for who, wish, answer in told.get("changes", ()):
        yield stage.at(day - timedelta(days=5), unit, 14)
        move(revision, "ask_change", actor=stage.who(who), reason=wish)
        if answer:
            yield stage.at(day - timedelta(days=4), unit, 15)
            settle_comment(Comment.objects.filter(record_id=revision.pk).latest("id"), answer, actor=stage.who(told["author"]))
    for who in told.get("reviewers", ()):
        if who not in waiting:
            yield stage.at(day - timedelta(days=3), unit, 13)
            move(revision, "agree", actor=stage.who(who))


def _read(stage: Stage, row: dict[str, Any], told: dict[str, Any], document: Any) -> Play:
    """Whoever signs in confirms; those without are told by their supervisor, who was there."""
    day, unit, dice = stage.day(told["t"]), row["unit"], stage.dice("read", row["number"], told["label"])
    yield stage.at(day + timedelta(days=1 if "lapses_in" in row else 4), unit, 7.5)
    rows = Asked.objects.filter(record_id=document.pk, duty="confirm", answer="").select_related("person__unit", "person__manager").order_by("id")
    waiting = {stage.who(key).person.pk for key in row.get("unread", ())}
    read = [one.person for one in rows if dice.random() < row.get("share", 1) and one.person_id not in waiting]
    accesses = {access.person.pk: access for access in stage.people.values()}
    groups: dict[int, list[Any]] = {}
    for person in read:
        if person.email:
            if "question" in told:
                _answer(document, told["question"], accesses[person.pk], slips=dice.random() < 0.3)
            move(document, "confirm", actor=accesses[person.pk])
        elif person.manager_id is not None:
            groups.setdefault(person.manager_id, []).append(person)
    for manager, people in groups.items():
        witness(document, "confirm", people, actor=accesses[manager], said_so="At the start of the shift, at the board.")


def _question(one: dict[str, Any]) -> Question:
    options = tuple(Option(text, right, why[0] if why else "") for text, right, *why in one["options"])
    return Question(one["text"], options, multiple=sum(option.right for option in options) > 1, where=one["where"])


def _answer(document: Any, told: list[dict[str, Any]], reader: Access, *, slips: bool) -> None:
    """Most are right at once; some trip over one question, read again and try once more."""
    asked = [_question(one) for one in told]
    right = [sorted(one.key) for one in asked]
    if slips:
        answer_questions(document, "confirm", [[0], *right[1:]], actor=reader)
    answer_questions(document, "confirm", right, actor=reader)
