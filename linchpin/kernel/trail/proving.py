"""The trail of one record as a file that anybody checks with `linchpin verify --export`, far from this installation."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from linchpin.kernel.records.models import Record
from linchpin.kernel.trail.appending import iso
from linchpin.kernel.trail.core.exported import EVENT, HEAD, NAME
from linchpin.kernel.trail.core.hashing import canonical, fingerprint
from linchpin.kernel.trail.fetching import event_rows, heads, snapshot
from linchpin.kernel.trail.keys import public_keys
from linchpin.kernel.trail.models import EventText, Seal, Sealed
from linchpin.kernel.trail.reading import paths_of
from linchpin.kernel.trail.sealing import seal_pending

README = "README.txt"


def proof_file(record: Record) -> bytes:
    """A zip with the record's chain, the seals over it, the public keys, and a page that says how to check them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(README, _readme(record))
        archive.writestr(NAME, "".join(proof_lines(record)))
    return out.getvalue()


def proof_lines(record: Record) -> Iterator[str]:
    """Keys, seals with the way of each event to their root, then the chain: head, events, private texts. Run it to its end."""
    seal_pending()
    with snapshot():
        for raw in public_keys().values():
            yield _line("key", public=raw.hex())
        yield from _seals(record)
        yield from _chain(record)


def _seals(record: Record) -> Iterator[str]:
    leaves: dict[int, list[tuple[int, str, list[tuple[str, str]]]]] = defaultdict(list)
    rows = Sealed.objects.filter(event__record_id=record.pk).order_by("seal_id", "leaf").values_list("seal_id", "event_id", "event__hash", "leaf")
    placed = list(rows)
    paths = {number: paths_of(number) for number in {row[0] for row in placed}}
    for number, event, hash, leaf in placed:
        leaves[number].append((event, hash, paths[number][leaf]))
    for seal in Seal.objects.filter(pk__in=leaves).order_by("number"):
        yield _line("proof", **_columns(seal), leaves=leaves[seal.number])


def _columns(seal: Seal) -> dict[str, Any]:
    names = ("number", "previous", "root", "count", "key", "signature", "hash")
    return {name: getattr(seal, name) for name in names} | {"at": iso(seal.at)}


def _chain(record: Record) -> Iterator[str]:
    uid = record.uid if connection.features.has_native_uuid_field else record.uid.hex
    for head in heads(uid):
        yield _line("head", **dict(zip(HEAD, head, strict=True)))
    texts: dict[int, list[tuple[int, str, str | None]]] = defaultdict(list)
    for event, place, salt, text in EventText.objects.filter(event__record_id=record.pk).order_by("place").values_list("event_id", "place", "salt", "text"):
        texts[event].append((place, salt, text))
    for row in event_rows("WHERE e.chain = %s", [uid]):
        yield _line("event", **dict(zip(EVENT, row, strict=False)))
        for place, salt, text in texts[row[0]]:
            yield _line("text", event=row[0], place=place, salt=salt, text=text)


def _readme(record: Record) -> str:
    keys = "\n".join(f"  {fingerprint(raw)}" for raw in public_keys().values())
    return _(
        "The trail of %(number)s, to be checked without the installation that it comes from.\n\n"
        "1. Install Linchpin anywhere: pip install linchpin\n"
        "2. linchpin verify --export THIS-FILE.zip\n\n"
        "trail.jsonl holds, a line each: the public key, the seals with the way of every event to their root, and the chain of the record:\n"
        "who did what, when, and the hash of the event before. One byte changed anywhere in it is named.\n\n"
        "Compare the key with the one that you were given by another way:\n%(keys)s\n\n"
        "What this file cannot show: events after it was made. Make it again and compare.\n"
    ) % {"number": record.number, "keys": keys}


def _line(kind: str, **fields: Any) -> str:
    return canonical({"kind": kind, **fields}) + "\n"
