"""From the plans of a guess, as people left them, to a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linchpin.exchange.reading.fields import Field, Fields
from linchpin.exchange.reading.mapping import Guess, Plan, field_of
from linchpin.exchange.reading.shapes import Child, Column, Match, Part, Profile, Target

LONGEST_TITLE = 120


def answered(guess: Guess, answers: Mapping[tuple[str, str, str], str]) -> Guess:
    """Write answers into the plans. Keys are (question.about, question.letter, question.value); questions not in it stay open."""
    for question in list(guess.questions):
        key = (question.about, question.letter, question.value)
        if key not in answers:
            continue
        answer = answers[key]
        plan = next(p for p in guess.plans if p.column.letter == question.letter) if question.letter else guess.plans[0]
        match question.about:
            case "field":
                plan.field = answer
            case "dates":
                plan.dates = answer
            case "decimals":
                plan.decimals = answer
            case "values":
                plan.values[question.value] = answer
            case "repeated":
                guess.repeated = answer
                guess.key = "" if answer == "separate" else guess.key
            case "title":
                for other in guess.plans:
                    other.field = "" if other.field == guess.title else other.field
                next(p for p in guess.plans if p.column.letter == answer).field = guess.title
        guess.questions.remove(question)
    return guess


def make_profile(
    guess: Guess, name: str, fields: Mapping[str, Fields], *, title: str = "", sheet: str = "", header_row: int = 0,
    match: Match = "upsert", unknown_into: str = "", constants: Mapping[str, str] | None = None,
) -> Profile:  # fmt: skip
    """The profile that the plans amount to. Columns without a field go `unknown_into` a text field, or are left out and said so."""
    own = [plan for plan in guess.plans if plan.field and ":" not in plan.field]
    key = next((plan.column.header for plan in guess.plans if plan.column.letter == guess.key), "")
    mapped = [plan for plan in own if not (plan.field == "reference" and key)]
    repeated = guess.repeated if key else "separate"
    return Profile(
        name=name, title=title, type=guess.type, sheet=sheet, header_row=header_row, match=match, key=(key,) if key else (),
        repeated="refuse" if key and repeated == "separate" else repeated,  # type: ignore[arg-type]
        unknown_into=unknown_into,
        left_out=tuple(p.column.header for p in guess.plans if p.left_out and not p.field),
        columns=tuple(Column(p.column.header, required=p.column.header == key) for p in guess.plans if p.field or p.left_out or p.column.header == key),
        targets=tuple(_targets(mapped, guess.type, fields)),
        constants=dict(constants or {}),
        children=tuple(_children(guess, fields)),
    )  # fmt: skip


def _targets(plans: Sequence[Plan], type_key: str, fields: Mapping[str, Fields]) -> list[Target]:
    """One target for each field; several columns of a text field are joined under their headers."""
    by_field: dict[str, list[Plan]] = {}
    for plan in plans:
        by_field.setdefault(plan.field, []).append(plan)
    return [_target(found, field_of(found[0], type_key, fields)) for found in by_field.values()]


def _target(plans: Sequence[Plan], field: Field) -> Target:
    several = len(plans) > 1 and field.is_text
    parts = tuple(_part(plan, label=plan.column.header if several else "") for plan in plans)
    return Target(field.name, parts, combine="labels" if several else "first", merge="join" if field.kind == "text" else "first")


def _part(plan: Plan, label: str = "", shorten: int = 0) -> Part:
    return Part(plan.column.header, label, dates=plan.dates, decimals=plan.decimals, values=dict(plan.values), shorten=shorten)  # type: ignore[arg-type]


def _children(guess: Guess, fields: Mapping[str, Fields]) -> list[Child]:
    """Child records by type; one without a title takes it from its text, cut short."""
    by_type: dict[str, list[Plan]] = {}
    for plan in guess.plans:
        child, colon, _name = plan.field.rpartition(":")
        if colon:
            by_type.setdefault(child, []).append(plan)
    children = []
    for child, plans in by_type.items():
        targets = _targets(plans, child, fields)
        if not any(target.field == "title" for target in targets):
            targets.insert(0, Target("title", (_part(plans[0], shorten=LONGEST_TITLE),)))
        elif "what" in fields[child] and not any(target.field == "what" for target in targets):
            titled = next(plan for plan in plans if plan.field.endswith(":title"))
            targets.append(Target("what", (_part(titled),)))
            targets = [Target("title", (_part(titled, shorten=LONGEST_TITLE),)) if t.field == "title" else t for t in targets]
        children.append(Child(child, tuple(targets)))
    return children
