"""Signatures given with a move, in three strengths: confirm, re-authenticate, two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel import trail
from linchpin.kernel.commands.saving import ON_BEHALF_OF
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.lifecycle import Strength, Transition
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.signatures.content import content_hash
from linchpin.kernel.signatures.models import Signature
from linchpin.kernel.webhooks.announcing import announce


@dataclass(frozen=True)
class Signing:
    """What the surface has made sure of: the signer just proved who they are; a second person did too."""

    reauthenticated: bool = False
    second: Person | None = None


def sign(
    record: Any,
    record_type: RecordType,
    transition: Transition,
    *,
    actor: Access,
    signing: Signing | None,
    at: datetime,
    covers: Sequence[str] = (),
) -> Signature:
    """Sign the record as it now stands: what the move covers, else all that a person may write. Raises Refused when the strength asked for was not reached."""
    given = signing or Signing()
    _strong_enough(transition, actor, given)
    fields = sorted(covers or transition.covers or record_type.fields)
    signature = Signature.objects.create(
        record_id=record.pk,
        signer=actor.person,
        signed_for=actor.on_behalf_of,
        second_signer=given.second if transition.strength == Strength.TWO_PEOPLE else None,
        meaning=str(transition.signature),
        strength=transition.strength or Strength.CONFIRM,
        move=transition.name,
        version=record.version,
        content_hash=content_hash(record, fields),
        fields=fields,
        signed_at=at,
    )
    _write_down(record, signature, actor, at)
    return signature


def _strong_enough(transition: Transition, actor: Access, given: Signing) -> None:
    alone = {actor.person.pk, actor.acts_as.pk}
    strong = transition.strength in (Strength.REAUTHENTICATE, Strength.TWO_PEOPLE)
    if strong and not given.reauthenticated:
        raise Refused(never(_("Sign with your password or passkey: this signature needs it."), "password"))
    if transition.strength == Strength.TWO_PEOPLE and (given.second is None or given.second.pk in alone):
        raise Refused(never(_("A second person signs this with you: let them give their password."), "second"))


def _write_down(record: Any, signature: Signature, actor: Access, at: datetime) -> None:
    """The signature is an event of its own, so that it cannot vanish without a trace."""
    changes = [
        trail.Change("meaning", None, signature.meaning),
        trail.Change("strength", None, signature.strength),
        trail.Change("version", None, str(signature.version)),
        trail.Change("content_hash", None, signature.content_hash),
    ]
    if signature.second_signer_id:
        changes.append(trail.Change("second_signer", None, str(signature.second_signer.uid)))  # type: ignore[union-attr]
    if actor.on_behalf_of:
        changes.append(trail.Change(ON_BEHALF_OF, None, str(actor.on_behalf_of.uid)))
    event = trail.append(record, "record", record_id=record.pk, actor=actor.person, verb="sign", changes=changes, at=at)
    announce(event, record)
    Record.objects.filter(pk=record.pk).update(head=record.head, sequence=record.sequence)
