"""Link two records, and part them again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.links.kinds import LINK_KINDS
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import all_types, get_type
from linchpin.kernel.trail import Change


def link(source: Any, target: Any, kind: str, *, actor: Access) -> Link:
    """Link `source` to `target`; the same link again gives the one that stands. Raises Refused, Missing, NotAllowed."""
    with command() as at:
        if kind not in LINK_KINDS:
            raise Refused(never(_("Choose one of: %s.") % ", ".join(LINK_KINDS), "kind"))
        if source.pk == target.pk:
            raise Refused(never(_("A record cannot be linked to itself: choose another one."), "target"))
        if not may(actor, "read", target):
            raise Missing(_("There is no such record."))
        if LINK_KINDS[kind].apart and kind not in get_type(target.type).keeps:
            keepers = ", ".join(one.label() for one in all_types() if kind in one.keeps)
            raise Refused(never(_("Such a link leads to a record of another type: %s. Give its number.") % keepers, "target"))
        found, record_type = for_verb(source, "link", actor)
        if "void" in (found.phase, target.phase):
            raise Refused(never(_("One of the two is void: nothing is linked to it any more."), "target"))
        standing = Link.objects.filter(source_id=found.pk, target_id=target.pk, kind=kind).first()
        if standing:
            return standing
        made = Link.objects.create(source_id=found.pk, target_id=target.pk, kind=kind, created_at=at, created_by=actor.person)
        also = [Change(f"link.{kind}", None, str(target.uid))]
        update(found, record_type, {}, actor=actor, verb="link", at=at, also=also)
        return made


def unlink(standing: Link, *, actor: Access, reason: str = "") -> None:
    """Take a link away; the trail keeps that it stood."""
    reason = said(reason, "reason")
    with command() as at:
        found, record_type = for_verb(standing.source, "link", actor)
        row = Link.objects.filter(pk=standing.pk).first()
        if row is None:
            return
        also = [Change(f"link.{row.kind}", str(row.target.uid), None)]
        row.delete()
        update(found, record_type, {}, actor=actor, verb="unlink", at=at, reason=reason, also=also)
