"""How a file is understood: by a named profile, or by looking at its headers and cells and asking the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import models
from django.utils.translation import gettext as _

from linchpin.exchange.importable import importable
from linchpin.exchange.models import SavedProfile
from linchpin.exchange.reading.headers import Table, find_table, match_columns
from linchpin.exchange.reading.mapping import Guess, Plan, Question, guess
from linchpin.exchange.reading.planning import answered, make_profile
from linchpin.exchange.reading.profile_writing import dumps
from linchpin.exchange.reading.profiles import NAME, loads, shipped
from linchpin.exchange.reading.shapes import Column, Match, Parent, Profile
from linchpin.exchange.reading.sources import Book, Row
from linchpin.exchange.writing_out import LAST, header_of
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import all_types, get_type

PARENT = "parent:"
"""What stands before a type where a column names the record under which each row belongs."""
Answers = Mapping[tuple[str, str, str], str]


@dataclass(slots=True)
class Understanding:
    """A sheet looked at: its table, the plan for every column, and the profile that the plans amount to now."""

    sheet: str
    table: Table
    guess: Guess

    @property
    def questions(self) -> list[Question]:
        return self.guess.questions


def understand(book: Book, key: str, *, sheet: str = "", header_row: int = 0) -> Understanding:
    """Guess what the columns of the sheet become; without a named sheet, of the one that is understood best. Raises Refused."""
    names = [sheet] if sheet else [s.name for s in book.sheets if s.rows]
    if not names:
        raise Refused(_("The file has no sheet with cells."))
    found = [_looked_at(book, name, key, header_row) for name in names[:20]]
    return max(found, key=lambda each: (sum(plan.confidence for plan in each.guess.plans if plan.field), each.table.header_row > 0))


def _looked_at(book: Book, sheet: str, key: str, header_row: int) -> Understanding:
    fields = importable()
    known = [word for field in fields[key].values() for word in (field.label, field.name, *field.names)]
    table = find_table(book.cells(sheet if book.inspected.kind == "xlsx" else ""), header_row, known)
    children = [record_type.key for record_type in all_types() if key in record_type.parents]
    answer = Understanding(sheet, table, guess(table, key, fields, children))
    _guess_parent(answer, key)
    _know_our_own(answer, key)
    return answer


def _guess_parent(answer: Understanding, key: str) -> None:
    """A column that is called like the number of a type above may name the record that each row belongs to."""
    for above in get_type(key).parents:
        words = {str(get_type(above).label(labels)).lower() for labels in ("plain", "standard")} | {above, get_type(above).prefix.lower()}
        for plan in answer.guess.plans:
            if not plan.field and words & set(plan.column.header.lower().replace("-", " ").split()):
                plan.field, plan.confidence = PARENT + above, 60
                return


def _know_our_own(answer: Understanding, key: str) -> None:
    """A file that ends as our own exports do was one: who raised and when it was changed is written anew, and is no text of the record."""
    last = [header_of(get_type(key), name) for name in LAST]
    plans = answer.guess.plans
    for at in range(len(plans) - len(last) + 1):
        if [plan.column.header for plan in plans[at : at + len(last)]] == last:
            for plan in plans[at + 1 : at + len(last)]:
                plan.field, plan.confidence, plan.left_out = "", 0, True


def answer_all(found: Understanding, answers: Answers) -> Understanding:
    """Write people's answers into the plans."""
    found.guess = answered(found.guess, answers)
    return found


def take_suggestions(found: Understanding) -> None:
    """Answer every question that has a likely answer; what is left open becomes a problem beside each cell that it concerns."""
    likely = {(q.about, q.letter, q.value): q.suggested for q in found.questions if q.suggested or q.about == "field"}
    answer_all(found, likely)
    found.guess.questions = [question for question in found.questions if question.about == "title"]


def profile_of(found: Understanding, name: str = "guessed", *, title: str = "", how: Match = "upsert", unknown_into: str | None = None) -> Profile:
    """The profile that the plans amount to. Columns without a field are kept as lines of the type's main text, unless told otherwise."""
    key, plans = found.guess.type, found.guess.plans
    above = next((plan for plan in plans if plan.field.startswith(PARENT)), None)
    rest = replace(found.guess, plans=[plan for plan in plans if plan is not above])
    into = main_text(key) if unknown_into is None else unknown_into
    made = make_profile(rest, name, importable(), title=title, sheet=found.sheet, header_row=found.table.header_row, match=how, unknown_into=into)
    return _with_parent(made, above) if above else made


def _with_parent(profile: Profile, plan: Plan) -> Profile:
    header = plan.column.header
    columns = profile.columns if header in {column.name for column in profile.columns} else (*profile.columns, Column(header))
    return replace(profile, columns=columns, parent=Parent(plan.field.removeprefix(PARENT), header))


def main_text(key: str) -> str:
    """The long text that says most about a record of the type: the first one that a new record is asked for."""
    record_type = get_type(key)
    texts = [name for name, field in record_type.fields.items() if isinstance(field, models.TextField)]
    return next((name for name in record_type.create_fields if name in texts), texts[0] if texts else "")


def known_profiles() -> dict[str, Profile]:
    """Every profile by name: those that come with the product, then those that people saved."""
    return shipped() | {saved.name: loads(saved.toml) for saved in SavedProfile.objects.order_by("name")}


def named_profile(name: str) -> Profile:
    """The profile of that name, or in that TOML file. Raises Refused."""
    known = known_profiles()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return loads(path.read_text("utf-8"))
    raise Refused(_("There is no profile “%(name)s”. There are: %(known)s; or name a TOML file.") % {"name": name, "known": ", ".join(known)})


def fitting(book: Book, key: str = "") -> list[Profile]:
    """Profiles whose needed columns all stand in a sheet of the file (of records of the type, where one is named)."""
    headers = {}
    for sheet in book.sheets:
        if sheet.rows:
            headers[sheet.name] = book.cells(sheet.name if book.inspected.kind == "xlsx" else "")
    fits = []
    for profile in known_profiles().values():
        needed = [column for column in profile.columns if column.required]
        if needed and (not key or profile.type == key) and any(_has(rows, profile, needed) for rows in headers.values()):
            fits.append(profile)
    return fits


def _has(rows: Sequence[Row], profile: Profile, needed: Sequence[Column]) -> bool:
    known = [header for column in profile.columns for header in column.known_by]
    table = find_table(rows, 0, known)
    return len(match_columns(table.columns, needed)) == len(needed)


def save_profile(profile: Profile, *, actor: Access) -> SavedProfile:
    """Keep the mapping under its name, in the place of an earlier one of that name. Raises Refused."""
    if not NAME.fullmatch(profile.name):
        raise Refused(_("“%s” cannot name a profile: use small letters, digits and hyphens.") % profile.name)
    if profile.name in shipped():
        raise Refused(_("“%s” comes with the product: choose another name.") % profile.name)
    kept = {"type": profile.type, "toml": dumps(profile), "by": actor.person, "at": clock.now()}
    with writing():
        return SavedProfile.objects.update_or_create(name=profile.name, defaults=kept)[0]
