"""Guessing which column becomes which field, how sure that is, and the few questions that only a person can answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.reading.dates import date_order, plain
from linchpin.exchange.reading.fields import Field, Fields
from linchpin.exchange.reading.headers import FoundColumn, Table, normal
from linchpin.exchange.reading.likeness import LIKELY, PERSON_WORDS, POSSIBLE, SURE, different, is_day, is_number, name_likeness, value_likeness
from linchpin.exchange.reading.numbers import decimal_style
from linchpin.exchange.reading.problems import Unreadable, shown
from linchpin.exchange.reading.values import NO, NOTHING, YES, parse_choice

ACCEPTED = 70
KEY_WORDS = {"id", "no", "nr", "number", "nummer", "num", "ref", "reference", "key", "code", "numero", "broj"}
MOST_ASKED_VALUES = 30
LEAST_FITTING = 0.2
HARDLY = 0.8
"""A column of own numbers, of which some were given twice by mistake, has at least so many different ones."""
ABOUT_CELLS = ("dates", "decimals", "values")


@dataclass(slots=True)
class Plan:
    """What one column is to become. `field` is a field's name, `type:field` for a child record's, or empty.

    `confidence` runs from 0 to 100. A page lets people change everything but the column.
    """

    column: FoundColumn
    field: str = ""
    confidence: int = 0
    dates: str = ""
    decimals: str = ""
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must decide. `about` is `field`, `dates`, `decimals`, `values`, `key`, `title` or `repeated`; `options` are (value, label)."""

    about: str
    letter: str
    sentence: str
    options: tuple[tuple[str, str], ...] = ()
    suggested: str = ""
    value: str = ""


@dataclass(slots=True)
class Guess:
    """A plan for every column, the letter of the key column (or empty), the rule for repeated keys, and the open questions.

    `title` is the field that says what a record is about.
    """

    type: str
    plans: list[Plan]
    key: str = ""
    repeated: str = "separate"
    title: str = "title"
    questions: list[Question] = dataclasses.field(default_factory=list)

    def plan(self, field_name: str) -> Plan | None:
        """The plan of the first column that becomes the field."""
        return next((plan for plan in self.plans if plan.field == field_name), None)


def guess(table: Table, type_key: str, fields: Mapping[str, Fields], children: Sequence[str] = ()) -> Guess:
    """Plans for all columns of the table for records of that type; `children` are types that may stand under it."""
    seen = {column.index: different(column, list(table.column(column.index))) for column in table.columns}
    answer = Guess(type_key, [Plan(column) for column in table.columns], title=title_field(fields[type_key]))
    _assign(answer, fields, children, seen)
    _find_key(answer, table)
    _find_title(answer, fields[type_key], seen)
    ask_about_cells(answer, table, fields)
    return answer


def ask_about_cells(answer: Guess, table: Table, fields: Mapping[str, Fields]) -> None:
    """Settle how the cells of each mapped column are read, or ask; asked again when somebody mapped the columns otherwise."""
    answer.questions = [question for question in answer.questions if question.about not in ABOUT_CELLS]
    for plan in answer.plans:
        child, _colon, name = plan.field.rpartition(":")
        if field := fields.get(child or answer.type, {}).get(name):
            _settle(answer, plan, field, table, different(plan.column, list(table.column(plan.column.index)))[0])


def field_of(plan: Plan, type_key: str, fields: Mapping[str, Fields]) -> Field:
    """The field that the plan's column feeds."""
    child, _colon, name = plan.field.rpartition(":")
    return fields[child or type_key][name]


def _assign(answer: Guess, fields: Mapping[str, Fields], children: Sequence[str], seen: Mapping[int, Any]) -> None:
    """The best pairs first; each field takes one column, each column one field."""
    wanted = [(name, f) for name, f in fields[answer.type].items()]
    wanted += [(f"{child}:{name}", f) for child in children for name, f in fields[child].items() if name in ("title", "what")]
    pairs = [(score, plan, name) for plan in answer.plans for name, f in wanted if (score := _score(plan.column, name, f, seen[plan.column.index])) >= POSSIBLE]
    taken: set[str] = set()
    for score, plan, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1].column.index)):
        if plan.field or name in taken:
            continue
        taken.add(name)
        if score >= ACCEPTED:
            plan.field, plan.confidence = name, score
        else:
            _ask_field(answer, plan, name, fields, score)


def _score(column: FoundColumn, name: str, field: Field, seen: tuple[list[str], list[Any]]) -> int:
    """Header and cells together: cells that the field cannot take pull the header's likeness down."""
    by_name = name_likeness(column.header, field)
    if ":" in name and by_name < LIKELY - 2:
        return 0
    texts = seen[0]
    if field.kind == "choice" and len(texts) > len(field.choices) and value_likeness(*seen, field) < LEAST_FITTING:
        return 0  # “State” with TX, CA, NY … is no status
    if by_name:
        return int(by_name * _weight(name, field, by_name, value_likeness(*seen, field))) - (2 if ":" in name else 0)
    if field.kind == "choice" and len(texts) >= 2 and any(plain(text) not in YES | NO for text in texts):
        fitting = value_likeness(*seen, field)
        return int(75 * fitting) if fitting >= 0.8 else 0
    person = field.name == "owner" and bool(PERSON_WORDS & set(normal(column.header).split()))
    return POSSIBLE if person and texts and value_likeness(*seen, field) >= 0.9 else 0


def _weight(name: str, field: Field, by_name: int, fitting: float) -> float:
    """How far the cells pull the header down: fully for days and numbers, little where words of any kind are taken."""
    if field.kind in ("date", "datetime", "integer", "decimal", "boolean", "unit"):
        return fitting
    if name == "reference" or by_name == SURE:
        return 1.0
    return 0.7 + 0.3 * fitting


def _ask_field(answer: Guess, plan: Plan, name: str, fields: Mapping[str, Fields], score: int) -> None:
    label = field_of(Plan(plan.column, name), answer.type, fields).label
    sentence = _("Is the column “%(header)s” the field “%(field)s”?") % {"header": plan.column.header, "field": label}
    answer.questions.append(Question("field", plan.column.letter, sentence, ((name, _("Yes")), ("", _("No"))), name if score >= 65 else ""))


def _find_key(answer: Guess, table: Table) -> None:
    """The column by which a second file finds its records: every row has it, and none repeats."""
    rows = max((plan.column.filled for plan in answer.plans), default=0)
    reference = answer.plan("reference")
    if reference and _repeats(reference, table):
        better = [p for p in answer.plans if _names_a_key(p) and p.column.filled == rows and not _repeats(p, table)]
        if better:
            reference.field, reference.confidence = "", 0
            reference = better[0]
    elif not reference:
        free = [p for p in answer.plans if not p.field and _names_a_key(p) and p.column.filled == rows]
        reference = next((p for p in free if not _repeats(p, table)), None) or next((p for p in free if _hardly_repeats(p, table)), None)
    if reference is None:
        return
    reference.field, reference.confidence = "reference", max(reference.confidence, LIKELY)
    answer.key, answer.repeated = reference.column.letter, "refuse"
    if _repeats(reference, table):
        options = (("merge", _("The same record: merge the rows")), ("refuse", _("A mistake: refuse them")), ("separate", _("Different records")))
        sentence = _("“%s” has the same value in several rows. What are those rows?") % reference.column.header
        likely = "refuse" if _hardly_repeats(reference, table) else "merge"
        answer.questions.append(Question("repeated", reference.column.letter, sentence, options, likely))


def _names_a_key(plan: Plan) -> bool:
    return bool(KEY_WORDS & set(normal(plan.column.header).split())) or normal(plan.column.header).endswith("id")


def _repeats(plan: Plan, table: Table) -> bool:
    cells = [cell for cell in table.column(plan.column.index) if cell is not None]
    return len(set(map(str, cells))) < len(cells)


def _hardly_repeats(plan: Plan, table: Table) -> bool:
    """Whether it reads like the rows' own numbers, of which a few were given twice: one of the first columns, nearly all different."""
    cells = [str(cell) for cell in table.column(plan.column.index) if cell is not None]
    return plan.column.index <= 1 and len(cells) >= 5 and len(set(cells)) >= HARDLY * len(cells)


def _find_title(answer: Guess, fields: Fields, seen: Mapping[int, tuple[list[str], list[Any]]]) -> None:
    """Every record needs a title (or the text it is made of): without a named one, the column that reads most like one is suggested."""
    name = answer.title
    if not name or answer.plan(name):
        return
    free = [plan for plan in answer.plans if not plan.field]
    ranked = sorted(free, key=lambda plan: _titleness(*seen[plan.column.index]), reverse=True)
    if ranked and _titleness(*seen[ranked[0].column.index]) > 0:
        ranked[0].field, ranked[0].confidence = name, 50
    suggested = ranked[0].column.letter if ranked else ""
    options = tuple((plan.column.letter, plan.column.header) for plan in ranked)
    answer.questions.append(Question("title", suggested, _("Which column says in a few words what each row is about?"), options, suggested))


def title_field(fields: Fields) -> str:
    """The text that every new record of a type needs: its title, or what its title is made of."""
    return next((name for name, field in fields.items() if field.required and field.is_text), "title" if "title" in fields else "")


def _titleness(texts: Sequence[str], raw: Sequence[Any]) -> float:
    """Short, different texts with words in them; no days, numbers or addresses."""
    words = [t for t, cell in zip(texts, raw, strict=True) if " " in t and "://" not in t and not is_day(cell) and not is_number(cell)]
    if not texts or len(words) < len(texts) * 0.6:
        return 0.0
    average = sum(map(len, words)) / len(words)
    fit = 1.0 if 12 <= average <= 120 else 0.5 if average < 12 else 120 / average
    return fit * min(len(texts), 100)


def _settle(answer: Guess, plan: Plan, field: Field, table: Table, texts: Sequence[str]) -> None:
    """How the cells of a mapped column are read, or the question that decides it."""
    cells = list(table.column(plan.column.index))
    if field.kind in ("date", "datetime"):
        order = plan.dates or date_order(cells)
        plan.dates = order if order in ("dmy", "mdy") else ""
        if order in ("ambiguous", "mixed"):
            example = next((t for t in texts if any(sign in t for sign in "/-.")), "")
            sentence = _("In “%(header)s”, how is %(example)s read?") % {"header": plan.column.header, "example": shown(example)}
            answer.questions.append(Question("dates", plan.column.letter, sentence, (("dmy", _("day first")), ("mdy", _("month first")))))
    elif field.kind in ("integer", "decimal"):
        style = plan.decimals or decimal_style(cells)
        plan.decimals = style if style in ("point", "comma") else ""
        if style in ("ambiguous", "mixed"):
            sentence = _("In “%s”, which sign parts the decimals?") % plan.column.header
            answer.questions.append(Question("decimals", plan.column.letter, sentence, (("point", "1,234.56"), ("comma", "1.234,56"))))
    elif field.kind == "choice":
        _ask_choices(answer, plan, field, texts)


def _ask_choices(answer: Guess, plan: Plan, field: Field, texts: Sequence[str]) -> None:
    """Each different text that is none of the choices is asked about once."""
    options = (*field.choices.items(), ("", _("leave empty")))
    for text in texts[:MOST_ASKED_VALUES]:
        if plain(text) in NOTHING or text in plan.values:
            continue
        try:
            parse_choice(text, field)
        except Unreadable:
            sentence = _("In “%(field)s”, what does “%(value)s” mean?") % {"field": field.label, "value": shown(text)}
            answer.questions.append(Question("values", plan.column.letter, sentence, tuple(options), value=text))
