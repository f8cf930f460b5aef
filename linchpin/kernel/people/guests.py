"""Why somebody from outside sees nothing today."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, Given, given_to


def closed(access: Access) -> str:
    """The sentence for a guest outside the days of their invitation; empty for everybody else."""
    if not access.is_guest or access.roles:
        return ""
    given, day = given_to(access.person), clock.today()
    coming = [one for one in given if not one.over and one.starts and one.starts > day]
    if coming:
        first = min(coming, key=lambda one: one.starts or day)
        words = {"day": clock.in_words(first.starts or day), "whom": _whom(first)}
        return _("Your visit begins on %(day)s: until then there is nothing for you to see here. Questions before that: ask %(whom)s.") % words
    past = [one for one in given if one.ends and (one.over or one.ends < day)]
    if past:
        last = max(past, key=lambda one: one.ends or day)
        words = {"day": clock.in_words(last.ends or day), "whom": _whom(last)}
        return _("Your visit ended on %(day)s. What you asked for and drew is kept; for anything more ask %(whom)s.") % words
    return _("Nobody has invited you at the moment: ask the quality manager.")


def _whom(given: Given) -> str:
    return given.host or _("the quality manager")
