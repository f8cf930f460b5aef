"""Files that are written whole or not at all, and read by their owner alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Refused


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name only when all of it is on the disk. A full disk leaves nothing behind: Refused."""
    draft = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # for its owner alone
        draft = Path(name)
        with os.fdopen(descriptor, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except OSError as problem:
        said = _("%(path)s could not be written: %(why)s. Nothing was left behind.")
        raise Refused(said % {"path": path, "why": problem.strerror or problem}) from problem
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
