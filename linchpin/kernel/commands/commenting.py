"""Say something about a record, and call people by name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.comments.mentions import parse_mentions
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.trail import Change


def comment(record: Any, text: str, *, actor: Access, kind: str = "say") -> Comment:
    """Add a comment. People named with @ who may read the record are told; the owner is told too."""
    with command() as at:
        found, record_type = for_verb(record, "comment", actor)
        words = said(text, "text", words=False)
        if not words:
            raise Refused(never(_("Write something first."), "text"))
        candidates = Person.objects.exclude(state=Person.State.LEFT).exclude(employment=Person.Employment.SYSTEM)
        called = [p for p in parse_mentions(words, candidates) if may(access_of(p), "read", found)]
        made = Comment.objects.create(record_id=found.pk, author=actor.person, text=words, at=at, kind=kind)
        made.mentions.set(called)
        also = [Change("comment", None, words, True)]
        update(found, record_type, {}, actor=actor, verb="comment", at=at, also=also)
        told = {p.pk: p for p in [*called, *([found.owner] if found.owner_id else [])]}
        sentence = Said(gettext_noop("%(who)s on %(number)s: %(text)s"), {"who": actor.person.name, "number": found.number, "text": words[:200]})
        notices.tell(list(told.values()), record=found, kind="comment", text=sentence, at=at, actor=actor.person)
        return made


def settle_comment(asked: Comment, words: str, *, actor: Access) -> Comment:
    """Say what became of a change that a comment asked for: by whoever may edit the record, or by who asked. Raises Refused, NotAllowed."""
    with command() as at:
        found, record_type = for_verb(asked.record, "read", actor)
        row = Comment.objects.select_for_update().get(pk=asked.pk)
        said_of_it = said(words, "settled_with", words=False)
        if not (may(actor, "edit", found) or row.author_id == actor.person.pk):
            raise NotAllowed(_("Whoever writes %(number)s settles what was asked for, or who asked for it.") % {"number": found.number})
        if row.kind != Comment.CHANGE:
            raise Refused(never(_("This comment asks for no change: there is nothing to settle.")))
        if row.settled_at:
            raise Refused(never(_("This was settled already, by %s.") % row.settled_by))
        if not said_of_it:
            raise Refused(never(_("Say what became of it: what was changed, or why not."), "settled_with"))
        row.settled_at, row.settled_by, row.settled_with = at, actor.person, said_of_it
        row.save(update_fields=["settled_at", "settled_by", "settled_with"])
        update(found, record_type, {}, actor=actor, verb="settle", at=at, also=[Change("settled", row.text, said_of_it, True)])
        notices.tell([row.author], record=found, kind="comment", text=said_of_it[:200], at=at, actor=actor.person)
        return row
