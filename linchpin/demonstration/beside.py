"""A demonstration beside the house: a second home inside the house's folder, with a database, files, keys, processes and a port of its own.

The house's pages ask for it, `linchpin up` makes it. They are different processes, so they speak through files in one folder: whoever asks leaves
one, whoever makes it answers with another. Nobody gets in but with a ticket that the house signs.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core import signing

SALT = "linchpin.beside"
TICKET_LASTS, PASS_LASTS = 60, 12 * 3600
KEY = Path("keys") / "door.key"
ASKED, LOADED, OPEN, FAILED, UNWANTED, PERCENT = "asked", "loaded", "open", "failed", "unwanted", "percent"
"""Files of the folder: what is asked for (the pack's name), and what became of it."""


class Standing(StrEnum):
    NOT_HERE = "not here"
    LOADING = "loading"
    ASLEEP = "asleep"
    OPEN = "open"
    FAILED = "failed"
    GOING = "going"


@dataclass(frozen=True, slots=True)
class Beside:
    """The folder in the house's home. `home` is the demonstration's own LINCHPIN_HOME."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def note(self, name: str, said: str = "") -> None:
        """Written whole or not at all, because another process reads it."""
        draft = self.folder / f".{name}"
        draft.write_text(said)
        draft.replace(self.folder / name)

    def said(self, name: str) -> str:
        try:
            return (self.folder / name).read_text()
        except FileNotFoundError:
            return ""

    def forget(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    @property
    def standing(self) -> Standing:
        for name, standing in ((UNWANTED, Standing.GOING), (FAILED, Standing.FAILED), (OPEN, Standing.OPEN), (ASKED, Standing.LOADING)):
            if self.has(name):
                return standing
        return Standing.ASLEEP if self.has(LOADED) else Standing.NOT_HERE

    @property
    def percent(self) -> int:
        """How much of its story is played."""
        return 100 if self.has(LOADED) else int(self.said(PERCENT) or 0)

    @property
    def port(self) -> int:
        """Where it answers; 0 where it does not."""
        return int(self.said(OPEN) or 0)

    def ask(self, pack: str) -> None:
        """Have it loaded and opened, or only opened where it is loaded already. The key of its door is made here, once."""
        (self.home / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if not (self.home / KEY).exists():
            descriptor = os.open(self.home / KEY, os.O_CREAT | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w") as out:
                out.write(secrets.token_urlsafe(48))
        self.forget(FAILED, PERCENT)
        self.note(ASKED, pack)

    def throw_away(self) -> None:
        """Have its processes ended and its folder removed."""
        if self.folder.exists():
            self.note(UNWANTED)

    def remove(self) -> None:
        """Delete the folder. Only when nothing works in it any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def ticket(self, **told: str) -> str:
        """What lets a browser in within a minute, once. `told`: the house's address and name, for the way back."""
        return signing.dumps(told | {"once": secrets.token_urlsafe(12)}, key=(self.home / KEY).read_text(), salt=SALT)


def beside(house: Path) -> Beside:
    """Where the demonstration of the house in this home stands, or would stand."""
    return Beside(house / "demonstration")


def admitted(home: Path, text: str, lasts: int) -> dict[str, Any] | None:
    """What a ticket or a pass says, read in the demonstration's own home; None where it is none, or no longer."""
    try:
        told = signing.loads(text, key=(home / KEY).read_text(), salt=SALT, max_age=lasts)
    except (signing.BadSignature, FileNotFoundError, json.JSONDecodeError):
        return None
    return told if isinstance(told, dict) else None
