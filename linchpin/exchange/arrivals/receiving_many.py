"""Files land, in any number and order: each is looked into at once, so that its card can say what it is and what is still asked."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from linchpin.exchange.arrivals.people_matching import match_people
from linchpin.exchange.arrivals.people_reading import read_people, understand_people
from linchpin.exchange.arrivals.people_taking import may_bring_people
from linchpin.exchange.arrivals.recognizing import DOCUMENTS, KEPT, PEOPLE, TABLES, UNKNOWN, Recognized, headers_of, is_document, is_plain_text, recognize
from linchpin.exchange.models import Arrival, ArrivedFile, Import
from linchpin.exchange.reading.profile_writing import dumps
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.reading.safety import BROKEN, LARGEST_FILE, damaged, too_large
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.receiving import keep, kept, may_import, opened, receive
from linchpin.exchange.staging import rehearse, stage
from linchpin.exchange.understanding import answer_all, fitting, profile_of, take_suggestions, understand
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType, all_types, get_type, has_type

MOST, MOST_UNPACKED = 2_000, 200 * 1024 * 1024
LOOKED_AT_ONCE = 20_000
"""Up to so many rows are rehearsed as the file lands; longer ones when they are taken over."""
ASIDE = "aside"
Files = Iterable[tuple[str, bytes]]


def types_for(actor: Access) -> list[RecordType]:
    """Types of which the person may bring in records."""
    return [one for one in all_types() if actor.has(*one.who("import"))]


def may_receive(actor: Access) -> None:
    """Raises NotAllowed for who may bring in nothing."""
    if not types_for(actor) and not may_bring_people(actor):
        raise NotAllowed(_("Bringing in data is for the quality manager."))


def open_arrival(actor: Access) -> Arrival:
    """The person's files that wait to be taken over; a new heap where there are none."""
    may_receive(actor)
    waiting = Arrival.objects.filter(person=actor.person, accepted_at=None).order_by("-id").first()
    if waiting is not None:
        return waiting
    return new_arrival(actor)


def new_arrival(actor: Access) -> Arrival:
    """A heap of its own, beside whatever waits already."""
    may_receive(actor)
    with writing():
        return Arrival.objects.create(person=actor.person, at=clock.now())


def throw_away(arrival: Arrival) -> None:
    """A heap that came to nothing leaves neither a row nor a file behind. Only while nothing of it is taken over."""
    files = list(arrival.files.select_related("source"))
    sources, digests = [file.source for file in files if file.source], {file.sha256 for file in files}
    with writing():
        arrival.files.all().delete()
        for source in sources:
            source.rows.all().delete()
            source.delete()
        arrival.delete()
    for model in (Import, ArrivedFile, StoredFile):
        digests -= set(model.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    for digest in digests:
        kept(digest).unlink(missing_ok=True)


def receive_files(arrival: Arrival, files: Files, *, actor: Access) -> int:
    """Look into each file and keep it; a zip is unpacked. Gives how many landed. One that cannot be read keeps no other back."""
    landed = 0
    for name, data in unpacked(files):
        if landed >= MOST:
            raise Refused(never(_("More than 2,000 files at once: bring them in several parts."), "file"))
        landed += 1
        digest = keep(data)
        name = _own_name(arrival, name, digest)
        if not name:
            continue
        with writing():
            ArrivedFile.objects.filter(arrival=arrival, name=name, sha256=digest).delete()
            file = ArrivedFile.objects.create(arrival=arrival, name=name, size=len(data), sha256=digest)
        look_into(file, data, actor=actor)
    return landed


def _own_name(arrival: Arrival, name: str, digest: str) -> str:
    """The name, or “name (2)” where another file of the heap bears it: twelve folders may each have their index. Empty where this very file is here."""
    here = arrival.files.exclude(state=ArrivedFile.State.LAID_ASIDE).exclude(source__state=Import.State.THROWN_AWAY)
    path, number = PurePosixPath(name), 1
    while standing := here.filter(name=name).first():
        if standing.sha256 == digest:
            return ""
        number += 1
        name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return name


def unpacked(files: Files) -> Iterator[tuple[str, bytes]]:
    """The files by their paths, those inside a zip in its place."""
    for path, data in files:
        name = shown_path(path)
        if data.startswith(b"PK") and PurePosixPath(name).suffix.lower() == ".zip":
            yield from _members(name, data)
        elif name and not _hidden(name):
            yield name, data


def _members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """One member after the other; the archive itself stands as a file that cannot be read where it is damaged or far too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > MOST or sum(m.file_size for m in members) > MOST_UNPACKED:
                raise Refused(never(_("“%s” holds more than 2,000 files or 200 MB: bring it in several parts.") % name, "file"))
            for member in members:
                path = shown_path(member.filename)
                if path and not _hidden(path):
                    yield f"{PurePosixPath(name).stem}/{path}", archive.read(member) if member.file_size <= LARGEST_FILE else b""
    except BROKEN as error:
        raise Refused(never(damaged(name), "file")) from error


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in path.split("/"))


def shown_path(path: str) -> str:
    """The path without what leads out of its folder, and without signs that nobody sees."""
    parts = ["".join(c for c in part if c.isprintable()).strip() for part in path.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))[-300:]


def look_into(file: ArrivedFile, data: bytes, *, actor: Access, becomes: str | None = None) -> None:
    """Find out what the file is, unless somebody says so, and what it would become. What is wrong with it stands in its notes."""
    _forget(file)
    file.state, file.counts, file.notes, file.answers = ArrivedFile.State.OPEN, {}, {}, {}
    try:
        found = _what_it_is(file, data, actor) if becomes is None else Recognized(becomes, 100)
        file.becomes, file.sure = found.becomes, found.sure
        if has_type(file.becomes):
            _look_into_records(file, data, actor)
        elif file.becomes == PEOPLE:
            look_into_people(file, Book(data, file.name))
    except Refused as refused:
        file.notes = file.notes | {"wrong": str(refused)}
    with writing():
        file.save()


def _what_it_is(file: ArrivedFile, data: bytes, actor: Access) -> Recognized:
    if len(data) > LARGEST_FILE:
        raise Refused(too_large(file.name, len(data)))
    if is_document(file.name):
        return Recognized(DOCUMENTS if actor.has(*get_type("document").who("import")) else KEPT, 100)
    try:
        book = Book(data, file.name)
    except Refused:
        if PurePosixPath(file.name).suffix.lower() not in TABLES and data:
            return Recognized(KEPT, 100)
        raise
    if not any(sheet.rows for sheet in book.sheets):
        raise Refused(_("“%s” has no cells: there is nothing to bring in.") % file.name)
    if is_plain_text(book, file.name):
        return Recognized(KEPT, 100)
    found = recognize(book, file.name, types_for(actor))
    if found.becomes == UNKNOWN:
        file.notes = {"headers": headers_of(book)}
    return found if found.becomes != PEOPLE or may_bring_people(actor) else Recognized(UNKNOWN, 0)


def _look_into_records(file: ArrivedFile, data: bytes, actor: Access) -> None:
    may_import(actor, file.becomes)
    source, book = receive(data, file.name, file.becomes, actor=actor)
    file.source = source
    fits = fitting(book, file.becomes)
    if fits:
        profile = fits[0]
        file.notes = {"understood": len(profile.columns), "columns": len(profile.columns), "asked": 0}
    else:
        found = understand(book, file.becomes)
        answer_all(found, {(q.about, q.letter, q.value): q.suggested for q in found.questions if q.about == "field"})
        plans = [plan for plan in found.guess.plans if plan.column.filled]
        questions = [question for question in found.questions if question.about != "field"]
        file.notes = {"understood": sum(bool(plan.field) for plan in plans), "columns": len(plans), "asked": len(questions)}
        file.notes["about"] = [question.sentence for question in questions[:3]]
        profile = profile_of(found)
    source.profile = dumps(profile)
    with writing():
        source.save(update_fields=["profile"])
    if sum(sheet.rows for sheet in book.sheets) <= LOOKED_AT_ONCE:
        stage(source, rehearse(source, book, profile, actor=actor))
    else:
        file.notes["long"] = sum(sheet.rows for sheet in book.sheets)


def take_guesses(file: ArrivedFile, *, actor: Access) -> None:
    """Answer what is asked about the columns of a table with what is likely; cells that it does not fit are refused one by one."""
    source = file.source
    if source is None or not file.notes.get("asked"):
        return
    book = opened(source)
    found = understand(book, source.type, sheet=source.sheet, header_row=source.header_row)
    take_suggestions(found)
    if found.questions:
        return
    source.profile, file.notes = dumps(profile_of(found)), file.notes | {"asked": 0}
    with writing():
        source.save(update_fields=["profile"])
        file.save(update_fields=["notes"])
    if not file.notes.get("long"):
        stage(source, rehearse(source, book, loads(source.profile), actor=actor))


def look_into_people(file: ArrivedFile, book: Book) -> None:
    """What the list would make of whom, as figures of its card."""
    found = understand_people(book, file.answers)
    rows = read_people(found)
    match_people(rows)
    plans = [plan for plan in found.guess.plans if plan.column.filled]
    file.counts = {name: sum(one.outcome == name for one in rows) for name in ("new", "changed", "unchanged", "rejected")} | {"read": len(rows)}
    file.notes = {"understood": sum(bool(plan.field) for plan in plans), "columns": len(plans), "asked": 0}


def _forget(file: ArrivedFile) -> None:
    """What the file was taken for before is thrown away, as far as nothing came of it."""
    source, file.source = file.source, None
    if source is None:
        return
    with writing():
        ArrivedFile.objects.filter(pk=file.pk).update(source=None)
        Import.objects.filter(pk=source.pk, state__in=(Import.State.OPEN, Import.State.REHEARSED)).update(state=Import.State.THROWN_AWAY)
        source.rows.all().delete()


def data_of(file: ArrivedFile) -> bytes:
    """The bytes as they came. Raises Refused when they are gone or are no longer what was kept."""
    path = kept(file.sha256)
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise Refused(_("The kept copy of “%s” is missing or damaged: bring the file in again.") % file.name)
    return data


def may_look_into(file: ArrivedFile, actor: Access) -> bool:
    """What somebody may not bring in, they do not look into."""
    key = file.source.type if file.source else file.becomes
    if key == PEOPLE:
        return may_bring_people(actor)
    return not has_type(key) or key in {one.key for one in types_for(actor)}


def say_what_it_is(file: ArrivedFile, said: str, *, actor: Access) -> None:
    """Somebody says what the file is, and it is looked into as that. `aside` lays it aside. Raises Refused."""
    if file.state != ArrivedFile.State.OPEN or (file.source and file.source.state == Import.State.ACCEPTED):
        raise Refused(never(_("“%s” is taken over already: undo it first.") % file.name, "becomes"))
    if said == ASIDE:
        return lay_aside(file)
    allowed = {one.key for one in types_for(actor)} | {DOCUMENTS, KEPT} | ({PEOPLE} if may_bring_people(actor) else set())
    if said not in allowed:
        raise Refused(never(_("Choose what the file is."), "becomes"))
    return look_into(file, data_of(file), actor=actor, becomes=said)


def lay_aside(file: ArrivedFile) -> None:
    """Take the file out of the heap; its bytes stay kept."""
    _forget(file)
    with writing():
        ArrivedFile.objects.filter(pk=file.pk, state=ArrivedFile.State.OPEN).update(state=ArrivedFile.State.LAID_ASIDE)
