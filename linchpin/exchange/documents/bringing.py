"""Documents brought in from files: each becomes a document with the revision it is, and the same folder twice changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.chapters.support.documents.lifecycle import next_review
from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.comparing import docx_text
from linchpin.chapters.support.revisions.models import CONTENT, Revision
from linchpin.exchange.documents.front_matter import About, about
from linchpin.kernel.commands import attach, create
from linchpin.kernel.commands.importing import Changed, New, change_many, create_many
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.files.checking import LARGEST, check
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.cleaning import LONGEST_TEXT, clean
from linchpin.kernel.records.models import Confidentiality, Phase, Provenance
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.search.indexing import index_many

MARKDOWN = (".md", ".markdown")
FILES = (".docx", ".pdf", ".xlsx", ".pptx", ".png", ".jpg", ".jpeg")
LONGEST_TITLE = 120
MOST = 2_000
"""Files that are taken at once."""
REVISED = {"in_force": "effective", "planned": "draft", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one file: `created`, `unchanged`, `revised` (its new text waits as a draft) or `left_out`, and why."""

    path: str
    outcome: str
    number: str = ""
    title: str = ""
    said: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder and those below it, by their path in it. Links that lead out of it are not followed; what is too large comes empty."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield path.relative_to(folder).as_posix(), path.read_bytes() if path.stat().st_size <= LARGEST else b""


def bring_in_documents(files: Iterable[tuple[str, bytes]], *, actor: Access, unit: Unit | None = None, dry_run: bool = False) -> list[Brought]:
    """Bring in each file apart, so that one that cannot be taken keeps none of the others back. Nothing is sent to anybody."""
    here = unit or actor.person.unit
    return [_one(_within(path), content, actor, here, dry_run) for path, content in list(files)[:MOST]]


def _within(path: str) -> str:
    """The path without anything that leads out of the folder."""
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _one(path: str, content: bytes, actor: Access, unit: Unit, dry_run: bool) -> Brought:
    ending = PurePosixPath(path).suffix.lower()
    if ending not in (*MARKDOWN, *FILES):
        return Brought(path, "left_out", said=_("Not a document that is taken here: Markdown, Word, PDF, Excel, PowerPoint or a picture."))
    if not content.strip():
        return Brought(path, "left_out", said=_("It is empty, or larger than 50 MB."))
    try:
        text = content.decode("utf-8-sig") if ending in MARKDOWN else ""
    except UnicodeDecodeError:
        return Brought(path, "left_out", said=_("It is not UTF-8 text: save it as such."))
    known = about(path, text, _first_line(content) if ending == ".docx" else "")
    if len(known.text) > LONGEST_TEXT:
        known, text = replace(known, text=""), ""
    try:
        with command():
            outcome, number, said = _take(known, path, content if not text else b"", actor, unit, dry_run)
    except Refused as refused:
        return Brought(path, "left_out", title=known.title, said=str(refused))
    return Brought(path, outcome, number, known.title, said)


def _first_line(content: bytes) -> str:
    """What stands on top of a Word file, where it is short enough to be a title."""
    lines = (docx_text(BytesIO(content)) or "").strip().splitlines()
    return lines[0].strip() if lines and len(lines[0]) <= LONGEST_TITLE else ""


def _take(known: About, path: str, file: bytes, actor: Access, unit: Unit, dry_run: bool) -> tuple[str, str, str]:
    upload = ContentFile(file, name=PurePosixPath(path).name) if file else None
    checked = check(upload) if upload else None
    print_ = checked.sha256 if checked else hashlib.sha256(_cleaned(known, unit)["content"].encode()).hexdigest()
    standing = Document.objects.filter(reference=known.number).exclude(phase=Phase.VOID).first()
    if standing is not None:
        return _again(standing, known, upload, print_, actor, dry_run)
    if dry_run:
        return "created", "", ""
    document, revision = _make(known, print_ if checked else "", actor, unit)
    if upload:
        attach(revision, upload, actor=actor, purpose=CONTENT)
    if known.status == "in_force":
        change_many([Changed(document, {"effective": revision, "fingerprint": print_})], actor=actor)
        index_many([(document.pk, document.title, "\n".join((document.reference, get_type("document").search_text(document))))])
    return "created", str(document.number), ""


def _cleaned(known: About, unit: Unit) -> dict[str, Any]:
    """Through the one validation, like everything else. Raises Refused."""
    note = "; ".join(f"{what}: {names}" for what, names in known.named)
    values = {"title": known.title, "label": known.label, "content": known.text, "change_note": note, "unit": unit}
    return clean(get_type("revision"), values, require=("title",))


def _make(known: About, file_sha256: str, actor: Access, unit: Unit) -> tuple[Any, Any]:
    owner, day = _person(known.author), known.effective
    raised = timezone.make_aware(datetime.combine(day, time(9))) if day and day <= clock.today() else None
    values = {"title": known.title, "reference": known.number, "kind": known.kind, "place": known.place, "unit": unit, "owner": owner}
    cleaned = clean(get_type("document"), values, require=("title", "kind"))
    due = next_review(Document(kind=known.kind, review_months=24), day) if day and known.status == "in_force" else None
    cleaned |= {"due": due, "confidentiality": Confidentiality.PUBLIC}
    text = "" if owner else known.author
    own: dict[str, Any] = {"revision_label": known.label, "in_force_on": day} if known.status != "planned" else {}
    above = New("document", cleaned, status=known.status, owner_text=text, raised=raised, own=own)
    own = {"file_sha256": file_sha256, "effective_on": day if known.status != "planned" else None}
    below = New("revision", _cleaned(known, unit) | {"owner": owner}, status=REVISED[known.status], owner_text=text, raised=raised, parent=above, own=own)
    document, revision = create_many([above, below], actor=actor)
    return document, revision


def _again(document: Any, known: About, upload: Any, print_: str, actor: Access, dry_run: bool) -> tuple[str, str, str]:
    """A file that is here already: unchanged, or with a new text that waits as a draft to be reviewed."""
    number, revisions = str(document.number), list(Revision.objects.filter(parent_id=document.pk).exclude(phase=Phase.VOID))
    if any(one.fingerprint == print_ or (upload and one.files.filter(sha256=print_).exists()) for one in revisions):
        return "unchanged", number, ""
    if not document.is_open:
        return "left_out", number, _("%s is closed: bring nothing new under its number.") % number
    if at_work := next((one for one in revisions if one.is_open), None):
        return "left_out", number, _("Revision %s is at work already: finish it, or void it first.") % at_work.label
    if not dry_run:
        label = known.label if all(one.label.casefold() != known.label.casefold() for one in revisions) else ""
        values = {"title": known.title, "label": label, "content": known.text if not upload else ""}
        made = create("revision", values, actor=actor, parent=document, provenance=Provenance.IMPORTED)
        if upload:
            attach(made, upload, actor=actor, purpose=CONTENT)
    return "revised", number, _("Its text is new: it waits as a draft.")


def _person(text: str) -> Person | None:
    """Whoever is meant, where exactly one person bears the name, the e-mail or the initials."""
    if not text:
        return None
    for name in ("email__iexact", "name__iexact", "initials__iexact"):
        found = list(Person.objects.filter(**{name: text}, state=Person.State.ACTIVE)[:2])
        if len(found) == 1:
            return found[0]
    return None
