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
from django.utils.translation import ngettext

from linchpin.chapters.support.documents.lifecycle import next_review
from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.comparing import docx_text
from linchpin.chapters.support.revisions.models import CONTENT, Revision
from linchpin.exchange.documents.front_matter import About, about
from linchpin.exchange.documents.quizzes import belongs, quiz_for, read_quiz
from linchpin.exchange.documents.remembering import begin, end, remember
from linchpin.exchange.models import Import
from linchpin.kernel.asking.answering import asked_in, questions_of
from linchpin.kernel.asking.questions import trimmed
from linchpin.kernel.commands import attach, create
from linchpin.kernel.commands.importing import Changed, New, change_many, create_many
from linchpin.kernel.commands.questioning import put_questions
from linchpin.kernel.commands.saving import index_line
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
Quizzes = dict[str, tuple[tuple[str, str], bytes]]
"""By path: which document the quiz asks about, and the file."""
Taking = tuple[str, str, str, list[Any]]
"""What became of a file, the number of its document, what is to be said, and the records that were made."""
REVISED = {"in_force": "effective", "planned": "draft", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one file: `created`, `unchanged`, `revised` (its new text waits as a draft), `questions` (about a document beside it)
    or `left_out`, and why."""

    path: str
    outcome: str
    number: str = ""
    title: str = ""
    said: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Folder:
    """What became of all the files, and the import by which it can be taken back; None where nothing was made."""

    rows: list[Brought]
    source: Import | None


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder and those below it, by their path in it. Links that lead out of it are not followed; what is too large comes empty."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield path.relative_to(folder).as_posix(), path.read_bytes() if path.stat().st_size <= LARGEST else b""


def bring_in_documents(files: Iterable[tuple[str, bytes]], *, actor: Access, unit: Unit | None = None, dry_run: bool = False) -> list[Brought]:
    """What became of each file; see `bring_in_folder`."""
    return bring_in_folder(files, actor=actor, unit=unit, dry_run=dry_run).rows


def bring_in_folder(files: Iterable[tuple[str, bytes]], *, actor: Access, unit: Unit | None = None, dry_run: bool = False) -> Folder:
    """Bring in each file apart, so that one that cannot be taken keeps none of the others back. Nothing is sent to anybody."""
    here = unit or actor.person.unit
    there = [(_within(path), content) for path, content in list(files)[:MOST]]
    source = begin(there, actor=actor, unit=here) if there and not dry_run else None
    quizzes = {path: (quiz, content) for path, content in there if (quiz := quiz_for(path))}
    texts = [(path, content) for path, content in there if path not in quizzes]
    told: dict[str, list[Brought]] = {}
    for path, content in texts:
        for one in _one(path, content, actor, here, source, quizzes, len(told) + 1):
            told.setdefault(one.path, []).append(one)
    for path in quizzes:
        told.setdefault(path, [_beside_nothing(path, source, len(told) + 1)])
    rows = [one for path in dict.fromkeys(path for path, _content in there) for one in told[path]]
    return Folder(rows, end(source) if source else None)


def _within(path: str) -> str:
    """The path without anything that leads out of the folder."""
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _beside_nothing(path: str, source: Import | None, place: int) -> Brought:
    row = Brought(path, "left_out", said=_("No document lies beside it that it asks about."))
    if source:
        remember(source, place, path, row.as_dict(), ())
    return row


def _one(path: str, content: bytes, actor: Access, unit: Unit, source: Import | None, quizzes: Quizzes, place: int) -> list[Brought]:
    """What became of a file, and of the quiz that lies beside it."""
    known = _understood(path, content)
    if isinstance(known, str):
        rows = [Brought(path, "left_out", said=known)]
        if source:
            remember(source, place, path, rows[0].as_dict(), ())
        return rows
    quiz = next(((name, held) for name, (of, held) in quizzes.items() if belongs(of, path, known.number)), None)
    file = b"" if known.text or (PurePosixPath(path).suffix.lower() in MARKDOWN and len(content) <= LONGEST_TEXT) else content
    try:
        with command():
            outcome, number, said, made = _take(known, path, file, actor, unit, source is None)
            rows = [Brought(path, outcome, number, known.title, said)]
            if quiz:
                rows.append(_ask(*quiz, known, rows[0], made, actor))
            for row, its in zip(rows, (made, ()), strict=False):
                if source:
                    remember(source, place, row.path, row.as_dict(), its)
    except Refused as refused:
        rows = [Brought(path, "left_out", title=known.title, said=str(refused))]
        if source:
            remember(source, place, path, rows[0].as_dict(), ())
    return rows


def _understood(path: str, content: bytes) -> About | str:
    """What the file says about itself, or in a sentence why it is not taken."""
    ending = PurePosixPath(path).suffix.lower()
    if ending not in (*MARKDOWN, *FILES):
        return _("Not a document that is taken here: Markdown, Word, PDF, Excel, PowerPoint or a picture.")
    if not content.strip():
        return _("It is empty, or larger than 50 MB.")
    try:
        text = content.decode("utf-8-sig") if ending in MARKDOWN else ""
    except UnicodeDecodeError:
        return _("It is not UTF-8 text: save it as such.")
    known = about(path, text, _first_line(content) if ending == ".docx" else "")
    return replace(known, text="") if len(known.text) > LONGEST_TEXT else known


def _ask(path: str, content: bytes, known: About, document: Brought, made: list[Any], actor: Access) -> Brought:
    """Ask its readers what the quiz beside a document asks; one that stands already keeps the questions that were reviewed with it."""
    try:
        asked, mark = read_quiz(content)
        if document.outcome in ("created", "revised"):
            if made:
                put_questions(made[-1], asked, actor=actor, pass_mark=mark)
            count = ngettext("%(n)s question for its readers.", "%(n)s questions for its readers.", len(asked)) % {"n": len(asked)}
            return Brought(path, "questions", document.number, known.title, count)
    except Refused as refused:
        return Brought(path, "left_out", document.number, known.title, str(refused))
    revision = Revision.objects.filter(parent__number=document.number).exclude(phase=Phase.VOID).order_by("-position").first()
    if document.outcome == "unchanged" and revision and asked_in(questions_of(revision.pk)) == [trimmed(one) for one in asked]:
        return Brought(path, "unchanged", document.number, known.title)
    return Brought(path, "left_out", document.number, known.title, _("Its document is here already: other questions come with a new revision."))


def _first_line(content: bytes) -> str:
    """What stands on top of a Word file, where it is short enough to be a title."""
    lines = (docx_text(BytesIO(content)) or "").strip().splitlines()
    return lines[0].strip() if lines and len(lines[0]) <= LONGEST_TITLE else ""


def _take(known: About, path: str, file: bytes, actor: Access, unit: Unit, dry_run: bool) -> Taking:
    upload = ContentFile(file, name=PurePosixPath(path).name) if file else None
    checked = check(upload) if upload else None
    print_ = checked.sha256 if checked else hashlib.sha256(_cleaned(known, unit)["content"].encode()).hexdigest()
    standing = Document.objects.filter(reference=known.number).exclude(phase=Phase.VOID).first()
    if standing is not None:
        return _again(standing, known, upload, print_, actor, dry_run)
    if dry_run:
        return "created", "", "", []
    document, revision = _make(known, print_ if checked else "", actor, unit)
    if upload:
        attach(revision, upload, actor=actor, purpose=CONTENT)
    if known.status == "in_force":
        change_many([Changed(document, {"effective": revision, "fingerprint": print_})], actor=actor)
        index_many([index_line(document, get_type("document"))])
    return "created", str(document.number), "", [document, revision]


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


def _again(document: Any, known: About, upload: Any, print_: str, actor: Access, dry_run: bool) -> Taking:
    """A file that is here already: unchanged, or with a new text that waits as a draft to be reviewed."""
    number, revisions = str(document.number), list(Revision.objects.filter(parent_id=document.pk).exclude(phase=Phase.VOID))
    if any(one.fingerprint == print_ or (upload and one.files.filter(sha256=print_).exists()) for one in revisions):
        return "unchanged", number, "", []
    if not document.is_open:
        return "left_out", number, _("%s is closed: bring nothing new under its number.") % number, []
    if at_work := next((one for one in revisions if one.is_open), None):
        return "left_out", number, _("Revision %s is at work already: finish it, or void it first.") % at_work.label, []
    made = []
    if not dry_run:
        label = known.label if all(one.label.casefold() != known.label.casefold() for one in revisions) else ""
        values = {"title": known.title, "label": label, "content": known.text if not upload else ""}
        made = [create("revision", values, actor=actor, parent=document, provenance=Provenance.IMPORTED)]
        if upload:
            attach(made[0], upload, actor=actor, purpose=CONTENT)
    return "revised", number, _("Its text is new: it waits as a draft."), made


def _person(text: str) -> Person | None:
    """Whoever is meant, where exactly one person bears the name, the e-mail or the initials."""
    if not text:
        return None
    for name in ("email__iexact", "name__iexact", "initials__iexact"):
        found = list(Person.objects.filter(**{name: text}, state=Person.State.ACTIVE)[:2])
        if len(found) == 1:
            return found[0]
    return None
