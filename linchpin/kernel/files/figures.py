"""Figures that were kept on a record as they stood: their day and their SHA-256 are in its trail, so that nobody can pass off others for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.trail import history

PURPOSE, VERB = "figures", "keep_figures"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was kept: when, by whom, of what kind. `told` is None where the file is purged or is not what the trail says."""

    at: datetime
    who: Person
    kind: str
    told: Mapping[str, Any] | None
    file: StoredFile


def figures_of(record: Any) -> list[Figures]:
    """Those that stand in the record's trail, newest first. One query where there are none, else three."""
    files = {file.sha256: file for file in record.files.filter(purpose=PURPOSE)}
    if not files:
        return []
    kept = []
    for event in history(record.pk):
        said = {change.field: change.new or "" for change in event.changes}
        if event.verb == VERB and (file := files.get(said["figures_sha256"])):
            kept.append(Figures(event.at, event.actor, said["figures"], _told(file), file))
    return kept[::-1]


def _told(file: StoredFile) -> Mapping[str, Any] | None:
    path = path_of(file.sha256)
    if file.is_purged or not path.exists():
        return None
    content = path.read_bytes()
    told: Mapping[str, Any] = json.loads(content)
    return told if sha256(content).hexdigest() == file.sha256 else None
