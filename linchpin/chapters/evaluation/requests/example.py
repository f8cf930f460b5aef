"""A request as an auditor might make it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

VALUES = {"title": "Calibration of the probe on 5AX-3", "detail": "The last two certificates."}
ANSWERS = {"answer": "Both certificates hang on this request."}
