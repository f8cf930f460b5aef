"""Start-up checks of what record types declare: a misspelt column fails `check` and the start, not a user."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from linchpin import standard
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import ANYONE, ASKED, CREATOR, OWNER, SYSTEM
from linchpin.kernel.records.lifecycle_checking import lifecycle_faults
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import DEFAULT_ACCESS, RecordType, all_types
from linchpin.kernel.records.words import VOCABULARY

TAG = "record_types"
KEY, PREFIX, CLAUSE = re.compile(r"[a-z][a-z0-9_]{1,38}"), re.compile(r"[A-Z]{1,4}"), re.compile(r"\d+(\.\d+)*")
RELATIONS = (OWNER, CREATOR, SYSTEM, ANYONE)


def every_type_is_sound(app_configs: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Django's system check over the registry."""
    return [*_told_apart(all_types()), *(message for one in all_types() for message in faults_of(one))]


def the_catalogue_is_sound(app_configs: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Django's system check over the clauses of the standard."""
    return [checks.Error(sentence, id="linchpin.E003") for sentence in standard.faults()]


def faults_of(record_type: RecordType) -> list[checks.CheckMessage]:
    """What is wrong with one type's declarations, each as a sentence that names the type, the place and what to do."""
    name = type(record_type).__name__
    errors = [f"{name}: {sentence}" for sentence in _errors(record_type)]
    warnings = [f"{name}: {sentence}" for sentence in _warnings(record_type)]
    errors_found: list[checks.CheckMessage] = [checks.Error(text, id="linchpin.E001") for text in errors]
    return errors_found + [checks.Warning(text, id="linchpin.W001") for text in warnings]


def _told_apart(types: list[RecordType]) -> Iterator[checks.CheckMessage]:
    for prefix, count in Counter(one.prefix for one in types).items():
        if count > 1:
            names = ", ".join(type(one).__name__ for one in types if one.prefix == prefix)
            yield checks.Error(f"The prefix “{prefix}” is used by {names}: numbers would collide, give each its own.", id="linchpin.E002")


def _errors(one: RecordType) -> Iterator[str]:
    if not KEY.fullmatch(one.key):
        yield f"the key “{one.key}” must be small letters, digits and underscores: it stands in addresses and table names."
    if not PREFIX.fullmatch(one.prefix):
        yield f"the prefix “{one.prefix}” must be one to four capitals, as in NC-2026-0001."
    if not issubclass(one.model, Record) or one.model is Record:
        yield "the model must inherit from Record."
        return
    if one.model._meta.app_label != one.key:
        yield f"the app label “{one.model._meta.app_label}” differs from the key “{one.key}”: make them the same."
    yield from _fields_exist(one)
    yield from _fields_writable(one)
    yield from _filters_indexed(one)
    yield from _sections_apart(one)
    yield from _access_known(one)
    yield from _neighbors_known(one)
    yield from _words_known(one)
    yield from _askings_known(one)
    yield from lifecycle_faults(one.lifecycle, frozenset(one.fields), _people(one))


def _warnings(one: RecordType) -> Iterator[str]:
    if not (isinstance(one.model, type) and issubclass(one.model, Record)):
        return
    shown = {name for names in one.sections.values() for name in names}
    for name in sorted(set(one.fields) & one.own_fields - shown):
        yield f"the field “{name}” stands in no section: nobody would see it."
    for attribute in ("purpose", "worked_example"):
        if not str(getattr(one, attribute)):
            yield f"“{attribute}” is empty: an empty register teaches with it."


def _exists(one: RecordType, name: str) -> bool:
    try:
        one.model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _named(one: RecordType) -> Iterator[tuple[str, Iterable[str]]]:
    yield "list_columns", one.list_columns
    yield "filters", one.filters
    yield "searched", one.searched
    for section, names in one.sections.items():
        yield f"sections[{section!r}]", names


def _fields_exist(one: RecordType) -> Iterator[str]:
    for where, names in _named(one):
        for name in names:
            if not _exists(one, name):
                yield f"{where} names “{name}”, but {one.model.__name__} has no such field."
    for name in one.searched:
        if _exists(one, name) and not isinstance(one.model._meta.get_field(name), models.CharField | models.TextField):
            yield f"searched names “{name}”, which is no text."


def _fields_writable(one: RecordType) -> Iterator[str]:
    for where, names in (("create_fields", one.create_fields), ("required", one.required), ("synonyms", one.synonyms)):
        for name in names:
            if name not in one.fields:
                yield f"{where} names “{name}”, which is no field that a person may fill in."
    for name in one.required:
        if name in one.fields and name not in one.create_fields:
            yield f"“{name}” is required, but not in create_fields: nobody could create one."


def _filters_indexed(one: RecordType) -> Iterator[str]:
    """A filter reads an index of its own: (column, record_ptr) on the type's table, or one of Record's."""
    own = {index.fields[0] for index in one.model._meta.indexes if index.fields}
    common = {index.fields[1] for index in Record._meta.indexes if len(index.fields) > 1 and index.fields[0] == "type"}
    for name in one.filters:
        if not _exists(one, name):
            continue
        field: Any = one.model._meta.get_field(name)
        if name not in own | common and not (name in one.own_fields and (field.db_index or field.unique)):
            yield f"the filter “{name}” has no index: add Index(fields=[{name!r}, 'record_ptr'], name=…) to {one.model.__name__}."


def _sections_apart(one: RecordType) -> Iterator[str]:
    counted = Counter(name for names in one.sections.values() for name in names)
    for name, count in counted.items():
        if count > 1:
            yield f"the field “{name}” stands in {count} places of sections: leave one."


def _access_known(one: RecordType) -> Iterator[str]:
    for verb, who in one.access.items():
        if verb not in DEFAULT_ACCESS:
            yield f"access names the verb “{verb}”; there are: {', '.join(DEFAULT_ACCESS)}."
        for name in who:
            if str(name) not in Role.values and str(name) not in RELATIONS and str(name) not in _people(one):
                yield f"access[{verb!r}] names “{name}”, which is no role, no relation and no person's field."


def _neighbors_known(one: RecordType) -> Iterator[str]:
    known = {other.key for other in all_types()}
    for parent in one.parents:
        if parent not in known:
            yield f"parents names “{parent}”, which is no installed type."
    if one.clause_field and one.clause_field not in one.own_fields:
        yield f"clause_field names “{one.clause_field}”, which is no field of its own."
    for state in one.proving:
        if state not in one.lifecycle.states.values:
            yield f"proving names the state “{state}”, which does not exist."
    for clause in one.clauses:
        if not CLAUSE.fullmatch(clause):
            yield f"“{clause}” is no clause number: write it as in 10.2.1."
        elif clause not in standard.numbers():
            yield f"there is no clause {clause}, in neither edition: see linchpin/standard/catalogue.toml."


def _words_known(one: RecordType) -> Iterator[str]:
    words = [one.key, f"{one.key}.plural", *one.sections, *(name for name, _states in one.lifecycle.stations)]
    for word in dict.fromkeys(words):
        if word not in VOCABULARY:
            yield f"“{word}” has no word for people: add it to the type's `words`."


def _askings_known(one: RecordType) -> Iterator[str]:
    """People are asked in states that exist and answer by moves that exist; only for what is declared does a move wait."""
    for duty, asking in one.askings.items():
        if one.lifecycle.transition(asking.move) is None:
            yield f"askings[{duty!r}] is answered by “{asking.move}”, which is no move."
        for state in asking.states:
            if state not in one.lifecycle.states.values:
                yield f"askings[{duty!r}] names the state “{state}”, which does not exist."
    for move in one.lifecycle.transitions:
        for name in move.by:
            if name.startswith(ASKED) and name.removeprefix(ASKED) not in one.askings:
                yield f"the move “{move.name}” is for whoever is asked for “{name.removeprefix(ASKED)}”, which askings does not declare."
        for name in move.covers:
            if not _exists(one, name):
                yield f"the move “{move.name}” covers “{name}” with its signature, which is no field."
    for name in (*one.once, *one.initial):
        if name not in one.fields:
            yield f"“{name}” stands in once or initial, but is no field that a person may fill in."


def _people(one: RecordType) -> frozenset[str]:
    """Fields that name a person: they may stand where a role stands."""
    fields = one.model._meta.concrete_fields
    return frozenset(f.name for f in fields if isinstance(f, models.ForeignKey) and f.related_model.__name__ == "Person")
