"""A possible cause as somebody might note it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

VALUES = {"title": "The brush cannot reach where the two bores cross", "kind": "occurrence", "bone": "Machine"}
ANSWERS = {"evidence": "20 bodies under the borescope, 6 with a burr, all at the crossing.", "test": "With a longer brush: 20 bodies, none."}

