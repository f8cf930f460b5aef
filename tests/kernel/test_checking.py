"""What a record type declares wrongly is said in a sentence before the house opens."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from linchpin.chapters.improvement.actions.lifecycle import LIFECYCLE, State
from linchpin.chapters.improvement.actions.record_type import ActionType
from linchpin.kernel.records.checking import every_type_is_sound, faults_of
from linchpin.kernel.records.lifecycle import Strength, Transition

ROOT = Path(__file__).resolve().parents[2]


class AlsoLong(models.TextChoices):
    """States of which one cannot be reached and one is too long to be kept."""

    OPEN = "open"
    LOST = "lost"
    TOO_LONG = "a_state_with_a_name_that_no_column_can_hold"


def broken(**declared: Any) -> list[str]:
    """What the checks say of an action type with one declaration changed."""
    return [message.msg for message in faults_of(type("Broken", (ActionType,), declared)())]


def with_move(which: str = "start", **changed: Any) -> list[str]:
    """What the checks say when one move of the action is changed."""
    moves = tuple(dataclasses.replace(t, **changed) if t.name == which else t for t in LIFECYCLE.transitions)
    return broken(lifecycle=dataclasses.replace(LIFECYCLE, transitions=moves))


def with_cycle(**changed: Any) -> list[str]:
    return broken(lifecycle=dataclasses.replace(LIFECYCLE, **changed))


def test_every_installed_type_is_sound() -> None:
    assert every_type_is_sound() == []


MISSPELT = {
    "a column": ({"list_columns": ("number", "titel")}, "list_columns names “titel”, but Action has no such field."),
    "a filter": ({"filters": ("status", "unti")}, "filters names “unti”, but Action has no such field."),
    "a field of a section": ({"sections": {"what": ["kind", "wat"]}}, "sections['what'] names “wat”, but Action has no such field."),
    "a searched field": ({"searched": ("evidnce",)}, "searched names “evidnce”, but Action has no such field."),
    "a searched field that is no text": ({"searched": ("done_on",)}, "searched names “done_on”, which is no text."),
    "a field of the form": ({"create_fields": ("title", "kind", "wen")}, "create_fields names “wen”, which is no field that a person may fill in."),
    "a field that only a move sets": ({"create_fields": ("title", "kind", "done_on")}, "create_fields names “done_on”, which is no field"),
    "a required field": ({"required": ("title", "kindd")}, "required names “kindd”"),
    "a required field that the form lacks": ({"required": ("title", "evidence")}, "“evidence” is required, but not in create_fields"),
    "a synonym's field": ({"synonyms": {"dew": ("due",)}}, "synonyms names “dew”"),
    "a parent": ({"parents": ("nonconformty",)}, "parents names “nonconformty”, which is no installed type."),
    "a role": ({"access": {"create": ("qualty_manager",)}}, "access['create'] names “qualty_manager”, which is no role"),
    "a verb": ({"access": {"creat": ("quality_manager",)}}, "access names the verb “creat”; there are: read,"),
    "a clause": ({"clauses": ("10.2 b",)}, "“10.2 b” is no clause number"),
    "a clause that is in neither edition": ({"clauses": ("10.4",)}, "there is no clause 10.4, in neither edition"),
    "a key": ({"key": "Action-1"}, "the key “Action-1” must be small letters"),
    "an app label": ({"key": "task"}, "the app label “action” differs from the key “task”"),
    "a prefix": ({"prefix": "act-"}, "the prefix “act-” must be one to four capitals"),
    "a filter without an index": ({"filters": ("status", "done_on")}, "the filter “done_on” has no index"),
    "a field shown twice": ({"sections": {"what": ["kind", "what", "kind"]}}, "the field “kind” stands in 2 places of sections"),
    "a section without a word": ({"sections": {"unspoken": ["kind"]}}, "“unspoken” has no word for people"),
    "a field that is not shown": ({"sections": {"what": ["kind"]}}, "the field “evidence” stands in no section"),
    "a model that is no record": ({"model": models.Model}, "the model must inherit from Record."),
    "no purpose": ({"purpose": ""}, "“purpose” is empty"),
}


@pytest.mark.parametrize("what", MISSPELT)
def test_a_type_is_refused_for(what: str) -> None:
    declared, sentence = MISSPELT[what]
    said = broken(**declared)
    assert any(sentence in message for message in said), said
    assert all(message.startswith("Broken: ") and message.endswith(".") for message in said)


MOVES = {
    "an unknown source": ({"source": ("opne",)}, "starts from “opne”, which is no state."),
    "no source": ({"source": ()}, "starts from no state."),
    "an unknown target": ({"target": "stared"}, "leads to “stared”, which is no state."),
    "an unknown role": ({"by": ("ownr",)}, "is for “ownr”, which is no role"),
    "nobody to make it": ({"by": ()}, "is for nobody"),
    "an unknown question": ({"asks": ("evidnce",)}, "asks for “evidnce”"),
    "a need that it does not ask for": ({"needs": ("evidence",)}, "needs “evidence”, but does not ask for it."),
    "a signature without strength": ({"signature": "I start", "strength": Strength.NONE}, "needs both a signature's meaning and its strength"),
    "a strength without a meaning": ({"strength": Strength.CONFIRM}, "needs both a signature's meaning and its strength"),
    "being automatic and somebody's": ({"automatic": True}, "is automatic: nobody makes it"),
    "the trail's own word as its name": ({"name": "comment"}, "has a name that is taken"),
    "a name that is also another's": ({"name": "cancel"}, "the move “cancel” is declared 2 times"),
}


@pytest.mark.parametrize("what", MOVES)
def test_a_move_is_refused_for(what: str) -> None:
    changed, sentence = MOVES[what]
    said = with_move(**changed)
    assert any(sentence in message for message in said), said


CYCLES = {
    "an unknown first state": ({"initial": "begun"}, "the initial state “begun” is no state"),
    "an unknown state of a phase": ({"phases": {"finished": "done"}}, "phases names the state “finished”"),
    "an unknown phase": ({"phases": {State.VOID: "gone"}}, "phases gives “void” the phase “gone”"),
    "an unknown state of a station": ({"stations": (("action.open", ("opened",)),)}, "stations names the state “opened”"),
    "a state at two stations": (
        {"stations": (("action.open", (State.OPEN,)), ("action.done", (State.OPEN,)))}, "the state “open” stands at 2 stations"
    ),
    "nothing that voids": ({"phases": {State.CLOSED: "done", State.CANCELLED: "done", State.VERIFIED: "done"}}, "no state is void"),
    "a state that nothing leads to": (
        {"states": AlsoLong, "transitions": (Transition("stay", "Stay", ("open",), "", by=("owner",)),)}, "no move leads to the state “lost”."
    ),
    "an open state that nothing leads from": (
        {"states": AlsoLong, "transitions": (Transition("stay", "Stay", ("open",), "", by=("owner",)),)},
        "no move leads on from the open state “open”.",
    ),
    "a state too long for its column": ({"states": AlsoLong}, "is longer than 30 characters."),
}  # fmt: skip


@pytest.mark.parametrize("what", CYCLES)
def test_a_lifecycle_is_refused_for(what: str) -> None:
    changed, sentence = CYCLES[what]
    said = with_cycle(**changed)
    assert any(sentence in message for message in said), said


def test_two_types_may_not_share_a_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionType, "prefix", "NC")
    assert any("The prefix “NC” is used by NonconformityType, ActionType" in message.msg for message in every_type_is_sound())


@pytest.mark.parametrize("start", [["django", "check"], ["django", "migrate"], ["linchpin", "worker", "--once"]])
def test_a_misspelt_column_keeps_the_house_shut(start: list[str], tmp_path: Path) -> None:
    """`check`, `migrate` and every `linchpin` command end with the sentence instead of opening with a fault."""
    (tmp_path / "sitecustomize.py").write_text(
        "import django.apps.registry as registry\n"
        "populate = registry.Apps.populate\n"
        "def and_misspell(self, installed_apps=None):\n"
        "    populate(self, installed_apps)\n"
        "    from linchpin.chapters.improvement.actions.record_type import ActionType\n"
        "    ActionType.list_columns = ('number', 'titel')\n"
        "registry.Apps.populate = and_misspell\n"
    )
    known = {name: value for name, value in os.environ.items() if not name.startswith("LINCHPIN_")}
    env = known | {
        "LINCHPIN_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "linchpin.config.settings", "PYTHONPATH": f"{tmp_path}:{ROOT}",
    }  # fmt: skip
    ended = subprocess.run([sys.executable, "-m", *start], cwd=ROOT, env=env, capture_output=True, text=True)
    assert ended.returncode != 0
    assert "ActionType: list_columns names “titel”, but Action has no such field." in ended.stderr
