"""What one click in a mail does, once it is confirmed on its page: agree the proposed date, or say that one has seen it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linchpin.kernel.commands.agreeing import agree_date
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.mail_links import insist_on_use, proposes_a_date
from linchpin.kernel.notices.models import MailedLink, Notice
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import NotAllowed


def answer_mailed(link: MailedLink, *, actor: Access) -> None:
    """Use the link up, and do what it is for in its person's name. Raises Refused, NotAllowed, Missing, Stale; then it can be used again."""
    with command() as at:
        row = MailedLink.objects.select_for_update(of=("self",)).select_related("notice__person", "notice__record").get(pk=link.pk)
        insist_on_use(row, None)
        notice = row.notice
        if actor.person.pk != notice.person_id:
            raise NotAllowed(_("This link was sent to somebody else."))
        if proposes_a_date(notice):
            day, version = date.fromisoformat(notice.values["day"]), int(notice.values["version"])
            agree_date(notice.record, day, actor=actor, version=version, reason=_("Agreed from the mail, without signing in"))
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
        MailedLink.objects.filter(pk=row.pk).update(used_at=at)
