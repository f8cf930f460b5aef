"""Constants that stand in a statement itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Value


class Literal(Value):
    """A number or a word of ours, never anybody's input: SQLite takes an index over a part of a table, or over an expression, for no parameter."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        if not isinstance(self.value, int) and not str(self.value).isidentifier():
            raise ValueError(f"{self.value!r} is no constant of ours.")
        return (str(self.value) if isinstance(self.value, int) else f"'{self.value}'"), ()
