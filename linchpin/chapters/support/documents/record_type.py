"""How a document is shown, found and brought in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.chapters.support.documents.keeping import LONGEST
from linchpin.chapters.support.documents.lifecycle import CONFIRM, DISPOSERS, LIFECYCLE, State, still_open, what_it_asks
from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.documents.reading import KEPT_UNDER, page_of
from linchpin.chapters.support.revisions.comparing import text_of
from linchpin.kernel.people.clock import in_words, today
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Asking
from linchpin.kernel.records.models import Confidentiality
from linchpin.kernel.records.refusals import Refusal, never
from linchpin.kernel.records.registry import DEFAULT_ACCESS, MANAGERS, RecordType, register
from linchpin.kernel.records.words import Word
from linchpin.standard import numbers

LONGEST_TEMPORARY = 14
"""Days that a temporary instruction holds at most."""
LONGEST_SEARCHED = 200_000
"""Characters of a text by which it is found."""
LONGEST_REVIEW = 36
"""Months until a document is looked at again at the latest."""
KEEPING_FIELDS = ("keep_years", "records_years", "after_keeping", "keep_longer")
KEEPING: dict[str, tuple[str, ...]] = {
    "create": (*DEFAULT_ACCESS["create"], Role.DOCUMENT_CONTROLLER),
    "edit": (OWNER, *MANAGERS, Role.DOCUMENT_CONTROLLER),
    "attach": (*DEFAULT_ACCESS["attach"], Role.DOCUMENT_CONTROLLER),
    "link": (*DEFAULT_ACCESS["link"], CREATOR, Role.DOCUMENT_CONTROLLER),
    "import": (Role.QUALITY_MANAGER, Role.DOCUMENT_CONTROLLER),
}
"""Who does what with documents and their revisions."""


def clauses_are_numbers(values: Mapping[str, Any]) -> Iterator[Refusal]:
    for part in (values.get("clauses") or "").replace(";", ",").split(","):
        if part.strip() and part.strip() not in numbers():
            yield never(_("“%s” is no clause of either edition: write numbers as in 7.5, 8.5.1.") % part.strip(), "clauses")


def reviewed_in_time(values: Mapping[str, Any]) -> Iterator[Refusal]:
    if not 1 <= (values.get("review_months") or 24) <= LONGEST_REVIEW:
        yield never(_("A document is looked at again after 36 months at the latest: choose 1 to 36."), "review_months")


def kept_for_years(values: Mapping[str, Any]) -> Iterator[Refusal]:
    for name in ("keep_years", "records_years"):
        if (years := values.get(name)) is not None and not 1 <= years <= LONGEST:
            yield never(_("Choose 1 to 100 years, or leave it empty: then it is kept without end."), name)


def temporary_ends_soon(values: Mapping[str, Any]) -> Iterator[Refusal]:
    lapses, temporary = values.get("lapses_on"), values.get("kind") == Document.Kind.TEMPORARY
    if temporary and lapses is None:
        yield never(_("A temporary instruction says until when it holds: 14 days at most."), "lapses_on")
    if lapses is not None and not temporary:
        yield never(_("Only a temporary instruction has a last day: leave this empty, or choose that kind."), "lapses_on")
    if lapses is not None and not today() <= lapses <= today() + timedelta(days=LONGEST_TEMPORARY):
        yield never(_("A temporary instruction holds from today for 14 days at most: choose a day within them."), "lapses_on")


@register
class DocumentType(RecordType):
    key, prefix, model, lifecycle = "document", "DOC", Document, LIFECYCLE
    icon = "files"
    clauses = ("7.5",)
    fresh_for = 24
    purpose = gettext_lazy("What we have agreed on and written down, so that everybody works by the same text.")
    worked_example = gettext_lazy("WI-MC-031, Deburring cross bores. Revision D since 2 March: tool 4 replaced. Read by 31 of 34.")
    sections = {"document.what": ["kind", "purpose", "clauses", "place", "source", "review_months", "lapses_on"], "document.keeping": [*KEEPING_FIELDS]}
    create_fields = ("title", "reference", "kind", "purpose", "unit", "owner", "clauses", "place", "source", "review_months", "lapses_on", "confidentiality")
    required = ("title", "kind")
    list_columns = ("number", "reference", "title", "revision_label", "in_force_on", "status", "owner", "due", "unconfirmed")
    filters = ("status", "kind", "unit", "owner")
    searched = ("purpose", "place", "source")
    access = KEEPING
    checks = (clauses_are_numbers, reviewed_in_time, temporary_ends_soon, kept_for_years)
    askings = {CONFIRM: Asking(gettext_lazy("Who reads and confirms it"), "confirm", (State.IN_FORCE,), groups=True, about=what_it_asks)}
    initial = {"confidentiality": Confidentiality.PUBLIC}
    lists = {"due_for_disposal": (gettext_lazy("Due for disposal"), DISPOSERS)}
    once = ("reference",)
    keeps = (KEPT_UNDER,)
    page_template = "document/page.html"
    brought = {
        "revision_label": ("revision", "rev", "version", "rev.", "ausgabe", "versão", "izdaja"),
        "in_force_on": ("effective", "effective date", "issued", "gültig ab"),
    }
    words = {
        "document": Word(gettext_lazy("Document"), gettext_lazy("Documented information")),
        "document.plural": Word(gettext_lazy("Documents"), gettext_lazy("Documented information")),
        "document.what": Word(gettext_lazy("About it"), gettext_lazy("Identification and description")),
        "document.keeping": Word(gettext_lazy("Keeping"), gettext_lazy("Retention and disposition")),
        "document.planned": Word(gettext_lazy("Being written"), gettext_lazy("In preparation")),
        "document.in_force": Word(gettext_lazy("In force"), gettext_lazy("Effective")),
    }
    synonyms = {
        "title": ("document", "document title", "name", "titel", "título", "naslov"),
        "kind": ("type", "document type", "category", "art"),
        "owner": ("owner", "author", "responsible", "process owner", "verantwortlich"),
        "due": ("review due", "next review", "review date", "überprüfung"),
        "place": ("folder", "location", "path", "ablage"),
        "clauses": ("clause", "iso clause", "kapitel"),
    }

    def search_text(self, record: Any) -> str:
        """Its own words, and what its revision in force says."""
        content = (record.effective.content or text_of(record.effective) or "")[:LONGEST_SEARCHED] if record.effective_id else ""
        return "\n".join((super().search_text(record), content))

    def derived(self, record: Any, touched: Collection[str]) -> Mapping[str, Any]:
        return {"unconfirmed": still_open(record)} if "asked" in touched else {}

    def frozen(self, record: Any) -> Mapping[str, str]:
        return {"title": str(_("The title belongs to the revision in force: a new revision may change it."))} if record.effective_id else {}

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        """A temporary instruction is not prolonged again and again."""
        last = record.created_at.date() + timedelta(days=LONGEST_TEMPORARY)
        if (day := changed.get("lapses_on")) and day > last:
            sentence = _("It has held since %s, and holds for 14 days at most: make it an instruction instead.")
            return [never(sentence % in_words(record.created_at.date()), "lapses_on")]
        return []

    def followers(self, record: Any, changed: Mapping[str, Any]) -> Iterable[tuple[Any, Mapping[str, Any]]]:
        """Revisions are as confidential as their document, and belong where it belongs."""
        taken_over = {name: changed[name] for name in ("unit", "confidentiality") if name in changed}
        return [(child, taken_over) for child in record.children.filter(type="revision")] if taken_over else []

    def dependents(self, record: Any) -> Iterable[Any]:
        """Its revisions in force: one that was followed by another is superseded, and they end with their document."""
        return list(record.children.filter(type="revision", status="effective"))

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return page_of(record, access)
