"""Revisions: one text of a document, from its draft until the next takes its place (7.5.2)."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.records.markdown import MarkdownField
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import GONE

CONTENT = "content"
"""The purpose of the file that is the document itself, among the files that hang on a revision."""


class Revision(Record):
    """One revision: written in the page or uploaded as a file, reviewed, approved, in force, superseded. Its owner is its author."""

    label = models.CharField(_("Revision"), max_length=20, blank=True, help_text=_("In your own scheme: C, 07, 1.2. Empty, it is counted on."))
    content = MarkdownField(_("Text"), blank=True, help_text=_("Markdown: # heading, - list, **bold**, | table |. Or attach a file as the document."))
    change_note = models.TextField(_("What is new, and why"), blank=True)
    effective_from = models.DateField(_("In force from"), null=True, blank=True, help_text=_("Empty: as soon as it is approved."))
    ask_again = models.BooleanField(_("Everybody reads and confirms it anew"), default=True)
    position = models.PositiveSmallIntegerField(default=1, editable=False)
    file_sha256 = models.CharField(_("Hash of the file"), max_length=64, blank=True, editable=False)
    questions_sha256 = models.CharField(_("Hash of the questions"), max_length=64, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    approved_on = models.DateField(_("Approved on"), null=True, editable=False)
    effective_on = models.DateField(_("In force since"), null=True, editable=False)
    ended_on = models.DateField(_("In force until"), null=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["effective_from"], name="revision_by_day")]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the content: of the file, else of the text."""
        return self.file_sha256 or hashlib.sha256(self.content.encode()).hexdigest()

    def content_file(self) -> Any:
        """The file that is the document: the one that was sent to review, in a draft the newest."""
        rows = self.files.filter(purpose=CONTENT).exclude(name=GONE)
        return (rows.filter(sha256=self.file_sha256) if self.file_sha256 else rows).order_by("-at", "-id").first()
