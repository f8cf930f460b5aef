"""Sentences of results and refusals that can still be translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Words(str):
    """A finished English sentence that remembers its template and figures, so that a page can say it in another language."""

    template: str
    figures: Mapping[str, object]

    def __new__(cls, template: str, **figures: object) -> Self:
        made = super().__new__(cls, template.format(**figures) if figures else template)
        made.template, made.figures = template, figures
        return made


class DataRefused(ValueError):
    """The method cannot be used on these data. `sentence` says why and what to do; `row` counts from 1 where one value is to blame."""

    def __init__(self, template: str, *, argument: str = "", row: int | None = None, **figures: object) -> None:
        self.sentence = Words(template, row=row, argument=argument, **figures) if "{" in template else Words(template)
        self.argument, self.row = argument, row
        super().__init__(self.sentence)
