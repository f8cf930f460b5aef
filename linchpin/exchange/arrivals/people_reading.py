"""A list of people as a file has it: which column is what, and what each row would make of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.exchange.reading.fields import Field, Fields
from linchpin.exchange.reading.headers import Table, find_table
from linchpin.exchange.reading.mapping import Guess, guess
from linchpin.exchange.reading.problems import Unreadable
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.reading.values import parse_choice, text_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Refused

NUMBER = "badge"
"""The field of a person that their number fills."""
LONGEST = {"name": 120, "position": 120, NUMBER: 40, "initials": 8}
LABELS = {
    "name": gettext_lazy("Name"), "given": gettext_lazy("First name"), "family": gettext_lazy("Last name"), "email": gettext_lazy("E-mail"),
    NUMBER: gettext_lazy("Badge or number"), "initials": gettext_lazy("Initials"), "position": gettext_lazy("Position"),
    "employment": gettext_lazy("Employment"), "unit": gettext_lazy("Unit"), "manager": gettext_lazy("Line manager"),
}  # fmt: skip
SYNONYMS = {
    "name": "full name|employee|employee name|person|colleague|mitarbeiter|nome completo|ime in priimek|nombre",
    "given": "first name|given name|forename|vorname|nome próprio|ime",
    "family": "last name|surname|family name|nachname|apelido|priimek",
    "email": "email|mail|email address|work email|e mail address|correo",
    NUMBER: "badge|badge number|badge no|number|personnel number|personnel no|employee id|employee number|employee no|staff no|staff number|payroll number|personalnummer|id|no|nr",  # noqa: E501
    "initials": "initial|abbreviation|short name|short|code|kürzel|kurzzeichen",
    "position": "job title|job|title|role|function|occupation|funktion|stelle|função|delovno mesto",
    "employment": "employment type|type of employment|contract|contract type|worker type|role of employment|beschäftigung",
    "unit": "department|dept|team|site|division|area|organizational unit|abteilung|bereich|departamento|oddelek",
    "manager": "manager|reports to|supervisor|boss|superior|head|vorgesetzter|vorgesetzte|chefia|vodja",
}
EMPLOYMENTS = {
    "permanent": "employee", "full time": "employee", "part time": "employee", "staff": "employee", "fixed term": "employee", "apprentice": "employee",
    "temp": "agency", "temporary": "agency", "agency": "agency", "external": "contractor", "freelance": "contractor", "freelancer": "contractor",
    "leiharbeiter": "agency", "angestellt": "employee", "festangestellt": "employee",
}  # fmt: skip


@dataclass(slots=True)
class PeopleFound:
    """The sheet that reads most like a list of people, and the plan for each of its columns."""

    sheet: str
    table: Table
    guess: Guess


@dataclass(slots=True)
class PersonRow:
    """One row: its texts by field, and once it was matched whom it makes or changes, or why it does neither."""

    row: int
    values: dict[str, str]
    outcome: str = ""
    person: Person | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.values.get("name", "")


def people_fields() -> dict[str, Field]:
    """What the columns of a list of people may become."""
    employments = {value: str(label) for value, label in Person.Employment.choices if value != Person.Employment.SYSTEM}
    kinds: dict[str, Any] = {"employment": "choice", "unit": "unit", "manager": "person"}
    return {
        name: Field(
            name, str(label), kinds.get(name, "line"), choices=employments if name == "employment" else {}, required=name == "name",
            names=tuple(SYNONYMS[name].split("|")), also=EMPLOYMENTS if name == "employment" else {},
        )
        for name, label in LABELS.items()
    }  # fmt: skip


def understand_people(book: Book, answers: Mapping[str, str] | None = None) -> PeopleFound:
    """The sheet that reads most like a list of people, with what was answered about its columns (letter to field). Raises Refused."""
    fields = people_fields()
    names = [sheet.name for sheet in book.sheets if sheet.rows][:20]
    if not names:
        raise Refused(_("The file has no sheet with cells."))
    found = max((_looked_at(book, name, fields) for name in names), key=lambda one: sum(p.confidence for p in one.guess.plans if p.field))
    for plan in found.guess.plans:
        if answers is not None and plan.column.letter in answers:
            plan.field, plan.confidence = answers[plan.column.letter], 100
    return found


def _looked_at(book: Book, sheet: str, fields: Fields) -> PeopleFound:
    known = [word for one in fields.values() for word in (one.label, one.name, *one.names)]
    table = find_table(book.cells(sheet if book.inspected.kind == "xlsx" else ""), 0, known)
    found = guess(table, "person", {"person": fields})
    parts = {plan.field for plan in found.plans} & {"given", "family"}
    for plan in found.plans:
        if plan.field not in fields or (plan.field == "name" and len(parts) == 2 and plan.confidence < 100):
            plan.field, plan.confidence = "", 0
    return PeopleFound(sheet, table, found)


def read_people(found: PeopleFound) -> list[PersonRow]:
    """Every row that says anything, with its texts by field. What cannot be is said of the row."""
    fields = people_fields()
    at = {plan.field: plan.column.index for plan in found.guess.plans if plan.field in fields}
    rows = []
    for number, cells in enumerate(found.table.rows[found.table.header_row :], found.table.header_row + 1):
        one = PersonRow(number, {})
        for name, index in at.items():
            _read(one, fields[name], cells[index] if index < len(cells) else None)
        if one.values or one.wrong:
            _settle(one)
            rows.append(one)
    return rows


def _read(one: PersonRow, known: Field, raw: Any) -> None:
    try:
        text = " ".join(text_of(raw).split())
        if text and known.name == "employment":
            text = str(parse_choice(text, known))
    except Unreadable as problem:
        one.remarks.append(f"{known.label}: {problem}")
        return
    if text and text not in ("-", "–", "n/a"):
        one.values[known.name] = text


def _settle(one: PersonRow) -> None:
    """One name from what there is, an address that is one, and nothing longer than it may be."""
    given, family = one.values.pop("given", ""), one.values.pop("family", "")
    name = one.values.get("name", "") or f"{given} {family}".strip()
    if name.count(",") == 1 and not given:
        last, _comma, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}".strip()
    if name:
        one.values["name"] = name
    else:
        one.wrong.append(_("It names nobody."))
    _check_address(one)
    for field_name, longest in LONGEST.items():
        if len(one.values.get(field_name, "")) > longest:
            words = {"label": LABELS[field_name], "n": longest}
            (one.wrong if field_name == "name" else one.remarks).append(_("%(label)s: longer than %(n)s letters, left empty.") % words)
            one.values[field_name] = "" if field_name != "name" else one.values["name"][:longest]


def _check_address(one: PersonRow) -> None:
    if email := one.values.get("email", ""):
        try:
            validate_email(email)
            one.values["email"] = email.lower()
        except ValidationError:
            one.wrong.append(_("“%s” is no e-mail address.") % email)
