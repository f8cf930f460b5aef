"""What the page of a revision shows: its text, who decides and how far they are, what is still asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linchpin.chapters.support.revisions.comparing import DOCX
from linchpin.chapters.support.revisions.models import CONTENT, Revision
from linchpin.chapters.support.revisions.rules import APPROVE, REVIEW
from linchpin.chapters.support.revisions.word_files import shown
from linchpin.kernel.asking.answering import asked_in, questions_of
from linchpin.kernel.asking.models import Asked
from linchpin.kernel.asking.reading import asked_of, audience_of
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.files.storing import shows
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.markdown import rendered
from linchpin.kernel.records.registry import get_type


def page_of(revision: Any, access: Access) -> Mapping[str, Any]:
    """The context of `revision/page.html` beside what every record's page has."""
    may_write = revision.is_open and may(access, "edit", revision)
    return {
        "document": revision.parent.document if revision.parent_id else None,
        **content_of(revision),
        "before": before(revision),
        "deciding": [_deciding(revision, duty) for duty in (REVIEW, APPROVE)],
        "changes_asked": list(Comment.objects.filter(record_id=revision.pk, kind=Comment.CHANGE).select_related("author", "settled_by").order_by("id")),
        "may_write": may_write,
        "may_attach_content": may_write and revision.status == "draft" and not revision.content,
        "may_question": may(access, "edit", revision) and (may_write or bool(revision.questions_sha256)),
        "question_count": len(asked_in(questions_of(revision.pk))) if revision.questions_sha256 else 0,
        "content_purpose": CONTENT,
        "may_ask": may_write,
    }


def content_of(revision: Any) -> Mapping[str, Any]:
    """The text as safe HTML, or the file with how a browser shows it: in the page, as a picture, or to be fetched."""
    file = None if revision.content else revision.content_file()
    is_pdf = bool(file and file.content_type == "application/pdf")
    is_word, at = bool(file and file.content_type == DOCX), f"/revision/{revision.number}/"
    return {
        "content_is_word": is_word,
        "word": shown(file.sha256, f"{at}pictures/") if file and is_word else None,
        "copy_url": f"{at}files/{file.uid}/copy/" if file and is_pdf else "",
        "content": rendered(revision.content) if revision.content else "",
        "content_file": file,
        "content_url": f"{at}files/{file.uid}/" if file else "",
        "content_in_page": bool(file and shows(file)),
        "content_acts": bool(file and is_pdf and not shows(file)),
    }


def before(revision: Any) -> Any:
    """The revision of the same document that came before this one, or None."""
    rows = Revision.objects.filter(parent_id=revision.parent_id, position__lt=revision.position).exclude(phase="void")
    return rows.order_by("-position").first() if revision.parent_id else None


def _deciding(revision: Any, duty: str) -> Mapping[str, Any]:
    """One list of people by name: who was named, and who has answered in this round."""
    rows: dict[int | None, Asked] = {row.person_id: row for row in asked_of(revision, duty)} if revision.round and revision.status != "draft" else {}
    named = [(line, rows.get(line.person_id)) for line in audience_of(revision, duty)]
    return {"duty": duty, "label": get_type("revision").askings[duty].label, "named": named}
