"""Sentences of results and refusals that can still be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self


class Words(str):
    """A finished English sentence that remembers its template and figures, so that a page can say it in another language.

    A template is a whole sentence, or a whole expression that is a figure of another one. Figures are numbers, names that the caller
    gave, or `Words`: never a piece of English, which nobody could translate.
    """

    template: str
    figures: Mapping[str, object]

    def __new__(cls, template: str, **figures: object) -> Self:
        made = super().__new__(cls, template.format(**figures) if figures else template)
        made.template, made.figures = template, figures
        return made

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language of `gettext`, which is asked for whole templates."""
        if not self.figures:
            return gettext(self.template)
        told = {name: figure.translated(gettext) if isinstance(figure, Words) else figure for name, figure in self.figures.items()}
        return gettext(self.template).format(**told)


class DataRefused(ValueError):
    """The method cannot be used on these data. `sentence` says why and what to do; `row` counts from 1 where one value is to blame."""

    def __init__(self, template: str, *, argument: str = "", row: int | None = None, **figures: object) -> None:
        self.sentence = Words(template, row=row, argument=argument, **figures) if "{" in template else Words(template)
        self.argument, self.row = argument, row
        super().__init__(self.sentence)
