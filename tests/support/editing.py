"""What the editor makes of texts, by its own code: bundled once and run outside a browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[2]
TRYING = HOUSE / "frontend" / "islands" / "editor" / "trying.ts"


def bundled(folder: Path) -> Path:
    """The editor's reading and writing of Markdown as one file that Node runs."""
    made = folder / "trying.mjs"
    _node("node_modules/.bin/rolldown", str(TRYING), "--platform", "node", "-o", str(made))
    return made


def opened_and_saved(bundle: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Of each text either `saved` (nothing was changed) and `anew` (every block written again), or the `reason` why its source is shown."""
    answer: list[dict[str, Any]] = json.loads(_node("node", str(bundle), given=json.dumps(texts)))
    return answer


def _node(*command: str, given: str = "") -> str:
    run = subprocess.run([str(HOUSE / ".ci" / "node"), *command], input=given, capture_output=True, text=True, check=False, cwd=HOUSE, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout
