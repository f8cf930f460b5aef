"""Every type is raised, refused and edited by the same rules, and leaves its trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import models

from linchpin.kernel import commands, trail
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.refusals import Refused, Stale
from linchpin.kernel.records.registry import RecordType
from tests.cast import Cast
from tests.contract.test_moves import is_a_sentence
from tests.contract.walking import a_text_field, creator_of, fresh, raise_one, values_of

ODD_TEXTS = {
    "only punctuation": ("?!… --", "Write words: this is only punctuation."),
    "a script": ("Burr <script>alert(1)</script>", "Write plain text: HTML is not taken."),
    "HTML that is cut open": ("Burr < / IFRAME src=x", "Write plain text: HTML is not taken."),
    "a control character": ("Burr\x07 at the bore", "The text contains control characters: remove them."),
    "half a character": ("Burr \ud800 at the bore", "The text contains control characters: remove them."),
    "a hundred thousand and one characters": ("a" * 100_001, ""),
}


def refusals_of(kind: RecordType, cast: Cast, /, **over: Any) -> dict[str, list[str]]:
    """What is said, by field, when one is raised with these values; nothing may be kept of it."""
    before = kind.model._default_manager.count()
    with pytest.raises(Refused) as refused:
        raise_one(kind, cast, **over)
    assert kind.model._default_manager.count() == before
    assert all(is_a_sentence(r.sentence) for r in refused.value.refusals), refused.value
    return refused.value.by_field()


def test_it_is_raised_with_a_number_and_its_first_event(kind: RecordType, cast: Cast) -> None:
    record = raise_one(kind, cast)
    assert record.number == f"{kind.prefix}-{record.created_at.year}-0001"
    assert (record.status, record.phase, record.version) == (kind.lifecycle.initial, kind.lifecycle.phase(kind.lifecycle.initial), 1)
    (event,) = trail.history(record.pk)
    told = {change.field: change.new for change in event.changes}
    assert event.verb == "create" and event.actor == creator_of(kind, cast).person
    for name, value in values_of(kind, cast).items():
        assert told[name] == as_text(getattr(record, name)), (name, value)
    assert told["number"] == record.number


def test_the_same_form_sent_twice_makes_one(kind: RecordType, cast: Cast) -> None:
    actor = creator_of(kind, cast)
    first, second = (commands.create(kind.key, values_of(kind, cast), actor=actor, once="the-same-form") for _n in range(2))
    assert first.pk == second.pk


def test_what_is_required_is_asked_for(kind: RecordType, cast: Cast) -> None:
    for name in kind.required:
        assert name in refusals_of(kind, cast, **{name: ""})
        without = {n: v for n, v in values_of(kind, cast).items() if n != name}
        with pytest.raises(Refused) as refused:
            commands.create(kind.key, without, actor=creator_of(kind, cast))
        assert name in refused.value.by_field()


@pytest.mark.parametrize("what", ODD_TEXTS)
def test_text_is_refused_for(kind: RecordType, what: str, cast: Cast) -> None:
    text, sentence = ODD_TEXTS[what]
    for name in ("title", a_text_field(kind)):
        said = refusals_of(kind, cast, **{name: text})
        assert sentence in said[name][0], said


def test_text_is_kept_without_direction_marks_and_blank_ends(kind: RecordType, cast: Cast) -> None:
    record = raise_one(kind, cast, title="  Aoife\u202e’s  bore \u200f ")
    assert record.title == "Aoife’s bore"


@pytest.mark.parametrize("typed", ["2026-02-30", "30.02.2026", "yesterday", "0001-01-01", "9999-12-31", "2026-13-01", dt.datetime(1, 1, 1), "NaN"])
def test_impossible_dates_are_refused(kind: RecordType, typed: Any, cast: Cast) -> None:
    for name, field in kind.fields.items():
        if isinstance(field, models.DateField):
            assert name in refusals_of(kind, cast, **{name: typed}), name


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "-inf", "-1", "1.5", "1e3", "ten", float("nan"), float("inf"), "9" * 30])
def test_numbers_that_count_nothing_are_refused(kind: RecordType, typed: Any, cast: Cast) -> None:
    for name, field in kind.fields.items():
        if isinstance(field, models.IntegerField):
            assert name in refusals_of(kind, cast, **{name: typed}), (name, typed)


def test_a_choice_that_is_not_offered_is_refused(kind: RecordType, cast: Cast) -> None:
    for name, field in kind.fields.items():
        if field.choices:
            assert name in refusals_of(kind, cast, **{name: "something else"}), name


@pytest.mark.parametrize("named", ["999999", "nobody@elsewhere.example", "not-a-uid", "0" * 40, "00000000-0000-0000-0000-000000000000"])
def test_somebody_who_does_not_exist_is_refused(kind: RecordType, named: str, cast: Cast) -> None:
    for name, field in kind.fields.items():
        if isinstance(field, models.ForeignKey):
            assert "choose one of the list" in refusals_of(kind, cast, **{name: named})[name][0], name


def test_whatever_may_not_be_empty_says_so_by_its_name(kind: RecordType, cast: Cast) -> None:
    """Our own sentence, not the framework's “This field is required.”"""
    needed = [name for name, field in kind.fields.items() if not field.blank and not field.is_relation and not isinstance(field, models.BooleanField)]
    for name in needed:
        assert refusals_of(kind, cast, **{name: ""})[name] == [f"“{kind.field_label(name)}” is empty: fill it in."], name


def test_unknown_and_computed_fields_are_refused(kind: RecordType, cast: Cast) -> None:
    for name in ("colour", "status", "phase", "number", "version", "created_by", "provenance", "exceptions", "id"):
        assert "There is no field" in refusals_of(kind, cast, **{name: "closed"})[name][0]


def test_a_due_date_in_the_past_is_refused_at_the_start(kind: RecordType, cast: Cast) -> None:
    assert "6 Jan 2020 is in the past: choose a day from today on." in refusals_of(kind, cast, due="2020-01-06")["due"][0]


def test_an_edit_leaves_what_was_and_what_is(kind: RecordType, cast: Cast) -> None:
    record, name = raise_one(kind, cast), a_text_field(kind)
    was = as_text(getattr(record, name))
    edited = commands.edit(record, {name: "Seen again on the night shift."}, actor=cast.daniel, reason="Thuy told me.")
    assert (getattr(edited, name), edited.version) == ("Seen again on the night shift.", 2)
    event = trail.history(record.pk)[-1]
    assert (event.verb, event.reason) == ("edit", "Thuy told me.")
    assert [(c.field, c.old or "", c.new) for c in event.changes] == [(name, was or "", "Seen again on the night shift.")]


def test_an_edit_that_changes_nothing_writes_nothing(kind: RecordType, cast: Cast) -> None:
    record = raise_one(kind, cast)
    same = {name: getattr(record, name) for name in kind.create_fields}
    assert commands.edit(record, same, actor=cast.daniel).version == 1
    assert len(trail.history(record.pk)) == 1


def test_two_people_in_one_field_are_shown_both_texts(kind: RecordType, cast: Cast) -> None:
    record, name = raise_one(kind, cast), a_text_field(kind)
    seen = as_text(getattr(record, name))
    commands.edit(record, {name: "Marek was first."}, actor=cast.marek, old={name: seen})
    with pytest.raises(Stale) as stale:
        commands.edit(record, {name: "Daniel came after."}, actor=cast.daniel, old={name: seen})
    assert stale.value.theirs == {name: "Marek was first."}
    assert "both texts are shown" in stale.value.by_field()[name][0]
    assert getattr(fresh(kind, record), name) == "Marek was first."


def test_two_people_in_two_fields_do_not_meet(kind: RecordType, cast: Cast) -> None:
    record, name = raise_one(kind, cast), a_text_field(kind)
    seen = {"title": record.title, name: as_text(getattr(record, name))}
    commands.edit(record, {name: "Marek's part."}, actor=cast.marek, old={name: seen[name]})
    both = commands.edit(record, {"title": "Daniel's part"}, actor=cast.daniel, old={"title": seen["title"]})
    assert (both.title, getattr(both, name), both.version) == ("Daniel's part", "Marek's part.", 3)


def test_a_move_on_what_somebody_changed_meanwhile_is_refused(kind: RecordType, cast: Cast) -> None:
    record = raise_one(kind, cast)
    commands.edit(record, {"title": "Changed while Daniel read it"}, actor=cast.marek)
    void = next(t for t in kind.lifecycle.moves_from(record.status) if kind.lifecycle.phase(t.target) == "void")
    with pytest.raises(Stale, match="was changed meanwhile"):
        commands.move(record, void.name, actor=cast.daniel, reason="A duplicate.", version=1)


def test_moving_a_due_date_needs_a_reason_and_then_the_next_level(kind: RecordType, cast: Cast) -> None:
    """The first date stays visible; Priya may move hers once, after that it is for her manager."""
    soon = dt.date.today() + dt.timedelta(days=20)
    record = raise_one(kind, cast, owner=cast.priya.person, due=soon)
    with pytest.raises(Refused, match="Say why the due date moves"):
        commands.edit(record, {"due": soon + dt.timedelta(days=7)}, actor=cast.priya)
    once = commands.edit(record, {"due": soon + dt.timedelta(days=7)}, actor=cast.priya, reason="The gauge is away.")
    assert (once.original_due, once.due_moves, once.due_was_moved) == (soon, 1, True)
    with pytest.raises(Refused, match="a second move is for the line manager or the quality manager"):
        commands.edit(once, {"due": soon + dt.timedelta(days=14)}, actor=cast.priya, reason="Still away.")
    with pytest.raises(Refused, match="a second move is for the line manager"):
        commands.edit(once, {"due": ""}, actor=cast.priya, reason="Let us see.")
    twice = commands.edit(once, {"due": soon + dt.timedelta(days=14)}, actor=cast.marek, reason="Agreed with the lab.")
    assert (twice.original_due, twice.due_moves) == (soon, 2)
