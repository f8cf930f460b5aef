"""An audited area as somebody might name it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

VALUES = {"title": "Anodize", "importance": "3", "importance_reason": "A coating that fails grounds an aircraft.", "change": "1"}
ANSWERS: dict[str, str] = {}
