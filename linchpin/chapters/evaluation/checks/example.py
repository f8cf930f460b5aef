"""A line of a checklist as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

VALUES = {"title": "Are gauges in use inside their date?", "clause": "7.1.5", "look_for": "Labels at the bench against the calibration list."}
ANSWERS = {
    "sample": "12 of 80, drawn by lot.",
    "evidence": "11 inside their date, TG-092 nine days over.",
    "requirement": "No gauge is used past its date (7.1.5.2 and plan CP-03).",
    "statement": "One gauge in use past its date.",
    "grade": "minor",
}
OTHERWISE = {"opportunity": {"requirement": ""}}
