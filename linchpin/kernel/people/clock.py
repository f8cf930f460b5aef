"""What time it is. Only a demonstration may be told otherwise, so that its two years can be played through commands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The server's time, in UTC."""
    return _told.get() or timezone.now()


def today() -> date:
    """The day in the organization's zone."""
    return timezone.localtime(now()).date()


def in_words(day: date) -> str:
    """The day as pages and sentences say it, in the reader's language: `27 Nov 2026`."""
    return formats.date_format(day, "j M Y")


@contextlib.contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Everything in the block happens at `moment`. Raises RuntimeError where the organization is no demonstration."""
    from linchpin.kernel.people.models import Organization

    if _told.get() is None:  # within such a block it was asked already
        organization = Organization.objects.first()
        if organization is not None and not organization.is_demo:
            raise RuntimeError("Only a demonstration may be told what time it is.")
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


def took(seconds: int) -> str:
    """41 s; 2 min 5 s."""
    minutes, rest = divmod(seconds, 60)
    return _("%(m)s min %(s)s s") % {"m": minutes, "s": rest} if minutes else _("%s s") % rest
