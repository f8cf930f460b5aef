"""How a revision is shown and found. Its register is the document's own list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.chapters.support.documents.record_type import KEEPING
from linchpin.chapters.support.revisions.labels import FIRST, following
from linchpin.chapters.support.revisions.lifecycle import LIFECYCLE, State
from linchpin.chapters.support.revisions.models import CONTENT, Revision
from linchpin.chapters.support.revisions.reading import page_of
from linchpin.chapters.support.revisions.rules import APPROVE, DUTY, REVIEW
from linchpin.chapters.support.revisions.stamping import copy_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.lifecycle import Asking
from linchpin.kernel.records.models import Phase, Provenance
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import RecordType, register
from linchpin.kernel.records.words import Word

CLOSED = ("title", "label", "content")


@register
class RevisionType(RecordType):
    key, prefix, model, lifecycle = "revision", "REV", Revision, LIFECYCLE
    icon = "file-text"
    clauses = ("7.5.2", "7.5.3")
    fresh_for = 24
    purpose = gettext_lazy("One text of a document: written, reviewed by those named, approved by somebody else, then in force.")
    worked_example = gettext_lazy("WI-MC-031 revision D: tool 4 replaced. Reviewed by Priya and Marek, approved by Daniel.")
    sections = {"revision.about": ["label", "change_note", "effective_from", "ask_again"], "revision.text": ["content"]}
    create_fields = ("title", "label", "owner", "content", "change_note", "effective_from", "ask_again")
    required = ("title",)
    list_columns = ("number", "title", "label", "status", "effective_on", "unit", "owner")
    filters = ("status", "unit", "owner")
    searched = ("change_note", "content")
    access = KEEPING
    parents = ("document",)
    listed = False
    duties = (DUTY,)
    questioned = (State.DRAFT,)
    askings = {
        REVIEW: Asking(gettext_lazy("Who reviews it"), "agree", (State.IN_REVIEW,)),
        APPROVE: Asking(gettext_lazy("Who approves it"), "approve", (State.IN_REVIEW,)),
    }
    page_template = "revision/page.html"
    words = {
        "revision": Word(gettext_lazy("Revision"), gettext_lazy("Revision")),
        "revision.plural": Word(gettext_lazy("Revisions"), gettext_lazy("Revisions")),
        "revision.about": Word(gettext_lazy("About this revision"), gettext_lazy("Control of changes")),
        "revision.text": Word(gettext_lazy("Text"), gettext_lazy("Content")),
        "revision.draft": Word(gettext_lazy("Draft"), gettext_lazy("In preparation")),
        "revision.in_review": Word(gettext_lazy("In review"), gettext_lazy("Review and approval")),
        "revision.approved": Word(gettext_lazy("Approved"), gettext_lazy("Approved")),
    }

    def prepare(self, record: Any, actor: Any) -> None:
        """It belongs where its document belongs, comes after the one before, and is the only one at work."""
        if record.provenance != Provenance.IMPORTED:
            record.owner = record.owner or actor.person
        if record.parent_id is None:
            record.label = record.label or FIRST
            return
        document, others = record.parent, list(Revision.objects.filter(parent_id=record.parent_id).order_by("position"))
        record.unit, record.confidentiality = document.unit, document.confidentiality
        record.position = max((other.position for other in others), default=0) + 1
        standing = [other for other in others if other.phase != Phase.VOID]
        record.label = record.label or (following(standing[-1].label) if standing else FIRST)
        for other in standing:
            if other.phase == Phase.OPEN:
                raise Refused(never(_("Revision %s is being written already: finish it, or void it first.") % other.label, "label"))
            if other.label.casefold() == record.label.casefold():
                raise Refused(never(_("There was a revision %s already: choose another label.") % other.label, "label"))

    def begun(self, parent: Any) -> Mapping[str, Any]:
        """The next revision begins with the text of the one in force."""
        before = Revision.objects.filter(parent_id=parent.pk).exclude(phase=Phase.VOID).order_by("-position").first()
        if before is None:
            return {"title": parent.title, "label": FIRST}
        return {"title": before.title, "label": following(before.label), "content": before.content}

    def frozen(self, record: Any) -> Mapping[str, str]:
        if record.status == State.DRAFT:
            return {}
        sentence = str(_("It is out for review or approved: give it back first to change its text."))
        return dict.fromkeys(CLOSED, sentence)

    def dependents(self, record: Any) -> Iterable[Any]:
        return [record.parent] if record.parent_id else []

    def paper_copy(self, record: Any, stored: Any) -> bytes | None:
        return copy_of(record, stored.sha256) if stored.purpose == CONTENT and stored.content_type == "application/pdf" else None

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        return page_of(record, access)
