"""From the bytes of a text file to text: byte order marks, UTF-8, UTF-16 without a mark, then the likeliest old code page."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Refused

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"
OTHER_SCRIPTS = ["cp1251", "cp1253", "koi8_r", "iso8859_5", "iso8859_7", "cp1255", "cp1256", "shift_jis", "gb18030", "big5", "euc_kr"]
LONG_RUN = re.compile(r"[^\x00-\x7f]{3,}")
# Signs that only Polish, Czech, Slovene or Croatian letters of cp1250 give when they are read as Western ones.
EASTERN = re.compile(r"[šžŠŽ]|(?<=[^\W\d_])[³¹¿¾Ÿ](?=[^\W\d_])|(?<=[a-z]{2})[³¹¿]")
SAMPLE = 60_000


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Refused for NUL bytes and for bytes that are no text."""
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(_("The file is not readable as text (%(encoding)s fails at byte %(at)s): save it as UTF-8 and bring it in again.")
                      % {"encoding": encoding, "at": error.start}) from error  # fmt: skip
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise Refused(_("Line %s holds a NUL byte, which no text has: the file is damaged or no text. Export it again.") % line)
    return text, encoding


def encoding_of(data: bytes) -> str:
    """The encoding by mark, by validity, or by likelihood."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    if wide := _unmarked_utf16(data[:4096]):
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=True)
    except UnicodeDecodeError:
        return _code_page(data)
    return "utf-8"


def _unmarked_utf16(head: bytes) -> str:
    """Every second byte zero is what Latin text in UTF-16 looks like."""
    half = len(head) // 2
    if half < 2:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _code_page(data: bytes) -> str:
    """Western unless the letters speak against it: most old exports are, and few special letters fool statistics."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if any(byte > 127 for byte in line)]
    sample = b"\n".join(lines)[:SAMPLE]
    western = sample.decode(WESTERN, "replace")
    special = sum(ord(c) > 127 for c in western)
    if sum(map(len, LONG_RUN.findall(western))) > special * 0.5:
        for match in from_bytes(sample, cp_isolation=OTHER_SCRIPTS):
            if _decodes(data, match.encoding):
                return str(match.encoding)
    if len(EASTERN.findall(western)) >= max(special * 0.1, 1) and _decodes(data, "cp1250"):
        return "cp1250"
    return WESTERN if _decodes(data, WESTERN) else "latin-1"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
