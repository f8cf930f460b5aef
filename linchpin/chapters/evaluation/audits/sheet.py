"""The checklist of an audit as its page shows it: by clause, each question with its answer and what may still be done with it."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from linchpin.chapters.evaluation.audits.reporting import FROZEN, clause_order
from linchpin.chapters.evaluation.checks.models import AuditCheck
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.standing_in import hands
from linchpin.kernel.records.access import may, may_create, may_move
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import get_type

CHECK = "audit_check"
STANDS = ("title", "sample", "evidence", "statement", "requirement", "grade", "status")
"""What somebody sees of a question when they answer it: where one of them changed meanwhile, both are shown."""
ANSWERS = ("conforms", "fails", "opportunity", "good_practice", "not_seen")
"""How a question may be answered on the sheet itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question: the record, its state in words, the problem it opened, and whether this person may answer it now, in whose name (None: their own)."""

    check: Any
    status: str
    problem: Record | None
    may_answer: bool
    photos: list[Any]
    giver: Person | None

    @property
    def stands(self) -> str:
        """The question as whoever answers it sees it, as JSON."""
        return json.dumps({name: as_text(getattr(self.check, name)) or "" for name in STANDS}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one clause."""

    clause: str
    lines: list[Line] = field(default_factory=list)


def sheet_of(audit: Any, access: Access) -> dict[str, Any]:
    """The groups in the standard's order, how many answers of each kind there are, and whether questions may be added."""
    kind = get_type(CHECK)
    mine = hands(access)
    seen = AuditCheck.objects.visible_to_any(mine).filter(parent_id=audit.pk).exclude(phase="void")
    rows = list(seen.select_related("owner", "unit", "parent").prefetch_related("files").order_by("id"))
    opened = _problems(rows, access)
    under_way = audit.status in ("in_progress", "reporting")
    first = kind.lifecycle.transition("conforms")
    auditing = {row.pk for row in rows if under_way and first is not None and may_move(access, first, row)}
    groups: dict[str, Group] = {}
    for check in sorted(rows, key=lambda row: (clause_order(row.clause), row.pk)):
        waiting = under_way and check.status == "open" and first is not None
        answering = next((one for one in mine if first and may_move(one, first, check)), None) if waiting else None
        giver, photos = answering.on_behalf_of if answering else None, [file for file in check.files.all() if file.is_picture]
        line = Line(check, kind.lifecycle.label(check.status), opened.get(check.pk), answering is not None, photos, giver)
        groups.setdefault(check.clause, Group(check.clause)).lines.append(line)
    beginning = audit.status in ("planned", "notified", "in_progress")
    asking = next((one for one in mine if may(one, "read", audit) and may_create(one, kind, audit.unit_id)), None) if beginning else None
    counts = Counter(str(row.status) for row in rows)
    return {
        "groups": list(groups.values()),
        "tally": [(kind.lifecycle.label(state), counts[state]) for state in kind.lifecycle.states.values if counts[state]],
        "keeps": bool(auditing),
        "may_ask": asking is not None,
        "ask_for": asking.on_behalf_of if asking else None,
        "has_report": audit.status in FROZEN,
        "grades": AuditCheck.Grade.choices,
        "once": uuid.uuid4().hex,
    }


def _problems(rows: list[Any], access: Access) -> dict[int, Record]:
    """The problem that each finding opened, as far as the reader may see it."""
    failed = [row.pk for row in rows if row.status == "fails"]
    links = dict(Link.objects.filter(source_id__in=failed, kind="became").values_list("target_id", "source_id"))
    return {links[problem.pk]: problem for problem in Record.objects.visible_to(access).filter(pk__in=links)}

