"""The wheel carries the front end of the last build, not what earlier builds left beside it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from linchpin.surfaces.web.building import BUILD, entry_of

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"


@pytest.mark.slow
@pytest.mark.skipif(not UV.exists(), reason="The wheel is built by uv, which make setup brings.")
def test_an_old_bundle_stays_at_home(tmp_path: Path) -> None:
    old = BUILD / "main-0LD0LD0L.js"
    old.write_text("// of an earlier build")
    try:
        subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path], cwd=ROOT, check=True, timeout=120)
    finally:
        old.unlink()
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    carried = {Path(name).name for name in names if "/static/build/" in name}
    assert {"manifest.json", entry_of("main.ts")["file"], f"{entry_of('main.ts')['file']}.br", entry_of("icons.svg")["file"]} <= carried
    assert old.name not in carried
    assert any(name.endswith(".mo") for name in names)
