"""An action as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

VALUES = {"title": "Fit a borescope station after deburring", "kind": "corrective", "what": "Station with a lamp, a 4 mm probe and a log sheet."}
ANSWERS = {"evidence": "20 bodies were looked into, the sheet hangs at the station.", "verification": "Looked into 5 bodies, none with a burr."}
OTHERWISE = {"closed": {"kind": "other"}}
