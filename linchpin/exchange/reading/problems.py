"""What is wrong with a cell, a row or a file, as sentences that stand beside the cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class Unreadable(ValueError):
    """A value cannot become what its field needs; the message is the sentence for the cell."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence beside one cell. `row` counts from 1 as in the file; a hint (`blocking` false) does not reject its row."""

    row: int
    column: str
    header: str
    value: str
    message: str
    blocking: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "header": self.header, "value": self.value, "message": self.message}


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A cell whose formula was never computed by a spreadsheet program: it has no value to read."""

    formula: str = ""

    def __str__(self) -> str:
        return f"={self.formula}" if self.formula else "="


def shown(value: Any, longest: int = 80) -> str:
    """A cell's value as it is quoted in a sentence."""
    text = " ".join(("" if value is None else str(value)).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def letter(index: int) -> str:
    """The spreadsheet's letter of a column, counted from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
