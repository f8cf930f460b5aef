"""Documents for tests: one in force, the next revision of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linchpin.chapters.support.documents.models import Document
from linchpin.kernel import commands
from linchpin.kernel.commands import Signing
from linchpin.kernel.commands.asking import Named, name_audience
from tests.cast import Cast

STRONG = Signing(reauthenticated=True)
TEXT = "# Deburring\n\n1. Run tool 4.\n2. Look into both bores."


def planned(cast: Cast, **values: Any) -> Any:
    """WI-MC-031 of Machining, owned by Marek, before anything is written."""
    given = {"title": "Deburring cross bores", "kind": "instruction", "reference": "WI-MC-031", "unit": cast.machining, "owner": cast.marek.person}
    return commands.create("document", given | values, actor=cast.daniel)


def drafted(cast: Cast, document: Any, **values: Any) -> Any:
    """A revision by Priya, with Marek to review it and Daniel to approve it."""
    given = {"title": document.title, "content": TEXT, "owner": cast.priya.person, "change_note": "As tried on 12 March."}
    revision = commands.create("revision", given | values, actor=cast.daniel, parent=document)
    name_audience(revision, "review", [cast.marek.person], actor=cast.priya)
    name_audience(revision, "approve", [cast.daniel.person], actor=cast.priya)
    return revision


def approve(cast: Cast, revision: Any) -> Any:
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "agree", actor=cast.marek)
    return commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)


def in_force(cast: Cast, read_by: Sequence[Named] = (), **values: Any) -> Any:
    """The document with its first revision in force."""
    document = planned(cast, **values)
    if read_by:
        name_audience(document, "confirm", list(read_by), actor=cast.daniel)
    approve(cast, drafted(cast, document))
    return Document.objects.select_related("effective", "unit").get(pk=document.pk)
