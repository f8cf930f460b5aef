"""A file brought in from beginning to end at once, as the command line does it."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from linchpin.exchange.accepting import accept, refused_as_a_whole
from linchpin.exchange.importable import importable
from linchpin.exchange.long_work import accept_in_batches, is_long, reconcile
from linchpin.exchange.models import Import
from linchpin.exchange.reading.mapping import Question
from linchpin.exchange.reading.safety import LARGEST_FILE, too_large
from linchpin.exchange.reading.shapes import Profile
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.receiving import may_import, receive
from linchpin.exchange.staging import Rehearsed, rehearse, stage
from linchpin.exchange.understanding import Understanding, named_profile, profile_of, take_suggestions, understand
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import all_types, has_type


@dataclass(slots=True)
class Brought:
    """What became of a file: counts, problems beside cells, columns left out, what was guessed, and the questions that stopped it."""

    counts: dict[str, int] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[list[Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    guessed: list[tuple[str, str]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    dry_run: bool = False
    refused: str = ""
    import_uid: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.counts, "errors": [p for p in self.errors if p["blocking"]], "hints": [p for p in self.errors if not p["blocking"]],
            "left_out": self.left_out, "warnings": self.warnings, "guessed": self.guessed,
            "dry_run": self.dry_run, "refused": self.refused, "import": self.import_uid,
        }  # fmt: skip


def bring_in(
    file: Path, key: str, profile_name: str = "", *, actor: Access, sheet: str = "", header_row: int = 0, unit: str = "",
    dry_run: bool = False, all_or_none: bool = False, overwrite: bool = False, accept_guesses: bool = False,
) -> Brought:  # fmt: skip
    """Bring in one file. Raises Refused when it cannot be used at all; questions that nobody answered come back in the answer."""
    if file.stat().st_size > LARGEST_FILE:
        raise Refused(too_large(file.name, file.stat().st_size))
    profile = named_profile(profile_name) if profile_name else None
    key = _key(key, profile)
    data = file.read_bytes()
    answer, where = Brought(dry_run=dry_run), _unit(unit, actor)
    if not dry_run and (unfinished := _unfinished(data, key)):
        return _taken_up(unfinished, actor, answer)
    if dry_run:
        may_import(actor, key)
        book = Book(data, file.name)
        source = Import(type=key, name=file.name, unit=where, person=actor.person, notes={"warnings": [str(w) for w in book.warnings]})
    else:
        source, book = receive(data, file.name, key, actor=actor, unit=where)
    source.overwrite = overwrite
    if profile is None:
        profile = _guess(book, key, sheet, header_row, accept_guesses, answer)
    if profile is None:
        _discard(source)
        return answer
    return _carry_out(source, book, replace(profile, sheet=sheet or profile.sheet, header_row=header_row or profile.header_row), actor, all_or_none, answer)


def _carry_out(source: Import, book: Book, profile: Profile, actor: Access, all_or_none: bool, answer: Brought) -> Brought:
    try:
        rehearsed = rehearse(source, book, profile, actor=actor)
        if all_or_none and (count := source.counts["rejected"]):
            answer.refused = refused_as_a_whole(count)
        if answer.dry_run or answer.refused:
            _discard(source)
        else:
            source.save()
            stage(source, rehearsed)
            answer.import_uid = str(source.uid)
            _accept(source, rehearsed, profile, actor)
    except Refused:
        if not (source.pk and source.taken.exists()):  # else it can be gone on with, or stands as undone
            with contextlib.suppress(DatabaseError):  # on a full disk even that fails; then the same command goes on with it
                _discard(source)
        raise
    return _filled_in(answer, source, rehearsed.problems)


def _accept(source: Import, rehearsed: Rehearsed, profile: Profile, actor: Access) -> None:
    if is_long(source):
        accept_in_batches(source, actor=actor, drafts=rehearsed.drafts)
    else:
        accept(source, rehearsed.drafts, profile.match, actor=actor)
    reconcile(source, actor=actor)


def _unfinished(data: bytes, key: str) -> Import | None:
    """A long import of this very file that stopped before it was whole: its process was killed."""
    return Import.objects.filter(sha256=hashlib.sha256(data).hexdigest(), type=key, state=Import.State.ACCEPTING).select_related("unit", "person").first()


def _taken_up(source: Import, actor: Access, answer: Brought) -> Brought:
    """Go on with an unfinished import where it stopped."""
    may_import(actor, source.type)
    accept_in_batches(source, actor=actor)
    reconcile(source, actor=actor)
    answer.import_uid = str(source.uid)
    problems = [problem for found in source.rows.exclude(problems=[]).order_by("row").values_list("problems", flat=True) for problem in found]
    return _filled_in(answer, source, problems)


def _key(key: str, profile: Profile | None) -> str:
    if profile is not None and key and key != profile.type:
        raise Refused(_("The profile “%(profile)s” makes records of the type %(its)s, not %(yours)s.")
                      % {"profile": profile.name, "its": profile.type, "yours": key})  # fmt: skip
    key = key or (profile.type if profile else "")
    if not has_type(key):
        known = ", ".join(record_type.key for record_type in all_types())
        raise Refused(_("Say what the rows become with --type: %s.") % known)
    return key


def _unit(name: str, actor: Access) -> Unit:
    if not name:
        return actor.person.unit
    found = list(Unit.objects.filter(name__iexact=name.strip(), state=Unit.State.ACTIVE)[:2])
    if len(found) != 1:
        raise Refused(_("There is no one unit called “%s”.") % name)
    return found[0]


def _guess(book: Book, key: str, sheet: str, header_row: int, accept_guesses: bool, answer: Brought) -> Profile | None:
    """The guessed profile, or None with the questions in the answer."""
    found = understand(book, key, sheet=sheet, header_row=header_row)
    if accept_guesses:
        take_suggestions(found)
    if found.questions:
        answer.questions = found.questions
        return None
    answer.guessed = said(found)
    return profile_of(found)


def said(found: Understanding) -> list[tuple[str, str]]:
    """Each understood column's header and the label of what it becomes."""
    fields = importable()
    pairs = []
    for plan in found.guess.plans:
        above, _colon, name = plan.field.rpartition(":")
        if plan.field:
            field = fields.get(above or found.guess.type, {}).get(name)
            pairs.append((plan.column.header, field.label if field else plan.field))
    return pairs


def _filled_in(answer: Brought, source: Import, problems: list[dict[str, Any]]) -> Brought:
    counts = source.counts
    answer.counts = {
        "rows": counts["read"], "created": counts["new"], "updated": counts["changed"], "unchanged": counts["unchanged"],
        "merged": counts["merged"], "rejected": counts["rejected"], "blank": counts["blank"],
    }  # fmt: skip
    if answer.refused:
        answer.counts |= {"created": 0, "updated": 0}
    answer.errors = problems
    answer.left_out, answer.warnings = source.notes["left_out"], source.notes["warnings"]
    return answer


def _discard(source: Import) -> None:
    """An import that came to nothing leaves no row behind; the file stays only where another one needs it."""
    if source.pk:
        source.rows.all().delete()
        source.delete()
