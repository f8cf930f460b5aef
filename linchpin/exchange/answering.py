"""What people answer about the columns of a file, kept with the import and written into its plans again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.importable import importable
from linchpin.exchange.models import Import
from linchpin.exchange.reading.mapping import KEY_WORDS, Plan, ask_about_cells
from linchpin.exchange.reading.shapes import ORDERS, REPEATED, STYLES, Profile
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.understanding import PARENT, Understanding, profile_of, understand
from linchpin.kernel.records.registry import all_types, get_type

LEFT_OUT = "-"
"""A column that somebody does not want; an empty answer keeps it as a line of the main text."""
AS_THEY_STAND = "!"
"""Of a text that is no choice: leave it, so that its rows are not taken and say why."""
Asked = tuple[str, str]


def understood(source: Import, book: Book) -> Understanding:
    """The guess for the import's sheet with everything in it that people answered so far."""
    found = understand(book, source.type, sheet=source.sheet, header_row=source.header_row)
    given: Mapping[str, Any] = source.answers
    if not given:
        return found
    plans = {plan.column.letter: plan for plan in found.guess.plans}
    for letter, field in given.get("fields", {}).items():
        if letter in plans:
            _put(plans[letter], field, source.type)
    _put_readings(plans, given)
    guess = found.guess
    if "key" in given:
        guess.key = given["key"] if given["key"] in plans else ""
        rule = str(given.get("repeated", ""))
        guess.repeated = "separate" if not guess.key else rule if rule in REPEATED else "refuse"
    mapped = {plan.field for plan in guess.plans}
    answered = {"field"} | ({"title"} if guess.title in mapped else set()) | ({"repeated"} if given.get("repeated") else set())
    guess.questions = [question for question in guess.questions if question.about not in answered]
    ask_about_cells(guess, found.table, importable())
    return found


def _put(plan: Plan, field: str, key: str) -> None:
    plan.left_out = field == LEFT_OUT
    plan.field = field if field in {name for name, _label in becomes(key)} and not plan.left_out else ""
    plan.dates, plan.decimals, plan.confidence = "", "", 100 if plan.field else 0


def _put_readings(plans: Mapping[str, Plan], given: Mapping[str, Any]) -> None:
    for letter, order in given.get("dates", {}).items():
        if letter in plans and order in ORDERS:
            plans[letter].dates = order
    for letter, style in given.get("decimals", {}).items():
        if letter in plans and style in STYLES:
            plans[letter].decimals = style
    for letter, values in given.get("values", {}).items():
        if letter in plans:
            plans[letter].values = dict(values)


def becomes(key: str) -> list[Asked]:
    """What a column may become: the fields of the type, what stands below each record, and the number of the record above."""
    fields = importable()
    answer = [(name, field.label) for name, field in fields[key].items()]
    for below in all_types():
        if key in below.parents:
            answer += [(f"{below.key}:{name}", f"{below.label()}: {fields[below.key][name].label}")
                       for name in ("title", "what", "owner", "due", "status") if name in fields[below.key]]  # fmt: skip
    return answer + [(PARENT + above, _("Number of its “%s”") % get_type(above).label()) for above in get_type(key).parents]


def from_form(posted: Mapping[str, str], letters: Sequence[str]) -> dict[str, Any]:
    """The answers in a posted form: `field-A`, `dates-A`, `decimals-A`, `value-A-0` with the text in `said-A-0`, `key`, `repeated`."""
    fields = {letter: posted[f"field-{letter}"] for letter in letters if f"field-{letter}" in posted}
    dates = {letter: order for letter in letters if (order := posted.get(f"dates-{letter}"))}
    decimals = {letter: style for letter in letters if (style := posted.get(f"decimals-{letter}"))}
    values: dict[str, dict[str, str]] = {}
    for name, text in posted.items():
        if name.startswith("said-"):
            _said, letter, number = name.split("-", 2)
            answer = posted.get(f"value-{letter}-{number}", "?")
            if answer != "?":
                values.setdefault(letter, {})[text] = answer
    return {"fields": fields, "dates": dates, "decimals": decimals, "values": values, "key": posted.get("key", ""), "repeated": posted.get("repeated", "")}


def profile_from(source: Import, found: Understanding, name: str = "guessed", title: str = "") -> Profile:
    """The profile of the answered plans; texts that were left as they stand map to nothing."""
    made = profile_of(found, name, title=title)
    return replace(made, targets=tuple(replace(t, parts=tuple(replace(p, values=_without(p.values)) for p in t.parts)) for t in made.targets))


def _without(values: Mapping[str, str]) -> dict[str, str]:
    return {text: value for text, value in values.items() if value != AS_THEY_STAND}


def could_be_a_key(plan: Plan) -> bool:
    """Whether a column's header speaks of a number or code."""
    return bool(KEY_WORDS & set(plan.column.header.lower().split()))


def type_of(book: Book) -> str:
    """The type whose fields the file's columns fit best, of those that have a register in the navigation."""
    def fit(key: str) -> int:
        return sum(plan.confidence for plan in understand(book, key).guess.plans if plan.field)

    return max((record_type.key for record_type in all_types() if record_type.listed), key=fit)
