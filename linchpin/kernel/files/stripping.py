"""What a photo says besides the picture (where, when and with whose device it was taken) is left out of anonymous reports."""

from __future__ import annotations

import struct

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
TELLING_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})
"""Of a JPEG: Exif and XMP, Photoshop's own, comments."""
TELLING_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
START_OF_SCAN = 0xDA


def without_traces(photo: bytes) -> bytes:
    """The same picture without its metadata. Other kinds than JPEG and PNG, and damaged files, come back as they are."""
    try:
        if photo.startswith(JPEG):
            return _jpeg(photo)
        return _png(photo) if photo.startswith(PNG) else photo
    except (struct.error, IndexError):
        return photo


def _jpeg(photo: bytes) -> bytes:
    kept, at = [JPEG], len(JPEG)
    while photo[at] == 0xFF and photo[at + 1] != START_OF_SCAN:
        (length,) = struct.unpack_from(">H", photo, at + 2)
        if photo[at + 1] not in TELLING_SEGMENTS:
            kept.append(photo[at : at + 2 + length])
        at += 2 + length
    return b"".join([*kept, photo[at:]])


def _png(photo: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(photo):
        length, kind = struct.unpack_from(">I4s", photo, at)
        if kind not in TELLING_CHUNKS:
            kept.append(photo[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)
