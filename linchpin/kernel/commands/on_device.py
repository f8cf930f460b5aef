"""What was done on a device without a connection and arrives later: the time that the device claims stands in the trail beside our own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import Refused, never

ON_DEVICE = "on_device"
"""The change that says when it was done by the clock of the device: a claim, while the event's own time is ours."""
LATE, FARTHEST = timedelta(minutes=1), timedelta(days=366)
"""What arrives sooner did not wait; what lies further away is no time."""
_claimed: ContextVar[datetime | None] = ContextVar("claimed", default=None)


@contextlib.contextmanager
def done_on_device(at: datetime | None) -> Iterator[None]:
    """Events written in the block were done at `at` by a device's own clock; without a time, or with ours, nothing is claimed."""
    token = _claimed.set(at if at and abs(clock.now() - at) >= LATE else None)
    try:
        yield
    finally:
        _claimed.reset(token)


def claimed_time() -> datetime | None:
    return _claimed.get()


def device_time(text: str) -> datetime | None:
    """The time that a device sent, None for an empty text. Raises Refused where it is none."""
    if not text:
        return None
    with contextlib.suppress(ValueError, OverflowError):
        at = parse_datetime(text)
        if at is not None and is_aware(at) and abs(clock.now() - at) <= FARTHEST:
            return at
    raise Refused(never(_("“on_device” is a time with its zone, at most a year away: 2026-11-26T14:02:00+00:00."), ON_DEVICE))
