"""A Word file shown in the page: clean HTML of our own tags, its pictures from our own address, nothing fetched from anywhere.

The file stays what is controlled. What is made of it lies under its hash in `shown/`, and may be deleted at any time.
"""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from linchpin.kernel.files.storing import path_of
from linchpin.kernel.records.markdown import SCHEMES, TAGS, reachable

MADE_BY = "1"
"""Counted on when what is made of a file changes."""
LARGEST_XML = 6_000_000
"""Bytes of XML, unpacked: a book of some hundred pages."""
LARGEST_PICTURE, MOST_PICTURES, LARGEST_PICTURES = 10_000_000, 300, 60_000_000
SIGNS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}
KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
PICTURE = re.compile(r"\d{1,3}\.(?:png|jpg|gif)")
NO_PICTURE = re.compile(r'<img(?: alt="([^"]*)")?>')
"""A picture that is not shown: what it shows is told in its place."""
MARK = "word-"
"""What the places in the text that links lead to begin with: none of the page's own is called so."""
HEADINGS = "\n".join(
    ["p[style-name='Title'] => h2:fresh", "p[style-name='Subtitle'] => p:fresh"]
    + [f"p[style-name='heading {n}'] => h{min(6, n + 1)}:fresh" for n in range(1, 7)]
)
ATTRIBUTES = {
    "a": {"href", "title", "id"}, "img": {"src", "alt"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "li": {"id"}, "sup": {"id"},
}  # fmt: skip


def shown(sha256: str, pictures_at: str) -> SafeString | None:
    """The Word file of that hash as HTML, its pictures at the address given; None where it cannot be shown."""
    folder = _folder(sha256)
    page = folder / "page.html"
    if not page.exists() and not _make(sha256, folder):
        return None
    return mark_safe(page.read_text("utf-8").replace(f'src="{sha256}/', f'src="{escape(pictures_at)}'))  # noqa: S308  cleaned when it was made


def picture(sha256: str, name: str) -> tuple[Path, str] | None:
    """One picture of the file, with what it is; None where there is none of that name."""
    if not PICTURE.fullmatch(name):
        return None
    path = _folder(sha256) / name
    if not path.exists():
        _make(sha256, _folder(sha256))
    return (path, KINDS[path.suffix[1:]]) if path.exists() else None


def _folder(sha256: str) -> Path:
    return Path(settings.HOME) / "shown" / f"{sha256}-{MADE_BY}"


def _make(sha256: str, folder: Path) -> bool:
    """Whether the file could be read. The page is written last: where it lies, its pictures lie too."""
    pictures: list[tuple[str, bytes]] = []
    try:
        with path_of(sha256).open("rb") as file:
            if not _harmless(file):
                return False
            html = _converted(file, sha256, pictures)
    except Exception:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (*pictures, ("page.html", html.encode())):
        _write(folder / name, content)
    return True


def _harmless(file: Any) -> bool:
    """No entities that blow up, and no more XML than can be read in a moment, whatever the headers of the members say."""
    left = LARGEST_XML
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            with packed.open(name) as member:
                xml = member.read(left + 1)
            left -= len(xml)
            if left < 0 or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml:  # UTF-16 would hide them
                return False
    file.seek(0)
    return True


def _converted(file: Any, sha256: str, pictures: list[tuple[str, bytes]]) -> str:
    import mammoth  # costs 60 ms, and few processes ever show a Word file

    image = mammoth.images.img_element(_keeping(sha256, pictures))
    made = mammoth.convert_to_html(file, style_map=HEADINGS, id_prefix=MARK, convert_image=image, external_file_access=False)
    clean = nh3.clean(
        made.value, tags={*TAGS, "img", "sup", "sub"}, attributes=ATTRIBUTES, url_schemes=SCHEMES, attribute_filter=_filtered(sha256),
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip
    return reachable(NO_PICTURE.sub(r"<em>[\1]</em>", clean))


def _keeping(sha256: str, pictures: list[tuple[str, bytes]]) -> Callable[[Any], dict[str, str]]:
    """Keeps each picture that a browser shows; one from elsewhere or of another kind leaves its description only."""

    def keep(image: Any) -> dict[str, str]:
        left = LARGEST_PICTURES - sum(len(content) for _name, content in pictures)
        try:
            with image.open() as opened:
                content = opened.read(min(LARGEST_PICTURE, left) + 1)
        except (ValueError, OSError, KeyError, zipfile.BadZipFile):
            return {"src": ""}
        ending = next((ending for sign, ending in SIGNS.items() if content.startswith(sign)), None)
        if ending is None or len(content) > min(LARGEST_PICTURE, left) or len(pictures) >= MOST_PICTURES:
            return {"src": ""}
        pictures.append((f"{len(pictures) + 1}.{ending}", content))
        return {"src": f"{sha256}/{pictures[-1][0]}", "alt": image.alt_text or ""}

    return keep


def _filtered(sha256: str) -> Callable[[str, str, str], str | None]:
    def allow(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return value if value.startswith(MARK) else None
        if name == "src":
            return value if value.startswith(f"{sha256}/") else None
        if name == "href" and not value.startswith((f"#{MARK}", "http://", "https://", "mailto:")):
            return None
        return value

    return allow


def _write(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    Path(temporary).replace(path)
