"""What a signature covers: the hash of a record's signed fields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.signatures.models import Signature


def content_hash(record: Any, fields: Sequence[str]) -> str:
    """SHA-256 (hex) over the named fields as the trail writes them, in sorted order, with number and type."""
    content = {name: as_text(getattr(record, name)) for name in sorted(fields)}
    text = json.dumps([record.type, record.number, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_valid(signature: Signature, record: Any) -> bool:
    """Whether the record's signed fields still say what was signed."""
    return signature.content_hash == content_hash(record, signature.fields)
