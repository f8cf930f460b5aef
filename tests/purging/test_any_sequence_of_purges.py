"""Whatever is written, purged and erased in whatever order: the trail verifies, and nothing that was purged is found anywhere."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.customizing import add_field
from linchpin.kernel.commands.erasing_people import erase_person
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.commands.purging import confirm_purge, propose_purge
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast
from tests.purging.looking import tables_with

FIELDS = ("title", "description", "place", "x_batch", "x_story")
steps = st.lists(st.tuples(st.sampled_from(["edit", "edit", "comment", "purge", "purge", "erase"]), st.integers(0, 4), st.booleans()), min_size=4, max_size=16)


class House:
    """One problem, what was written into it, and what must not be found any more."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.written, self.gone, self.count = cast, {}, set(), 0  # type: ignore[var-annotated]
        self.record = cast.problem(owner=cast.marek.person)
        self.written["title"] = {self.record.title}

    def word(self) -> str:
        self.count += 1
        return f"Quuxword{self.count:03}zed was here"

    def edit(self, n: int, _flag: bool) -> None:
        word = self.word()
        commands.edit(self.record, {FIELDS[n]: word}, actor=self.cast.daniel)
        self.written.setdefault(FIELDS[n], set()).add(word)

    def comment(self, n: int, _flag: bool) -> None:
        word = self.word()
        said = commands.comment(self.record, f"@Marek Zieliński {word}", actor=self.cast.priya if self.cast.priya.person.state != "left" else self.cast.daniel)
        self.written[said.pk] = {word}

    def purge(self, n: int, flag: bool) -> None:
        comments = [key for key in self.written if isinstance(key, int)]
        target = comments[n % len(comments)] if flag and comments else FIELDS[n]
        kind = "comment" if isinstance(target, int) else "field"
        made = propose_purge(self.record, kind, str(target), actor=self.cast.marek, reason="Not true.")
        confirm_purge(made, actor=self.cast.maeve)
        self.gone |= self.written.pop(target, set())

    def erase(self, n: int, _flag: bool) -> None:
        person = Person.objects.get(pk=self.cast.priya.person.pk)
        self.cast.priya.person.state = "left"
        edit_subject(person, {"state": "left"}, actor=self.cast.norbert)
        erase_person(person, actor=self.cast.norbert, reason="Asked for.")
        self.gone |= {"Priya", "priya@dunmallow.example"}


@given(steps)
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_nothing_purged_is_found_and_the_trail_verifies(cast: Any, done: list[tuple[str, int, bool]]) -> None:
    with transaction.atomic():
        state = cast.priya.person.state
        for label, kind in (("Batch", "line"), ("Story", "text")):
            add_field("nonconformity", {"label": label, "kind": kind, "filtered": kind == "line"}, actor=cast.daniel)
        house = House(cast)
        for what, n, flag in done:
            try:
                with transaction.atomic():
                    getattr(house, what)(n, flag)
            except Refused:
                pass
        assert trail.verify().ok
        for text in house.gone:
            assert tables_with(text) == [], text
        cast.priya.person.state = state
        transaction.set_rollback(True)
