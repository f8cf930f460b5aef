"""What a file is, decided by its content, and whether it may be read at all. Nothing here trusts a name or a header."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linchpin.exchange.reading.decoding import decode
from linchpin.exchange.reading.dialects import dialect
from linchpin.kernel.records.refusals import Refused

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 500 * 1024 * 1024
HIGHEST_RATIO, RATIO_MATTERS_FROM = 300, 20 * 1024 * 1024
MOST_MEMBERS = 10_000
MOST_COLUMNS, MOST_ROWS = 1_000, 1_000_000
CHUNK = 1 << 20
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error, lzma.LZMAError)
"""What the archive module raises for damaged, encrypted or strangely packed members (its not-implemented ones are RuntimeErrors)."""

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ", b"BZh", b"SQLite format 3")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Source = Path | bytes


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file turned out to be: `kind` is xlsx, csv or tsv; `warnings` are sentences to show before its rows."""

    kind: str
    name: str
    size: int
    warnings: tuple[str, ...] = ()
    encoding: str = ""


def inspect(source: Source, name: str = "") -> Inspected:
    """Kind and warnings of the file. Raises Refused with a sentence when it may not be read."""
    name = name or (source.name if isinstance(source, Path) else _("the file"))
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size == 0:
        raise Refused(_("“%s” is empty: there is nothing to bring in.") % name)
    if size > LARGEST_FILE:
        raise Refused(too_large(name, size))
    data = source if isinstance(source, bytes) else source.read_bytes()
    if data.startswith(ZIP):
        return Inspected("xlsx", name, size, _workbook(data, name))
    if data.startswith(OLE):
        raise Refused(_old_or_locked(data, name))
    if data.startswith(OTHER_FILES):
        raise Refused(_not_a_table(name))
    return _text(data, name)


def too_large(name: str, size: int) -> str:
    """The sentence for a file that is not even opened; `size` in bytes."""
    sentence = _("“%(name)s” has %(size)s MB; the largest file taken is 50 MB. Split it, or remove pictures and unused sheets.")
    return str(sentence % {"name": name, "size": size // 1024 // 1024})


def _text(data: bytes, name: str) -> Inspected:
    text, encoding = decode(data)
    head = text[:500].lstrip().lower()
    if head.startswith(("<html", "<!doctype", "<?xml", "<table", "{\\rtf")):
        raise Refused(_("“%s” is a web page or document, whatever its name says: open it in a spreadsheet program and save it as .xlsx or .csv.") % name)
    if not text.strip():
        raise Refused(_("“%s” is empty: there is nothing to bring in.") % name)
    kind = "tsv" if dialect(text).delimiter == "\t" else "csv"
    return Inspected(kind, name, len(data), (), encoding)


def _workbook(data: bytes, name: str) -> tuple[str, ...]:
    """The warnings about a workbook whose every member was unpacked once, and counted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _declared_sizes(members, name)
            names = [member.filename for member in members]
            _is_workbook(names, archive, name)
            _no_macros(names, archive, name)
            _unpack_once(archive, members, name)
            return tuple(_warnings(names))
    except BROKEN as error:
        raise Refused(damaged(name)) from error


def _declared_sizes(members: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or total > LARGEST_UNPACKED:
        raise Refused(_("“%(name)s” unpacks to %(size)s MB; at most 500 MB are read. Remove unused sheets and formatting, or save it as .csv.")
                      % {"name": name, "size": total // 1024 // 1024})  # fmt: skip
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > RATIO_MATTERS_FROM and ratio > HIGHEST_RATIO:
            raise Refused(_("“%(name)s” holds a part that grows %(ratio)s-fold when unpacked: that is how harmful archives are made. "
                            "Save it anew as .xlsx or .csv.")
                          % {"name": name, "ratio": int(ratio)})  # fmt: skip
    if len({member.filename for member in members}) != len(members):
        raise Refused(_("“%s” holds the same part twice, which no spreadsheet program writes. Save it anew as .xlsx or .csv.") % name)


def _is_workbook(names: list[str], archive: zipfile.ZipFile, name: str) -> None:
    starts = {n.lower().partition("/")[0] for n in names}
    workbooks = [n.lower() for n in names if n.lower().startswith("xl/workbook")]
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise Refused(_("“%s” is an OpenDocument file: save it as .xlsx or .csv and bring that in.") % name)
    if "xl/workbook.bin" in workbooks:
        raise Refused(_("“%s” is a binary workbook (.xlsb): save it as .xlsx and bring that in.") % name)
    if workbooks:
        return
    if starts & {"word", "ppt"}:
        raise Refused(_not_a_table(name))
    raise Refused(_("“%s” is an archive, not a spreadsheet: unpack it and bring in the file inside.") % name)


def _no_macros(names: list[str], archive: zipfile.ZipFile, name: str) -> None:
    suspicious = any(n.lower().endswith("vbaproject.bin") or n.lower().startswith("xl/macrosheets/") for n in names)
    types = archive.open("[Content_Types].xml").read(CHUNK) if "[Content_Types].xml" in names else b""
    if suspicious or b"macroEnabled" in types:
        raise Refused(_("“%s” contains macros, which are never read here: save it as .xlsx without macros and bring that in.") % name)


def _unpack_once(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str) -> None:
    """Reading each member to its end checks its real size and sum against what the archive declares."""
    for member in members:
        for number, chunk in enumerate(member_chunks(archive, member.filename)):
            if number == 0 and b"<!DOCTYPE" in chunk[:2000]:
                raise Refused(_("“%s” declares document types of its own, which no spreadsheet program writes. Save it anew as .xlsx or .csv.") % name)


def member_chunks(archive: zipfile.ZipFile, filename: str) -> Iterator[bytes]:
    """One member's bytes, a megabyte at a time."""
    with archive.open(filename) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _warnings(names: list[str]) -> Iterator[Any]:
    if any(n.lower().startswith("xl/externallinks/") for n in names):
        yield _("Some cells refer to other workbooks. Those are not opened: the values last saved in this file are read.")
    if any(n.lower() == "xl/connections.xml" for n in names):
        yield _("The workbook can fetch data from elsewhere. Nothing is fetched: the values last saved in this file are read.")


def _old_or_locked(data: bytes, name: str) -> str:
    if ENCRYPTED in data:
        return str(_("“%s” is locked with a password: remove the password in the spreadsheet program and bring it in again.") % name)
    return str(_("“%s” is in the format of Excel before 2007, or no spreadsheet: save it as .xlsx or .csv and bring that in.") % name)


def _not_a_table(name: str) -> str:
    return str(_("“%s” is no spreadsheet: bring in .xlsx, .csv or .tsv.") % name)


def damaged(name: str) -> str:
    """The sentence for a workbook that cannot be read to its end."""
    return str(_("“%s” is damaged or no complete workbook: open it in a spreadsheet program, save it as .xlsx and bring it in again.") % name)
