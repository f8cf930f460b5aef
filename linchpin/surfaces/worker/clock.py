"""The worker process: jobs as they come, seals every second, reminders and the one mail each day."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date

from django.db import connection, connections
from django.utils import timezone

from linchpin.kernel.commands.asking import ask_newcomers
from linchpin.kernel.commands.clockwork import settle_by_time
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.notices.mailing import mail_the_day
from linchpin.kernel.notices.reminding import remind
from linchpin.kernel.trail import seal_pending

log = logging.getLogger("linchpin.worker")
PAUSE = 0.5
MORNING = 6
"""The hour (of the organization's zone) from which the day's reminders and mails go out."""


class Clock:
    """One worker: what it does each tick, and once a day. Everything it does may be done again without harm."""

    def __init__(self) -> None:
        self.running = True
        self.day_done: date | None = None

    def run(self) -> None:
        while self.running:
            if not self.tick():
                time.sleep(PAUSE)

    def stop(self) -> None:
        self.running = False

    def tick(self) -> bool:
        """Do what waits now. Gives whether a job was run, so that the next is taken at once."""
        if connection.vendor == "postgresql":
            self._guarded(seal_pending)
        now = timezone.localtime()
        if self.day_done != now.date() and now.hour >= MORNING:
            for daily in (settle_by_time, ask_newcomers, remind, mail_the_day):
                self._guarded(daily)
            self.day_done = now.date()
        return bool(self._guarded(run_next))

    def _guarded(self, work: Callable[[], object]) -> object:
        """One failing piece of work must not stop the clock."""
        try:
            return work()
        except Exception:
            log.exception("%s failed", getattr(work, "__name__", work))
            connections.close_all()
            return None
