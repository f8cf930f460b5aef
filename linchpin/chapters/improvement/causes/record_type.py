"""How a possible cause is shown, found and brought in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.causes.lifecycle import LIFECYCLE, still_being_worked_out
from linchpin.chapters.improvement.causes.models import PossibleCause
from linchpin.chapters.improvement.causes.tree import analysis_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

TREE = ["gate", "undeveloped", "probability", "probability_source"]
"""What only a fault tree asks of a cause."""


def names_nobody(values: Mapping[str, Any]) -> Iterator[Refusal]:
    """No cause is a person: names belong to the evidence, if anywhere."""
    text = str(values.get("title") or "").casefold()
    for name in Person.objects.exclude(employment=Person.Employment.SYSTEM).values_list("name", flat=True):
        if " " in name and re.search(rf"\b{re.escape(name.casefold())}\b", text):
            yield never(_now("This names %s: say what made the slip likely, or why the system let it through.") % name, "title")
            return


def probability_is_known(values: Mapping[str, Any]) -> Iterator[Refusal]:
    """A probability lies between 0 and 1, and somebody says how they know."""
    value = values.get("probability")
    if value is None:
        return
    if not 0 <= value <= 1:
        yield never(_now("A probability lies between 0 and 1: 2 % is 0.02."), "probability")
    if not str(values.get("probability_source") or "").strip():
        yield never(_now("Say where the probability comes from: a guess without a source is not calculated with."), "probability_source")


@register
class PossibleCauseType(RecordType):
    key, prefix, model, lifecycle = "possible_cause", "CAU", PossibleCause, LIFECYCLE
    icon = "binary-tree"
    clauses = ("10.2",)
    purpose = _("One answer to one “why”. It is tested before it is believed, and names no person.")
    worked_example = _("The brush cannot reach where the two bores cross. Shown by 20 bodies under the borescope; with a longer brush, none.")
    sections = {"cause.what": ["kind", "bone"], "cause.shown": ["evidence", "test"], "cause.tree": TREE}
    create_fields = ("title", "kind", "bone", "evidence", "owner", "due")
    list_columns = ("number", "title", "kind", "status", "unit", "owner", "due")
    filters = ("status", "kind", "unit", "owner")
    searched = ("bone", "evidence", "test")
    parents = ("root_cause_analysis", "possible_cause")
    listed = False
    checks = (names_nobody, probability_is_known)
    access = {
        "create": (*MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR, Role.TOP_MANAGER, OWNER),
        "edit": (OWNER, CREATOR, *MANAGERS),
        "link": (OWNER, CREATOR, *MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR),
    }
    synonyms = {"title": ("cause", "possible cause", "ursache"), "evidence": ("evidence", "proof"), "bone": ("category", "6m", "group")}
    words = {
        "possible_cause": Word(_("Possible cause"), _("Potential cause")),
        "possible_cause.plural": Word(_("Possible causes"), _("Potential causes")),
        "cause.what": Word(_("What it explains"), _("Classification")),
        "cause.shown": Word(_("What shows it"), _("Evidence")),
        "cause.tree": Word(_("In the fault tree"), _("Fault tree")),
        "cause.candidate": Word(_("Possible"), _("Candidate")),
        "cause.verified": Word(_("Shown"), _("Verified")),
    }

    def beside(self, record: Any) -> Collection[str]:
        analysis: Any = analysis_of(record)
        return () if analysis is not None and analysis.rootcauseanalysis.method == "fault_tree" else TREE

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        read = still_being_worked_out(record, actor.person)
        return [read] if read else []
