"""Where the bytes lie, and how they are given out again."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from linchpin.kernel.files.active_pdf import acts_by_itself
from linchpin.kernel.files.checking import CHUNK, Checked
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Missing, Refused, never

SHOWN = ("image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf")
"""What a browser may show in the page; everything else is downloaded."""


ALONE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
IN_A_PAGE = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
"""A browser shows a PDF with a viewer of its own, which a sandbox would stop; only our own pages may frame it."""


def path_of(sha256: str) -> Path:
    return Path(settings.HOME) / "files" / sha256[:2] / sha256


def store(checked: Checked, record: Any, person: Person, purpose: str, at: datetime) -> StoredFile:
    """Keep the bytes (once per content) and hang the file on the record. The same file again gives the row that stands."""
    standing = StoredFile.objects.filter(record_id=record.pk, sha256=checked.sha256, purpose=purpose).first()
    if standing:
        standing.stood_already = True
        return standing
    _keep(checked)
    return StoredFile.objects.create(
        record_id=record.pk, name=checked.name, content_type=checked.content_type, size=checked.size,
        sha256=checked.sha256, purpose=purpose, person=person, at=at,
    )  # fmt: skip


def _keep(checked: Checked) -> None:
    """Write beside, then rename: a full disk or a kill leaves no half file under the hash."""
    target = path_of(checked.sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as out:
            while part := checked.source.read(CHUNK):
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except OSError as problem:
        Path(temporary).unlink(missing_ok=True)
        raise Refused(never(_("The file could not be kept: the disk may be full. Nothing was changed."), "file")) from problem


def shows(stored: StoredFile) -> bool:
    """Whether a page may show it. A PDF with scripts or actions of its own is given out to be kept, as a program would be."""
    if stored.content_type == "application/pdf":
        return stored.is_purged or not acts_by_itself(path_of(stored.sha256))
    return stored.content_type in SHOWN


def response(stored: StoredFile) -> FileResponse:
    """The bytes with headers that keep a browser from running them."""
    if stored.is_purged:
        raise Missing(_("The content of this file was purged: the tombstone on the record says when and why."))
    is_pdf, shown = stored.content_type == "application/pdf", shows(stored)
    answer = FileResponse(
        path_of(stored.sha256).open("rb"), as_attachment=not shown, filename=stored.name, content_type=stored.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Content-Security-Policy"] = IN_A_PAGE if is_pdf and shown else ALONE
    if is_pdf and shown:
        answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cache-Control"] = "private, max-age=3600, immutable"
    return answer


def copied(content: bytes, stored: StoredFile) -> HttpResponse:
    """A copy made of the file, to be kept by whoever asked."""
    name = quote(f"{Path(stored.name).stem}-copy{Path(stored.name).suffix}")
    answer = HttpResponse(content, content_type=stored.content_type, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})
    answer["X-Content-Type-Options"], answer["Content-Security-Policy"] = "nosniff", ALONE
    answer["Cache-Control"] = "private, no-store"
    return answer
