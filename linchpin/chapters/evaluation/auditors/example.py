"""A competence as somebody might propose it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from datetime import timedelta

from linchpin.kernel.people import clock

VALUES = {
    "title": "Maeve may audit",
    "proof": "Course of 16 hours with examination, four audits beside Aoife.",
    "valid_until": (clock.today() + timedelta(days=700)).isoformat(),
}
ANSWERS = {"auditor": "hanna@dunmallow.example", "proof": VALUES["proof"], "valid_until": VALUES["valid_until"]}
