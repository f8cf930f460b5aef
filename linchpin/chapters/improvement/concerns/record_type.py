"""How a report is shown, found and brought in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.improvement.concerns.lifecycle import LIFECYCLE
from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.grants import site_of
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.registry import MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word

ANSWER_WITHIN = 5
"""Working days until whoever reported hears what becomes of it."""


@register
class ConcernType(RecordType):
    key, prefix, model, lifecycle = "concern", "R", Concern, LIFECYCLE
    icon = "message-report"
    clauses = ("7.3", "10.2")
    purpose = _("What anybody saw, in twenty seconds. Somebody sorts it afterwards, and the finder hears what became of it.")
    worked_example = _("“Two of the fittings in tray 6 are a different colour. I think they are mixed.” 5AX-3, line stopped.")
    sections = {"saw": ["saw", "place", "stop_line", "reporter_name"], "answer": ["answer", "thanks"]}
    create_fields = ("saw", "place", "stop_line", "unit", "reporter_name")
    required = ("saw",)
    list_columns = ("number", "title", "place", "status", "unit", "owner", "due")
    filters = ("status", "stop_line", "unit", "owner")
    searched = ("saw", "place", "answer")
    access = {"create": (Role.EVERYONE, *MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR, Role.TOP_MANAGER)}
    words = {"saw": Word(_("What was seen"), _("Concern as raised")), "answer": Word(_("What became of it"), _("Response"))}
    synonyms = {"saw": ("report", "what", "description", "concern", "observation"), "place": ("place", "where", "location", "machine")}

    def prepare(self, record: Any, actor: Any) -> None:
        """The first line becomes the title; an answer is due within five working days of the site; nobody means nobody."""
        record.anonymous = actor.person.is_system and not record.reporter_name
        record.title = record.title or title_of(record.saw)
        day = timezone.localtime(record.created_at).date()
        record.answer_by = record.due = record.due or add_working_days(day, ANSWER_WITHIN, site_of(record.unit).country)
        record.original_due = record.due


def title_of(text: str, longest: int = 90) -> str:
    """The first sentence or line, cut at a word."""
    first = text.strip().split("\n")[0].split(". ")[0].rstrip(".")
    if len(first) <= longest:
        return first
    return first[:longest].rsplit(" ", 1)[0] + "…"
