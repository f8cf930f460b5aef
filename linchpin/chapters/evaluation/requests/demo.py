from __future__ import annotations

from collections.abc import Iterator

from linchpin.kernel.people.stage import Play, Stage


def stories(stage: Stage) -> Iterator[Play]:
    yield from ()
