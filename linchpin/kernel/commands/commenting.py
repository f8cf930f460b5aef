"""Say something about a record, and call people by name."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.comments.mentions import parse_mentions
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import LONGEST_TEXT, plain_text
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.trail import Change


def comment(record: Any, text: str, *, actor: Access, kind: str = "say") -> Comment:
    """Add a comment. People named with @ who may read the record are told; the owner is told too."""
    with command() as at:
        found, record_type = for_verb(record, "comment", actor)
        said = _cleaned(text)
        candidates = Person.objects.exclude(state=Person.State.LEFT).exclude(employment=Person.Employment.SYSTEM)
        called = [p for p in parse_mentions(said, candidates) if may(access_of(p), "read", found)]
        made = Comment.objects.create(record_id=found.pk, author=actor.person, text=said, at=at, kind=kind)
        made.mentions.set(called)
        also = [Change("comment", None, said, True)]
        update(found, record_type, {}, actor=actor, verb="comment", at=at, also=also)
        told = {p.pk: p for p in [*called, *([found.owner] if found.owner_id else [])]}
        sentence = _("%(who)s on %(number)s: %(text)s") % {"who": actor.person.name, "number": found.number, "text": said[:200]}
        notices.tell(list(told.values()), record=found, kind="comment", text=sentence, at=at, actor=actor.person)
        return made


def _cleaned(text: str) -> str:
    try:
        said = plain_text(text)
    except ValidationError as problem:
        raise Refused(never(" ".join(problem.messages), "text")) from problem
    if not said:
        raise Refused(never(_("Write something first."), "text"))
    if len(said) > LONGEST_TEXT:
        raise Refused(never(_("A comment has at most 100,000 characters."), "text"))
    return said
