"""The record types of this installation, in the standard's order. A new type is one line here."""

from __future__ import annotations

TYPES = [
    "linchpin.chapters.support.documents",
    "linchpin.chapters.support.revisions",
    "linchpin.chapters.evaluation.auditors",
    "linchpin.chapters.evaluation.programs",
    "linchpin.chapters.evaluation.areas",
    "linchpin.chapters.evaluation.audits",
    "linchpin.chapters.evaluation.checks",
    "linchpin.chapters.evaluation.visits",
    "linchpin.chapters.evaluation.requests",
    "linchpin.chapters.evaluation.readiness",
    "linchpin.chapters.improvement.concerns",
    "linchpin.chapters.improvement.nonconformities",
    "linchpin.chapters.improvement.analyses",
    "linchpin.chapters.improvement.causes",
    "linchpin.chapters.improvement.actions",
]
