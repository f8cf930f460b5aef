"""The one vocabulary: every label that has a plain and a standard form. People choose; clause numbers are chips, never labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Word:
    """A label in two registers: how people say it, and how the standard says it."""

    plain: Any
    standard: Any

    def say(self, labels: str) -> str:
        return str(self.standard if labels == "standard" else self.plain)


VOCABULARY: dict[str, Word] = {
    "concern": Word(_("Report"), _("Concern")),
    "concern.plural": Word(_("Reports"), _("Concerns")),
    "nonconformity": Word(_("Problem"), _("Nonconformity")),
    "nonconformity.plural": Word(_("Problems"), _("Nonconformities")),
    "action": Word(_("Action"), _("Action")),
    "action.plural": Word(_("Actions"), _("Actions")),
    "correction": Word(_("Quick fix"), _("Correction")),
    "corrective": Word(_("Lasting fix"), _("Corrective action")),
    "containment": Word(_("Stop it"), _("Containment")),
    "cause": Word(_("Why"), _("Cause")),
    "cause.section": Word(_("Why it happened"), _("Root cause")),
    "effectiveness": Word(_("Did it work?"), _("Effectiveness")),
    "effectiveness.plan": Word(_("What would prove it"), _("Effectiveness plan")),
    "happened": Word(_("What happened"), _("Statement of the nonconformity")),
    "extent": Word(_("The same elsewhere?"), _("Extent")),
    "record.added": Word(_("Further details"), _("Further details")),
    "closing": Word(_("Before it closes"), _("Risks and changes")),
    "exception": Word(_("Declared exception"), _("Separation-of-duty exception")),
    "sent": Word(_("Sent"), _("Received")),
    "seen": Word(_("Seen"), _("Seen")),
    "handled": Word(_("Being fixed"), _("In handling")),
    "answered": Word(_("Answered"), _("Answered")),
}


def say(key: str, labels: str = "plain") -> str:
    """The label of `key` in the chosen set; a key without an entry speaks for itself."""
    word = VOCABULARY.get(key)
    return word.say(labels) if word else key
