"""Stories told step by step: who does what, on which day. For what runs through several record types, and for a small house as a whole.

    [[story]]
    unit = "office"          # whose working days count
    t = -9.0                 # months before the day of loading; `sunday` or `thursday = true` for the one before it
    steps = [
      { by = "ruth", makes = "document", as = "PC-1", with = { title = "How we buy", kind = "procedure", owner = "ruth" } },
      { day = 2, by = "ruth", moves = "PC-1/A", to = "approve", refused = "somebody else approves it" },
      { day = 2, by = "ruth", moves = "PC-1/A", to = "approve", alone = "Nobody else may." },
      { day = 6, by = "mina", looks_at = "PC-1/A", finds = "Read it; it holds." },
    ]

`day` counts from the first step. People, units and days among the values of `with` are keys and numbers of days from the step.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models

from linchpin.kernel.commands import Signing, comment, create, edit, move
from linchpin.kernel.commands.asking import Named, name_audience, witness
from linchpin.kernel.commands.commenting import settle_comment
from linchpin.kernel.commands.exceptions import check
from linchpin.kernel.commands.organizing import grant
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.links.models import Link
from linchpin.kernel.notices.telling import mark_read
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.people.stage import SUNDAY, THURSDAY, Play, Stage
from linchpin.kernel.records.models import DeclaredException
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type

SIGNED = Signing(reauthenticated=True)
Step = dict[str, Any]


def told_in(folder: Path, stage: Stage) -> Iterator[Play]:
    """Every `[[story]]` of the folder's TOML files."""
    for path in sorted(folder.glob("*.toml")):
        for row in tomllib.loads(path.read_text()).get("story", ()):
            yield _Story(stage, row).play()


@dataclass
class _Story:
    """One story: its row, the day it begins, and what it made that bears no reference."""

    stage: Stage
    row: dict[str, Any]
    start: date = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.stage.day(self.row["t"])
        for name, weekday in (("sunday", SUNDAY), ("thursday", THURSDAY)):
            if self.row.get(name):
                self.start = self.stage.weekday_before(self.start, weekday)

    def play(self) -> Play:
        for step in self.row["steps"]:
            yield self._moment(step)
            act = next(act for verb, act in VERBS.items() if verb in step)
            try:
                self._do(act, step)
            except (Refused, AssertionError, LookupError) as failed:
                failed.add_note(f"{clock.now():%Y-%m-%d %H:%M}: {step}")
                raise

    def _do(self, act: Callable[[_Story, Step], None], step: Step) -> None:
        if "refused" not in step:
            act(self, step)
            return
        sentence = self.stage.refused(lambda: act(self, step), Refused)
        if step["refused"] not in sentence:
            raise AssertionError(f"{step['by']} was to be told “{step['refused']}”, and was told “{sentence}”.")

    def _moment(self, step: Step) -> datetime:
        days = step.get("day", 0)
        alone = bool(self.row.get("sunday")) and days == 0
        return self.stage.at(self.start + timedelta(days=days), step.get("at", self.row["unit"]), step.get("hour", 9), exactly=alone)

    def make(self, step: Step) -> None:
        record_type, parent = get_type(step["makes"]), self._record(step["under"]) if "under" in step else None
        values = self._values(step["makes"], step.get("with", {}))
        if "as" in step and "reference" in record_type.fields:
            values["reference"] = step["as"]
        made = create(step["makes"], values, actor=self._who(step), parent=parent)
        if "as" in step:
            self.stage.records[step["as"]] = made

    def issue(self, step: Step) -> None:
        """A document with its first text, sent to whoever approves it; `by` has written it and may create documents."""
        self.make({**step, "makes": "document", "as": step["issues"]})
        document, title = self.stage.records[step["issues"]], step["with"]["title"]
        text = {"title": title, "label": step.get("label", "A"), "content": step["text"], "owner": self._who(step).person}
        revision = create("revision", text, actor=self._who(step), parent=document)
        for duty in ("review", "approve"):
            if named := step.get(duty):
                name_audience(revision, duty, [self._named(key) for key in named], actor=self._who(step))
        move(revision, "submit", actor=self._who(step))

    def move(self, step: Step) -> None:
        record = self._record(step["moves"])
        values, reason = self._values(record.type, step.get("with", {})), step.get("because", "")
        passed, alone = bool(step.get("passed")), step.get("alone", "")
        moved = move(record, step["to"], actor=self._who(step), values=values, reason=reason, passed=passed, exception=alone, signing=SIGNED)
        if "became" in step:
            self.stage.records[step["became"]] = Link.objects.get(source_id=moved.pk, kind="became").target

    def say(self, step: Step) -> None:
        comment(self._record(step["on"]), step["says"], actor=self._who(step))

    def name(self, step: Step) -> None:
        for duty, keys in step["names"].items():
            name_audience(self._record(step["on"]), duty, [self._named(key) for key in keys], actor=self._who(step))

    def witness(self, step: Step) -> None:
        people = [self.stage.who(key).person for key in step["people"]]
        witness(self._record(step["witnesses"]), step.get("duty", "confirm"), people, actor=self._who(step), said_so=step["said"])

    def edit(self, step: Step) -> None:
        record = self._record(step["edits"])
        edit(record, self._values(record.type, step["with"]), actor=self._who(step), reason=step.get("because", ""))

    def settle(self, step: Step) -> None:
        asked = Comment.objects.filter(record_id=self._record(step["settles"]).pk, kind=Comment.CHANGE, settled_at=None).earliest("id")
        settle_comment(asked, step["answer"], actor=self._who(step))

    def look(self, step: Step) -> None:
        declared = DeclaredException.objects.get(record_id=self._record(step["looks_at"]).pk, checked_at=None)
        check(declared, step["finds"], actor=self._who(step))

    def grant(self, step: Step) -> None:
        """A role from that day on, for so many days or for good; the person's access is resolved anew."""
        person, (role, _at, unit), day = self.stage.who(step["grants"]).person, step["role"].partition("@"), clock.today()
        ends = day + timedelta(days=step["days"]) if "days" in step else None
        grant(person, role, self.stage.units[unit], actor=self._who(step), starts=day, ends=ends)
        self.stage.people[step["grants"]] = access_of(Person.objects.select_related("unit").get(pk=person.pk))

    def read(self, step: Step) -> None:
        for key in step["reads"]:
            mark_read(self.stage.who(key).person)

    def _who(self, step: Step) -> Any:
        return self.stage.who(step["by"])

    def _record(self, slug: str) -> Any:
        """What a slug tells: a record by its reference, or a document's revision as `WI-MC-031/C`."""
        told, _slash, label = slug.partition("/")
        record = self.stage.records[told]
        return record.children.get(type="revision", revision__label=label).revision if label else record

    def _named(self, key: str) -> Named:
        if key in Role.values:
            return key
        return self.stage.units[key] if key in self.stage.units else self.stage.who(key).person

    def _values(self, key: str, told: dict[str, Any]) -> dict[str, Any]:
        fields = get_type(key).fields
        return {name: self._value(fields.get(name), value) for name, value in told.items()}

    def _value(self, of: Any, value: Any) -> Any:
        if isinstance(of, models.ForeignKey):
            return self.stage.who(value).person if of.related_model is Person else self.stage.units[value] if of.related_model is Unit else value
        if isinstance(of, models.DateField) and isinstance(value, int):
            return clock.today() + timedelta(days=value)
        return value


VERBS: dict[str, Callable[[_Story, Step], None]] = {
    "makes": _Story.make, "issues": _Story.issue, "moves": _Story.move, "says": _Story.say, "names": _Story.name, "edits": _Story.edit,
    "witnesses": _Story.witness, "settles": _Story.settle, "looks_at": _Story.look, "grants": _Story.grant, "reads": _Story.read,
}  # fmt: skip
"""What a person does in a step, by the word that says so."""
