"""Attach a file to a record."""

from __future__ import annotations

from typing import Any

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.files.checking import check
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.files.storing import store
from linchpin.kernel.people.grants import Access
from linchpin.kernel.trail import Change


def attach(record: Any, upload: Any, *, actor: Access, purpose: str = "") -> StoredFile:
    """Check an uploaded file by its content, keep it, and hang it on the record. Raises Refused, NotAllowed."""
    checked = check(upload)
    with command() as at:
        found, record_type = for_verb(record, "attach", actor)
        before = found.files.count()
        stored = store(checked, found, actor.person, purpose, at)
        if found.files.count() > before:
            also = [Change("file", None, stored.name, True), Change("file_sha256", None, stored.sha256)]
            update(found, record_type, {}, actor=actor, verb="attach", at=at, also=also)
        return stored
