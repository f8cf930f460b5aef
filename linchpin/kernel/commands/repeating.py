"""A request that may arrive twice: done once, answered alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Once, Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import get_type


def repeatable(key: str, request: str, work: Callable[[], Any], *, actor: Access) -> tuple[Any, bool]:
    """Do `work`, which gives the record it made or moved, once for this key and person; whether it had been done before.

    `request` is everything that was asked for: the same key with another request is Refused. Call it outside other commands.
    """
    try:
        return _once(_digest(key), _digest(request), work, actor)
    except IntegrityError:  # the same request was at work beside us, and was first
        return _once(_digest(key), _digest(request), work, actor)


def _once(key: str, digest: str, work: Callable[[], Any], actor: Access) -> tuple[Any, bool]:
    with command() as at:
        taken = Once.objects.filter(key=key, person=actor.person).first()
        if taken is None:
            record = work()
            Once.objects.create(key=key, person=actor.person, record_id=record.pk, digest=digest, at=at)
            return record, False
        if taken.digest != digest:
            raise Refused(never(_("This Idempotency-Key was used for another request before: take a new key for a new request.")))
        standing = Record.objects.get(pk=taken.record_id)
        return get_type(standing.type).model._default_manager.get(pk=standing.pk), True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
