"""A PDF as it goes on paper: on the lower edge of every page what it is, and that paper is not controlled. The file itself is not touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linchpin.kernel.files.storing import path_of
from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import Refused

LARGEST, MOST_PAGES = 50_000_000, 2_000
SIZE, SMALLEST = 6.5, 3.5
EDGE, LEADING = 6.0, 7.5
"""Points from the lower edge to the lowest line, and from line to line."""
WIDTH = 0.53
"""What a letter of Helvetica takes at most on average, in parts of its size."""
FONT = "/LinchpinStamp"


def copy_of(revision: Any, sha256: str) -> bytes:
    """The PDF of that hash with the lines of `revision` on every page. Raises Refused where it cannot be written on."""
    return stamped(path_of(sha256), lines_for(revision))


def lines_for(revision: Any) -> list[str]:
    """Number, revision, day, hash, and that paper is not controlled."""
    document = revision.parent.document if revision.parent_id else None
    number = document.known_as if document and _printable(document.known_as) else document.number if document else revision.number
    if revision.status == "effective":
        state = _("in force since %s") % formats.date_format(revision.effective_on, "j M Y") if revision.effective_on else _("in force")
    else:
        state = _("NOT IN FORCE")
    moment = formats.date_format(localtime(clock.now()), "j M Y, H:i")
    first = [number, _("Revision %s") % revision.label, state, _("copy of %s") % moment, _("Uncontrolled when printed")]
    return [" · ".join(first), f"SHA-256 {revision.fingerprint}"]


def stamped(path: Path, lines: Sequence[str]) -> bytes:
    """The pages of the PDF with the lines on each; forms, scripts and attachments of the file stay behind. Raises Refused."""
    from pypdf import PdfReader, PdfWriter  # costs 150 ms, and few processes ever stamp one

    if path.stat().st_size > LARGEST:
        raise Refused(_("This PDF is too large to be stamped: fetch the original."))
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise Refused(_("This PDF is locked by a password, so nothing can be stamped on it: fetch the original."))
        if len(reader.pages) > MOST_PAGES:
            raise Refused(_("This PDF has more than 2,000 pages, too many to be stamped: fetch the original."))
        writer = PdfWriter()
        font = writer._add_object(_font())
        for page in reader.pages:
            _stamp(writer, writer.add_page(page), lines, font)
        if not writer.pages:
            raise ValueError("no page")
        writer.add_metadata({"/Subject": lines[0]})
        made = BytesIO()
        writer.write(made)
    except Refused:
        raise
    except Exception as problem:
        raise Refused(_("This PDF is damaged, so nothing can be stamped on it: fetch the original.")) from problem
    return made.getvalue()


def _font() -> Any:
    from pypdf.generic import DictionaryObject, NameObject

    says = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    return DictionaryObject({NameObject(name): NameObject(value) for name, value in says.items()})


def _stamp(writer: Any, page: Any, lines: Sequence[str], font: Any) -> None:
    """Write on the page as it is seen, turned or not, without reading what stands on it."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else DictionaryObject()
    fonts = resources.get("/Font")
    fonts = DictionaryObject(fonts.get_object()) if fonts is not None else DictionaryObject()
    fonts[NameObject(FONT)] = font
    page[NameObject("/Resources")] = DictionaryObject({**resources, NameObject("/Font"): fonts})
    before, after = StreamObject(), StreamObject()
    before.set_data(b"q\n")
    after.set_data(b"\nQ\n" + b"".join(_drawn(page, lines)))
    standing = page.get("/Contents")
    parts = standing.get_object() if standing is not None else ArrayObject()
    middle = list(parts) if isinstance(parts, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *middle, writer._add_object(after)])
    page.pop("/AA", None)
    for note in page.get("/Annots") or ():  # filled fields are seen on paper; what they do when pressed is not
        for action in ("/A", "/AA"):
            note.get_object().pop(action, None)


def _drawn(page: Any, lines: Sequence[str]) -> Iterator[bytes]:
    box, turned = page.cropbox, int(page.get("/Rotate") or 0) % 360
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    across = height if turned in (90, 270) else width
    size = max(SMALLEST, min(SIZE, (across - 2 * EDGE) / (WIDTH * max(len(line) for line in lines))))
    for step, line in enumerate(reversed(lines)):
        up = EDGE + step * LEADING
        matrix = {
            90: f"0 1 -1 0 {left + width - up:.2f} {bottom + EDGE:.2f}",
            180: f"-1 0 0 -1 {left + width - EDGE:.2f} {bottom + height - up:.2f}",
            270: f"0 -1 1 0 {left + up:.2f} {bottom + height - EDGE:.2f}",
        }.get(turned, f"1 0 0 1 {left + EDGE:.2f} {bottom + up:.2f}")
        text = line.encode("cp1252", errors="replace").hex()
        yield f"q BT 0 g {FONT} {size:.2f} Tf {matrix} Tm <{text}> Tj ET Q\n".encode()


def _printable(text: str) -> bool:
    """Whether Helvetica has every letter of it."""
    try:
        return bool(text.encode("cp1252"))
    except UnicodeEncodeError:
        return False
