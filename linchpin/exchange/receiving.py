"""A file arrives: it is looked at, kept under its hash, and opened again when needed."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from linchpin.exchange.models import Import
from linchpin.exchange.reading.safety import LARGEST_FILE
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.whole_files import written_whole
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import get_type

LONGEST_NAME = 150


def receive(data: bytes, name: str, key: str, *, actor: Access, unit: Unit | None = None) -> tuple[Import, Book]:
    """Keep a file that is safe to read, as an import of records of that type. Raises Refused or NotAllowed.

    `unit` is where records belong for which the file names none; by default the actor's own.
    """
    may_import(actor, key)
    name = shown_name(name)
    book = Book(data, name)
    if not any(sheet.rows for sheet in book.sheets):
        raise Refused(_("“%s” has no cells: there is nothing to bring in.") % name)
    digest = keep(data)
    with writing():
        source = Import.objects.create(
            type=key, name=name, size=len(data), sha256=digest, unit=unit or actor.person.unit, person=actor.person, at=clock.now(),
            notes={"warnings": [str(w) for w in book.warnings]},
        )  # fmt: skip
    return source, book


def may_import(actor: Access, key: str) -> None:
    """Raises NotAllowed for who may bring in nothing of the type anywhere."""
    record_type = get_type(key)
    who = record_type.who("import")
    if not actor.has(*who):
        raise NotAllowed(_("Bringing in %(what)s is for: %(who)s.") % {"what": record_type.plural(), "who": ", ".join(w.replace("_", " ") for w in who)})


def shown_name(raw: str) -> str:
    """The file's own name, without its folders and invisible characters."""
    text = unicodedata.normalize("NFC", raw.replace("\\", "/").rpartition("/")[2])
    return "".join(c for c in text if unicodedata.category(c)[0] != "C").strip()[-LONGEST_NAME:] or _("file")


def keep(data: bytes) -> str:
    """Keep the bytes once under their hash. Gives the hash. Raises Refused when the disk is full."""
    digest = hashlib.sha256(data).hexdigest()
    path = kept(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as out:
            out.write(data)
    return digest


def kept(digest: str) -> Path:
    """Where the bytes of that hash lie."""
    return Path(settings.HOME) / "files" / digest[:2] / digest


def opened(source: Import) -> Book:
    """The import's file. Raises Refused when it is gone or is no longer what was kept."""
    path = kept(source.sha256)
    data = path.read_bytes() if path.exists() and path.stat().st_size <= LARGEST_FILE else b""
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise Refused(_("The kept copy of “%s” is missing or damaged: bring the file in again.") % source.name)
    return Book(data, source.name)


def brought_before(source: Import) -> Import | None:
    """The last time this very file was taken over for the same type, if it was."""
    rows = Import.objects.filter(sha256=source.sha256, type=source.type, state=Import.State.ACCEPTED)
    return rows.exclude(pk=source.pk).select_related("accepted_by").order_by("-accepted_at").first()
