"""Nobody leaves silently while things are open in their hands: they are handed over, or stand in the queue of whoever is responsible."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop, ngettext

from linchpin.kernel.asking.in_hand import in_hand
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.refusals import Refused, never


def leaves(person: Person, actor: Access, at: datetime, leave_open: bool) -> None:
    """Refuse while things are open, unless they are left in the queue knowingly; then whoever is responsible is told."""
    count = len(in_hand(person))
    if not count:
        return
    words = {"n": count, "who": person}
    if not leave_open and not actor.person.is_system:
        sentence = ngettext(
            "%(n)s thing is still open in the hands of %(who)s: say who takes it over, or leave it in the queue.",
            "%(n)s things are still open in the hands of %(who)s: say who takes them over, or leave them in the queue.",
            count,
        )
        raise Refused(never(sentence % words, "state"))
    text = Said(gettext_noop("%(who)s has left with this many things open: %(n)s. Say who takes over."), words)
    responsible = [person.manager] if person.manager and person.manager.is_active else holders(Role.QUALITY_MANAGER, person.unit)
    tell(responsible, record=None, kind="leaver", text=text, at=at, actor=actor.person)
