"""How much a comparison can show: its grade from A to D, and warnings that belong beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from linchpin.statistics.words import DataRefused, Words

Assignment = Literal["randomized", "phased", "before-after", "cross-section"]


@dataclass(frozen=True, slots=True)
class Grade:
    """A randomized or stepped roll-out; B before and after with comparison; C before and after alone; D cross-section."""

    code: str
    words: Words
    causal: bool
    warnings: tuple[Words, ...]


def design_grade(assignment: Assignment, *, comparison: bool = False, chosen_for_being_worst: bool = False, fixed_before: bool = True) -> Grade:
    """`comparison`: others who did not change were measured too; `chosen_for_being_worst`: units were picked by the outcome itself;
    `fixed_before`: measure, start date and window were fixed before results were seen."""
    grades = {
        "randomized": ("A", "chance decided who changed"), "phased": ("A", "units changed in steps, at dates fixed before"),
        "before-after": ("B", "before and after, with a comparison") if comparison else ("C", "before and after alone"),
        "cross-section": ("D", "one look at different units: an association, no effect"),
    }  # fmt: skip
    if assignment not in grades:
        raise DataRefused("“assignment” is one of {names}.", argument="assignment", names=", ".join(grades))
    code, words = grades[assignment]
    said = []
    if chosen_for_being_worst and assignment != "randomized":
        code = max(code, "C") if not comparison else code
        said.append(Words(REGRESSION))
    if not fixed_before:
        said.append(Words("The start date or measure was chosen after the data were seen: p values and intervals are too hopeful."))
    return Grade(code, Words("Design {code}: {words}.", code=code, words=Words(words)), code in "AB", tuple(said))


REGRESSION = "These units were picked because they were worst; such units come nearer to the average by chance alone. Compare them with units not picked."


def regression_to_the_mean(reliability: float, selected_mean: float, overall_mean: float) -> float:
    """Change toward the average that selection alone makes: (1 − reliability)·(overall mean − mean of those selected).

    `reliability`: correlation of two measurements of the same units, 0 to 1; the answer has the unit of the means.
    """
    if not 0 <= reliability <= 1:
        raise DataRefused("The reliability lies between 0 and 1.", argument="reliability")
    return (1 - reliability) * (overall_mean - selected_mean)
