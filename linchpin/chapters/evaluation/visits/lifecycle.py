"""An invitation: prepared, open from its first day to its last, ended; withdrawn when nobody comes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from linchpin.chapters.evaluation.visits import inviting
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.lifecycle import CREATOR, Lifecycle, Transition


class State(models.TextChoices):
    PLANNED = "planned", _("Being prepared")
    INVITED = "invited", _("Invited")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Void")


def mark_invited(visit: Any, actor: Person) -> None:
    visit.due = visit.ends


def mark_ended(visit: Any, actor: Person) -> None:
    visit.ended_on = min(today(), visit.ends) if visit.ends else today()


def tell_the_host(visit: Any, actor: Access) -> None:
    words = {"number": visit.number, "who": visit.auditor, "from": visit.starts, "until": visit.ends}
    text = Said(gettext_noop("%(number)s: %(who)s comes from %(from)s until %(until)s. You are the host and answer what is asked for."), words)
    tell([visit.host], record=visit, kind="visit", text=text, at=visit.updated_at, actor=actor.person)


def tell_of_the_end(visit: Any, actor: Access) -> None:
    text = Said(gettext_noop("%(number)s has ended: %(title)s"), {"number": visit.number, "title": visit.title})
    people = [*([visit.host] if visit.host_id else []), *holders(Role.QUALITY_MANAGER, visit.unit), *holders(Role.TOP_MANAGER, visit.unit)]
    tell(list(dict.fromkeys(people)), record=visit, kind="visit", text=text, at=visit.updated_at, actor=actor.person)


INVITING = (Role.QUALITY_MANAGER,)
LIFECYCLE = Lifecycle(
    states=State,
    initial=State.PLANNED,
    phases={State.ENDED: "done", State.WITHDRAWN: "done", State.VOID: "void"},
    stations=(("visit.prepared", (State.PLANNED,)), ("visit.open", (State.INVITED,))),
    resting=(State.INVITED,),
    transitions=(
        Transition(
            "invite", _("Invite"), (State.PLANNED,), State.INVITED, by=INVITING,
            asks=("auditor", "firm", "host", "starts", "ends", "last_visit"), needs=("auditor", "host", "starts", "ends"),
            rules=(inviting.comes_from_outside, inviting.host_works_here, inviting.not_over_yet, inviting.one_at_a_time),
            effect=mark_invited, then=tell_the_host,
            explain=_("From the first day to the last the auditor reads what the invitation is for, and changes nothing. Outside these days nothing is shown."),
        ),
        Transition(
            "end", _("End the visit"), (State.INVITED,), State.ENDED, by=INVITING, asks=("conclusion",), effect=mark_ended, then=tell_of_the_end,
            explain=_("The auditor reads here until the last day. Ending the visit closes the door at once; what was found is raised as problems."),
        ),
        Transition("withdraw", _("Withdraw the invitation"), (State.INVITED,), State.WITHDRAWN, by=INVITING, reason=True, backward=True, effect=mark_ended),
        Transition("void", _("Void"), (State.PLANNED,), State.VOID, by=(CREATOR, *INVITING), reason=True, backward=True),
    ),
)  # fmt: skip
