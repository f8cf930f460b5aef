from __future__ import annotations

from linchpin.surfaces.cli.main import main

main(prog_name="linchpin")
