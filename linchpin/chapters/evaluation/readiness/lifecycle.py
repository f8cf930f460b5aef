"""Five are drawn, each is looked up, and then it is over by itself; nothing is drawn over."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, Lifecycle, Transition
from linchpin.kernel.records.refusals import Refusal, never


class State(models.TextChoices):
    PLANNED = "planned", _("Not drawn yet")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Looked up")
    VOID = "void", _("Void")


def five_are_drawn(check: Any, actor: Person) -> Refusal | None:
    return None if check.looked else never(gettext("Nothing is drawn yet."))


def everything_is_looked_up(check: Any, actor: Person) -> Refusal | None:
    if check.looked and all("found" in one for one in check.looked):
        return None
    return never(gettext("Not every record that was drawn is looked up yet."))


LIFECYCLE = Lifecycle(
    states=State,
    initial=State.PLANNED,
    phases={State.DONE: "done", State.VOID: "void"},
    stations=(("readiness.draw", (State.PLANNED,)), ("readiness.look", (State.UNDER_WAY,))),
    transitions=(
        Transition("drawn", _("Drawn"), (State.PLANNED,), State.UNDER_WAY, rules=(five_are_drawn,), automatic=True, by_day=lambda _day: Q(pk__in=())),
        Transition("finish", _("Everything is looked up"), (State.UNDER_WAY,), State.DONE, rules=(everything_is_looked_up,), automatic=True,
                   by_day=lambda _day: Q(pk__in=())),
        Transition("void", _("Void"), (State.PLANNED, State.UNDER_WAY), State.VOID, by=(CREATOR, Role.QUALITY_MANAGER), reason=True, backward=True),
    ),
)  # fmt: skip
