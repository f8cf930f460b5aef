"""The one call that a write makes: jobs for whoever wants to be told, in the write's own transaction."""

from __future__ import annotations

from typing import Any

from linchpin.kernel.jobs.running import ask_for
from linchpin.kernel.trail.models import Event
from linchpin.kernel.webhooks.delivering import KIND
from linchpin.kernel.webhooks.models import Subscription


def announce(event: Event, record: Any) -> None:
    """Ask for the delivery of a record's event to each subscription that wants it. What they may read is judged when it is sent."""
    for one in Subscription.objects.filter(active=True).select_related("person"):
        if one.wants(record.type, event.verb):
            ask_for(KIND, one.person, subscription=one.pk, event=event.pk)
