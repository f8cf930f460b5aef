"""The fields that the cells of a file can become: those people fill in, and what only old data bring along."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.reading.dates import plain
from linchpin.exchange.reading.fields import Field, fields_of, kind_of
from linchpin.kernel.records.registry import RecordType, all_types

STATUS, RAISED = "status", "created_at"
SYNONYMS = {
    STATUS: ("status", "state", "stage", "zustand", "stand", "estado", "situação", "stanje"),
    RAISED: ("raised", "raised on", "date raised", "opened", "opened on", "date opened", "created", "created on", "erfasst am", "angelegt am"),
}
OPEN_WORDS = "open new opened not started offen neu aberto aberta abierto odprto nov"
CLOSED_WORDS = "closed complete completed done finished resolved solved geschlossen erledigt abgeschlossen fechado fechada cerrado zaprto zakljuceno"
UNDER_WAY_WORDS = "in progress|ongoing|started|under way|in work|in arbeit|laufend|em curso|en curso|v teku"
CLOSED_STATES = ("closed", "done", "answered")


def importable() -> dict[str, dict[str, Field]]:
    """The fields that cells may become, by name, of every record type."""
    return {record_type.key: importable_fields(record_type) for record_type in all_types()}


def importable_fields(record_type: RecordType) -> dict[str, Field]:
    """The fields that a person fills in, then status, the day it was raised, and what the type declares as `brought`."""
    fields = fields_of(record_type)
    states = {str(value): str(label) for value, label in record_type.lifecycle.states.choices}
    fields[STATUS] = Field(STATUS, _("Status"), "choice", states, names=SYNONYMS[STATUS], also=_said_of_states(record_type, states))
    fields[RAISED] = Field(RAISED, _("Raised"), "date", names=SYNONYMS[RAISED])
    for name, words in record_type.brought.items():
        model_field: Any = record_type.model._meta.get_field(name)
        fields[name] = Field(name, str(model_field.verbose_name), kind_of(model_field), names=tuple(words))
    return fields


def _said_of_states(record_type: RecordType, states: dict[str, str]) -> dict[str, str]:
    """What other registers call the states that every lifecycle has."""
    named = {plain(label) for label in states.values()} | {plain(value.replace("_", " ")) for value in states}
    also = dict.fromkeys(OPEN_WORDS.split(), record_type.lifecycle.initial)
    if closed := next((state for state in CLOSED_STATES if state in states), ""):
        also |= dict.fromkeys(CLOSED_WORDS.split(), closed)
    if "in_progress" in states:
        also |= dict.fromkeys(UNDER_WAY_WORDS.split("|"), "in_progress")
    return {word: str(state) for word, state in also.items() if word not in named}
