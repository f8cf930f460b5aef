"""A Word file that is broken or locked by a password has no text; it never ends the page."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from linchpin.chapters.support.revisions.comparing import docx_text

TEXT = b"<w:document/>" * 200


def packed() -> bytearray:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", TEXT)
    return bytearray(made.getvalue())


def garbled() -> bytes:
    """The compressed text is no such thing."""
    data = packed()
    start = 30 + len("word/document.xml")
    data[start : start + 8] = b"\xff" * 8
    return bytes(data)


def locked() -> bytes:
    """Both headers say that a password is needed."""
    data = packed()
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize("content", [garbled(), locked(), bytes(packed()[:60]), b"", b"PK\x03\x04"], ids=["garbled", "locked", "cut", "empty", "head"])
def test_a_broken_or_locked_word_file_has_no_text(content: bytes) -> None:
    assert docx_text(BytesIO(content)) is None
