"""How a draw of one's own is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.readiness.drawing import ASKED, looks_of
from linchpin.chapters.evaluation.readiness.lifecycle import LIFECYCLE
from linchpin.chapters.evaluation.readiness.models import ReadinessCheck
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import may
from linchpin.kernel.records.lifecycle import CREATOR, OWNER
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

LOOKING = (*MANAGERS, Role.TOP_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR)


def the_past_is_drawn(values: Mapping[str, Any]) -> Iterator[Refusal]:
    if values.get("since") and values["since"] > clock.today():
        yield never(_now("That day is still to come: choose one from which on something was closed."), "since")


@register
class ReadinessCheckType(RecordType):
    key, prefix, model, lifecycle = "readiness_check", "RDY", ReadinessCheck, LIFECYCLE
    icon = "dice"
    clauses = ("9.2",)
    purpose = _("What would an auditor draw? Five records by lot; for each you look for the proof while a clock runs, and say what is missing.")
    worked_example = _("Five of 186 documents in force, seed “3f9a11c0”: the proof of four in 41 seconds each, one without anybody who confirmed reading it.")
    sections = {"readiness.drawn": ["population", "since", "seed"]}
    create_fields = ("title", "population", "since", "seed", "unit", "owner")
    required = ("title", "population", "since", "seed")
    list_columns = ("number", "title", "status", "found_n", "seconds", "unit", "owner")
    filters = ("status", "population", "unit", "owner")
    searched = ("seed", "missing")
    checks = (the_past_is_drawn,)
    listed = False
    page_template = "readiness_check/page.html"
    access = {
        "read": LOOKING,
        "create": LOOKING,
        "comment": (OWNER, CREATOR, *LOOKING),
        "draw": (CREATOR,),
    }
    synonyms = {"title": ("readiness check", "dry run"), "seed": ("random seed",)}
    words = {
        "readiness_check": Word(_("Draw of our own"), _("Readiness check")),
        "readiness_check.plural": Word(_("Draws of our own"), _("Readiness checks")),
        "readiness.drawn": Word(_("What was drawn from"), _("Population and sample")),
        "readiness.draw": Word(_("Draw"), _("Sample")),
        "readiness.look": Word(_("Look it up"), _("Evidence sought")),
    }

    def frozen(self, record: Any) -> Mapping[str, str]:
        """What was drawn from stands from the draw on."""
        if not record.looked:
            return {}
        return dict.fromkeys(("population", "since", "seed", "unit"), _now("It is drawn: what it was drawn from stays. Begin another one."))

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        looks = looks_of(record, access)
        following = next((one for one in looks if one.found is None), None)
        return {"looks": looks, "following": following, "may_look": record.is_open and may(access, "draw", record), "asked": ASKED.get(record.population, "")}
