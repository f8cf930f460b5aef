"""Links in a mail by which a notice is answered in one click: signed, for one person, once, for two weeks. Only digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.kernel.notices.models import PROPOSAL, MailedLink, Notice
from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never

DAYS, FORGOTTEN = 14, 60
"""Days for which a link holds, and after which it is forgotten."""
SIGNED_FOR = ("asked",)
"""Kinds of notices whose answer is a signature or a confirmation: they lead to the record, behind the sign-in."""


def issue(notices: Iterable[Notice]) -> dict[int, str]:
    """A new token for each notice that is harmless to answer, by the notice's id. Stands in the caller's transaction."""
    until, tokens, rows = clock.now() + timedelta(days=DAYS), {}, []
    for notice in notices:
        if notice.kind not in SIGNED_FOR:
            tokens[notice.pk] = _signer().sign(secrets.token_urlsafe(24))
            rows.append(MailedLink(digest=_digest(tokens[notice.pk]), notice=notice, expires_at=until))
    MailedLink.objects.bulk_create(rows)
    return tokens


def find(token: str) -> MailedLink:
    """The link of that token, used or not. Raises Missing."""
    try:
        _signer().unsign(token)
    except BadSignature:
        raise Missing(_("This link is not one of ours, or a part of it was lost: copy all of it from the mail.")) from None
    found = MailedLink.objects.select_related("notice__person__unit", "notice__record").filter(digest=_digest(token)).first()
    if found is None:
        raise Missing(_("This link is too old: what it was about stands in your to-do list."))
    return found


def insist_on_use(link: MailedLink, signed_in: Person | None) -> None:
    """Raise why the link cannot be used (now, by whoever holds it)."""
    person = link.notice.person
    if not person.is_active:
        raise NotAllowed(_("The account that this link was sent to is closed."))
    if signed_in is not None and signed_in.pk != person.pk:
        raise NotAllowed(_("This link was sent to somebody else than %s, who is signed in here.") % signed_in.name)
    if link.used_at is not None:
        agreed = _("This link was used on %s: the proposed day was agreed with it. It works once.")
        seen = _("This link was used on %s: it was noted that the message was seen. It works once.")
        raise Refused(never((agreed if proposes_a_date(link.notice) else seen) % _day(link.used_at)))
    if link.expires_at < clock.now():
        raise Refused(never(_("This link expired on %s: what it was about stands in your to-do list.") % _day(link.expires_at)))


def forget_old() -> None:
    """Delete links that nobody could use for weeks."""
    MailedLink.objects.filter(expires_at__lt=clock.now() - timedelta(days=FORGOTTEN)).delete()


def proposes_a_date(notice: Notice) -> bool:
    return notice.kind == PROPOSAL and notice.record_id is not None


def _day(at: datetime) -> str:
    return clock.in_words(timezone.localdate(at))


def _signer() -> Signer:
    return Signer(salt="linchpin.mailed")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
