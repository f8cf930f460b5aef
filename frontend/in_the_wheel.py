"""What the wheel carries of the front end: the files of the last build and no others. Earlier ones lie beside them for servers that still run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "linchpin/surfaces/web/static/build"
BESIDE = ("", ".br", ".gz")


class InTheWheel(BuildHookInterface):  # type: ignore[misc,type-arg]
    """Asked by the builder of the wheel; nothing is asked of an editable installation, which reads the folder itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        build = Path(self.root) / FOLDER
        if not (build / "manifest.json").exists():
            raise RuntimeError("The pages' styles and scripts are not built yet: run “npm ci && npm run build” first.")
        build_data["artifacts"].extend(f"/{FOLDER}/{name}" for name in sorted(last_build(build)))


def last_build(build: Path) -> set[str]:
    """The manifest, and every file that it names, with the compressed copies beside it."""
    entries = json.loads((build / "manifest.json").read_text(encoding="utf-8")).values()
    named = {name for entry in entries for name in (entry["file"], *entry.get("css", ()), *entry.get("assets", ()))}
    return {"manifest.json"} | {name + ending for name in named for ending in BESIDE if (build / (name + ending)).exists()}
