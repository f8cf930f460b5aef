"""The one call that a write makes: jobs for whoever wants to be told, in the write's own transaction."""

from __future__ import annotations

from typing import Any

from django.db import connection

from linchpin.kernel.jobs.running import ask_for
from linchpin.kernel.trail.models import Event
from linchpin.kernel.webhooks.delivering import KIND
from linchpin.kernel.webhooks.models import Subscription


def announce(event: Event, record: Any) -> None:
    """Ask for the delivery of a record's event to each subscription that wants it. What they may read is judged when it is sent."""
    if not _anybody():
        return
    for one in Subscription.objects.filter(active=True).select_related("person"):
        if one.wants(record.type, event.verb):
            ask_for(KIND, one.person, subscription=one.pk, event=event.pk)


def _anybody() -> bool:
    """Whether anybody subscribes at all: asked at every write, so by the shortest way."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{Subscription._meta.db_table}" WHERE active LIMIT 1')
        return cursor.fetchone() is not None
