"""One grouped mail a day: everything that a person was told and has neither read nor been mailed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.kernel.notices.mail_links import forget_old, issue, proposes_a_date
from linchpin.kernel.notices.models import MailedLink, Notice
from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import is_working_day
from linchpin.kernel.people.grants import site_of
from linchpin.kernel.people.models import Grant, Organization, Person, Role
from linchpin.kernel.people.speaking import language_of
from linchpin.kernel.people.writing import writing

log = logging.getLogger("linchpin.mail")
QUIET = ("import",)
"""Kinds of notices that are shown in the product only."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """How many mails went out, and over how many notices."""

    mails: int
    notices: int


def mail_the_day(today: date | None = None) -> Mailed:
    """Send each person their one mail of the day (top managers: of the week), on working days of their site.

    Safe to call again. Where the mail server refuses one, the others are sent, and that one waits for the next time.
    """
    day = today or timezone.localdate()
    waiting: dict[int, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(mailed_at=None, read_at=None).select_related("person__unit", "record").order_by("id")
    for notice in rows.filter(~Q(person__email=None), person__account=Person.Account.ACTIVE).exclude(kind__in=QUIET):
        waiting[notice.person_id].append(notice)
    with writing():
        forget_old()
    mails = counted = 0
    for notices in waiting.values():
        person = notices[0].person
        if is_working_day(day, site_of(person.unit).country) and not _mailed_lately(person, day) and _sent(person, notices):
            mails, counted = mails + 1, counted + len(notices)
    return Mailed(mails, counted)


def _mailed_lately(person: Person, day: date) -> bool:
    """Whether they had their mail of the day, or of the last seven days if they are top management."""
    seldom = Grant.objects.filter(person=person, role=Role.TOP_MANAGER).exists()
    since = day - timedelta(days=6 if seldom else 0)
    return Notice.objects.filter(person=person, mailed_at__date__gte=since, mailed_at__date__lte=day).exists()


def _sent(person: Person, notices: list[Notice]) -> bool:
    """The rows are marked first: a kill in between loses a mail, it never sends one twice."""
    with writing():
        links = issue(notices)
        Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=timezone.now())
    with translation.override(language_of(person)):
        organization = Organization.objects.first()
        subject = ngettext("%(n)s thing for you", "%(n)s things for you", len(notices)) % {"n": len(notices)}
        message = EmailMessage(f"{organization}: {subject}", _body(person, notices, links), to=[str(person.email)])
    try:
        message.send()
    except OSError:  # every fault of a mail server is one
        log.exception("the mail to %s could not be sent", person.uid)
        with writing():
            Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=None)
            MailedLink.objects.filter(notice__in=notices, used_at=None).delete()
        return False
    return True


def _body(person: Person, notices: list[Notice], links: Mapping[int, str]) -> str:
    lines = [_("Good morning %s,") % person.name, ""]
    for notice in notices:
        lines.append(f"- {notice.sentence}")
        if notice.record is not None:
            lines.append(f"  {settings.BASE_URL}/{notice.record.type}/{notice.record.number}/")
        if notice.pk in links:
            lines.append(f"  {_answered_by(notice)}: {settings.BASE_URL}/mailed/{links[notice.pk]}/")
    lines += ["", _("This is the only mail today. Your to-do list: %s") % f"{settings.BASE_URL}/todo/"]
    return "\n".join(lines)


def _answered_by(notice: Notice) -> str:
    if proposes_a_date(notice) and notice.day:
        return _("Agree %s") % clock.in_words(notice.day)
    return _("I have seen it")
