"""What an uploaded file really is, whatever its name says."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Refused, never

LARGEST = 50 * 1024 * 1024
LARGEST_UNPACKED = 500 * 1024 * 1024
LONGEST_NAME = 150
CHUNK = 1 << 20
OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",)),
}
SIGNS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"GIF8", "image/gif", ("gif",)),
    (b"%PDF-", "application/pdf", ("pdf",)),
)
TEXTS = {"txt": "text/plain", "csv": "text/csv", "tsv": "text/tab-separated-values", "md": "text/markdown", "json": "application/json"}
TAKEN = "PDF, PNG, JPEG, GIF, WebP, Word, Excel, PowerPoint, txt, csv, md, json"


@dataclass(frozen=True, slots=True)
class Checked:
    """An upload that may be kept. `source` is the open upload, rewound."""

    source: Any
    name: str
    content_type: str
    size: int
    sha256: str


def check(upload: Any) -> Checked:
    """Check size, name and content of an upload (anything with `name`, `size`, `read`, `seek`). Raises Refused."""
    name = clean_name(upload.name or "")
    if upload.size > LARGEST:
        raise Refused(never(_("“%s” is larger than 50 MB: attach a smaller one, or a link to it in a comment.") % name, "file"))
    if not upload.size:
        raise Refused(never(_("“%s” is empty.") % name, "file"))
    upload.seek(0)
    content_type, endings = _what_it_is(upload, name)
    if PurePath(name).suffix.lower().lstrip(".") not in endings:
        words = {"name": name, "is": content_type, "ending": endings[0]}
        raise Refused(never(_("“%(name)s” is really %(is)s: give it the ending .%(ending)s, if you know where it came from.") % words, "file"))
    digest = hashlib.sha256()
    upload.seek(0)
    while part := upload.read(CHUNK):
        digest.update(part)
    upload.seek(0)
    return Checked(upload, name, content_type, upload.size, digest.hexdigest())


def clean_name(raw: str) -> str:
    """The file's own name without path, control or direction characters, shortened before its ending."""
    text = unicodedata.normalize("NFC", raw.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C").strip(" .")
    text = re.sub(r'[<>:"|?*]', "_", text) or "file"
    path = PurePath(text)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:20]


def _what_it_is(upload: Any, name: str) -> tuple[str, tuple[str, ...]]:
    head = upload.read(4096)
    for sign, content_type, endings in SIGNS:
        if head.startswith(sign):
            return content_type, endings
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp", ("webp",)
    if head.startswith(b"PK\x03\x04"):
        return _office(upload, name)
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending in TEXTS and _is_text(head):
        return TEXTS[ending], (ending,)
    raise Refused(never(_("“%(name)s” is not a kind of file that is kept here (%(taken)s).") % {"name": name, "taken": TAKEN}, "file"))


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start > len(head) - 4
    return True


def _office(upload: Any, name: str) -> tuple[str, tuple[str, ...]]:
    upload.seek(0)
    try:
        members = zipfile.ZipFile(upload).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as problem:
        raise Refused(never(_("“%s” is damaged: it cannot be opened.") % name, "file")) from problem
    if sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise Refused(never(_("“%s” unpacks to more than 500 MB: it is not taken.") % name, "file"))
    names = [m.filename for m in members]
    if any(n.endswith("vbaProject.bin") for n in names):
        raise Refused(never(_("“%s” contains macros: save it without them and attach it again.") % name, "file"))
    for folder, (content_type, endings) in OFFICE.items():
        if any(n.startswith(folder) for n in names) and "[Content_Types].xml" in names:
            return content_type, endings
    raise Refused(never(_("“%(name)s” is not a kind of file that is kept here (%(taken)s).") % {"name": name, "taken": TAKEN}, "file"))
