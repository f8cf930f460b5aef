"""Whether a PDF brings scripts or actions of its own: such a one is given out, but no page of ours shows it."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from pathlib import Path

ACTIONS = re.compile(rb"/(?:JavaScript|Launch|SubmitForm|ImportData|Rendition|RichMedia|Movie|GoToE|XFA|Encrypt)\b")
"""What a reader may be made to run, send or open (ISO 32000-2, 12.6.4); of what is encrypted nobody knows."""
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
PACKED = re.compile(rb"/ObjStm\b")
OTHERWISE_PACKED = re.compile(rb"/(?:ASCIIHex|ASCII85|LZW|RunLength|JBIG2|DCT|JPX|Crypt)Decode\b|/Predictor\s+(?!1\b)|/(?:AHx|A85|LZW|RL)\b")
STREAM = re.compile(rb"stream\r?\n")
LARGEST_PACKED = 20_000_000
"""Bytes of one packed stream: no program writes a larger one."""


@lru_cache(maxsize=2_000)
def acts_by_itself(path: Path) -> bool:
    """By its names, also those in its packed objects. In doubt it does. A file is never written twice, so the answer is kept."""
    data = path.read_bytes()
    return bool(ACTIONS.search(_plain(data))) or any(_hides(data, found.start(), found.end()) for found in STREAM.finditer(data))


def _hides(data: bytes, begin: int, start: int) -> bool:
    about = _plain(data[max(0, data.rfind(b"obj", 0, begin)) : begin])
    if not PACKED.search(about):
        return False
    if OTHERWISE_PACKED.search(about):
        return True
    if b"/FlateDecode" not in about and b"/Fl" not in about:
        return False  # not packed: its names were read with the rest
    try:
        unpacked = zlib.decompressobj().decompress(data[start:], LARGEST_PACKED)
    except zlib.error:
        return True
    return len(unpacked) == LARGEST_PACKED or bool(ACTIONS.search(_plain(unpacked)))


def _plain(data: bytes) -> bytes:
    """Names without their escapes: `/J#61vaScript` is `/JavaScript`."""
    return HEX.sub(lambda found: bytes.fromhex(found[1].decode()), data) if b"#" in data else data
