"""Where the same bytes hang besides, as far as the reader may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record


def elsewhere(files: Iterable[StoredFile], access: Access) -> dict[str, list[Any]]:
    """By SHA-256: the other records that the person may read and on which a file of the same bytes hangs. One query, none without files."""
    standing = {file.sha256: file.record_id for file in files if not file.is_purged}
    found: dict[str, list[Any]] = defaultdict(list)
    if not standing:
        return found
    seen = Record.objects.visible_to(access).filter(pk__in=StoredFile.objects.filter(sha256__in=standing).values("record_id"))
    rows = StoredFile.objects.filter(sha256__in=standing, record__in=seen).select_related("record").order_by("record_id", "id")
    for row in rows:
        if row.record_id != standing[row.sha256] and row.record not in found[row.sha256]:
            found[row.sha256].append(row.record)
    return found
