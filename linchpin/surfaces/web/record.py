"""One record's page: its content, its axle, its next move, people and dates, links, files, and one stream below."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.kernel.commands import Offer, offers
from linchpin.kernel.files.finding import elsewhere
from linchpin.kernel.links.reading import links_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.standing_in import standing_in
from linchpin.kernel.records.access import may
from linchpin.kernel.records.lifecycle import judge
from linchpin.kernel.records.markdown import MarkdownField, rendered
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.kernel.records.words import say
from linchpin.kernel.signatures.content import is_valid
from linchpin.kernel.trail import history
from linchpin.surfaces.web.asked_long import overdue_askings
from linchpin.surfaces.web.axle import axle_of
from linchpin.surfaces.web.kiosk import at_a_kiosk
from linchpin.surfaces.web.middleware import access_for
from linchpin.surfaces.web.presenting import due_of, pins_of, shown, tags_of
from linchpin.surfaces.web.register import type_or_404
from linchpin.surfaces.web.rows import Row, row_of
from linchpin.surfaces.web.stream import LATEST, quiet, stream_of
from linchpin.surfaces.web.waiting import KEEPS

MOST_SQUARES = 200
"""Up to so many units, a square each says more than a percentage."""


@dataclass(frozen=True)
class Part:
    """A section of the page: a heading, and label–value pairs of what is filled in."""

    name: str
    heading: str
    pairs: list[tuple[str, str, str]]
    """(field, label, value)"""
    empty: list[str]
    gaps: list[str]
    """What the house asks of new records and this one lacks."""
    tombs: list[Purge]
    """What was purged of its fields."""


def record_or_404(key: str, number: str, access: Access) -> Any:
    """The record of that number, if the person may see it, for themselves or for whom they stand in: otherwise the same 404 as if it were not there."""
    record_type = type_or_404(key)
    manager: Any = record_type.model._default_manager
    for mine in itertools.chain((access,), standing_in(access)):
        rows = manager.visible_to(mine).select_related("owner", "unit", "created_by")
        if (found := next(iter(rows.filter(number=number)), None)) is not None:
            return found
    raise Http404(_("There is no such record, or it is not for you."))


@login_required
@require_safe
def record(request: HttpRequest, key: str, number: str) -> HttpResponse:
    access = access_for(request)
    found = record_or_404(key, number, access)
    record_type = type_or_404(key)
    context = page_context(found, record_type, access, whole="whole" in request.GET) | dict(record_type.page(found, access))
    answer = render(request, record_type.page_template, context)
    if context.get("keeps") and not at_a_kiosk(request):
        answer[KEEPS] = str(access.person.pk)
    return answer


def page_again(request: HttpRequest, found: Any, refused: Refused, place: str) -> HttpResponse:
    """A record's page after something on it was refused: open at that `place`, with the sentence and what was typed."""
    record_type, access = type_or_404(found.type), access_for(request)
    context = page_context(found, record_type, access) | dict(record_type.page(found, access))
    context |= {"refused_at": place, "refusal": refused, "typed": request.POST}
    return render(request, record_type.page_template, context, status=refused.status)


def page_context(found: Any, record_type: RecordType, access: Access, *, whole: bool = False) -> dict[str, Any]:
    """Everything that the page shows, with the `whole` stream or the newest of it; also used when a move or an edit was refused and the page comes back."""
    labels = access.person.labels
    offered = offers(found, record_type, access) if found.is_open or record_type.lifecycle.moves_from(found.status) else []
    allowed = [o for o in offered if o.allowed]
    following, (events, steps, cut) = _next_move(found, allowed, access), _history(found, record_type, whole)
    tombs = tombs_of(found, events, cut)
    parts = parts_of(found, record_type, labels, tombs)
    return {
        "record": found,
        "type": record_type,
        "singular": record_type.label(labels),
        "plural": record_type.plural(labels),
        "parts": parts,
        "to_come": [part for part in parts if part.empty and not part.pairs and not part.gaps],
        "tombs": tombs,
        "title_block": block_of(found, record_type),
        "axle": axle_of(found, record_type, labels, steps) if found.phase != "void" else [],
        "status_label": record_type.lifecycle.label(found.status),
        "pins": pins_of(found, record_type),
        "tags": tags_of(found),
        "due": due_of(found),
        "next": following,
        "moves": [o for o in allowed if o != following and not o.blocked],
        "blocked_moves": [o for o in allowed if o != following and o.blocked],
        **_in_whose_name(found, record_type, access),
        "others_may": [o for o in offered if not o.allowed and not o.transition.backward],
        "stream": stream_of(events, record_type, (found.owner, found.created_by, found.unit)),
        "stream_cut": cut,
        **_hanging(found, record_type, access),
    }


def _history(found: Any, record_type: RecordType, whole: bool) -> tuple[list[Any], list[Any], bool]:
    """What the stream tells, what the axle is read from, and whether the stream was cut. Moves of whole groups are never read: the page counts them."""
    groups = quiet(record_type)
    events = history(found.pk, without=groups, latest=None if whole else LATEST + 1)
    if whole or len(events) <= LATEST:
        return events, events, False
    moves = [move.name for move in record_type.lifecycle.transitions if move.name not in groups]
    return events[-LATEST:], history(found.pk, only=[*moves, "import", "edit"]), True


def _hanging(found: Any, record_type: RecordType, access: Access) -> dict[str, Any]:
    """What hangs on the record, and what this person may do to it."""
    labels, files = access.person.labels, list(found.files.order_by("at"))
    others = elsewhere(files, access)
    return {
        "linked": links_of(found, access),
        "files": [(file, others.get(file.sha256, [])) for file in files],
        "children": SimpleLazyObject(lambda: _children(found, access)),
        "child_types": [(t.key, t.label(labels)) for t in all_types() if record_type.key in t.parents and found.is_open],
        "rounds": rounds_of(found),
        "exceptions": list(found.declared_exceptions.prefetch_related("declared_by", "checked_by").order_by("id")) if found.exceptions else [],
        "signatures": lambda: [(s, is_valid(s, found)) for s in found.signatures.prefetch_related("signer", "second_signer", "signed_for").order_by("id")],
        "waits_for": overdue_askings(found, record_type, access),
        "may_comment": may(access, "comment", found),
        "may_attach": may(access, "attach", found),
        "may_link": may(access, "link", found),
    }


def _in_whose_name(found: Any, record_type: RecordType, access: Access) -> dict[str, Any]:
    """Whether the person may edit in their own name, and what they may do in another's."""
    standing, may_edit = _standing(found, record_type, access), found.is_open and may(access, "edit", found)
    return {
        "may_edit": may_edit,
        "standing": [(one.through, allowed) for one, allowed in standing],
        "edit_for": None if may_edit else _edits_for(found, standing),
    }


def _standing(found: Any, record_type: RecordType, access: Access) -> list[tuple[Access, list[Offer]]]:
    """What the person may do here in the name of whom they stand in for. No query where they stand in for nobody."""
    answer = []
    for mine in standing_in(access):
        allowed = [o for o in offers(found, record_type, mine) if o.allowed]
        if allowed or may(mine, "edit", found):
            answer.append((mine, allowed))
    return answer


def _edits_for(found: Any, standing: list[tuple[Access, list[Offer]]]) -> Person | None:
    """In whose name the person may edit what they may not edit in their own."""
    return next((one.on_behalf_of for one, _moves in standing if found.is_open and may(one, "edit", found)), None)


def tombs_of(found: Any, events: list[Any], cut: bool = False) -> list[Purge]:
    """What was purged of the record, and what is proposed to be. One query, none where its whole trail is at hand and tells of neither."""
    if not cut and not any(event.verb in ("erase", "propose_purge") for event in events):
        return []
    return list(found.purges.exclude(state=Purge.State.DECLINED).select_related("proposed_by", "decided_by").order_by("id"))


def parts_of(found: Any, record_type: RecordType, labels: str, tombs: list[Purge]) -> list[Part]:
    gone = {tomb.target: tomb for tomb in tombs if tomb.kind == "field" and tomb.state == Purge.State.PURGED}
    parts, beside, asked = [], record_type.beside(found), set(record_type.asked_by_house)
    for name, fields in record_type.parts.items():
        pairs: list[tuple[str, str, str]] = []
        empty: list[str] = []
        gaps: list[str] = []
        for field_name in fields:
            text = shown(found, field_name)
            if text and isinstance(record_type.field(field_name), MarkdownField):
                text = rendered(text)
            label = record_type.field_label(field_name)
            if text and not (isinstance(getattr(found, field_name), bool) and not getattr(found, field_name)):
                pairs.append((field_name, label, text))
            elif field_name not in beside:
                (gaps if field_name in asked else empty).append(label)
        buried = [gone[field_name] for field_name in fields if field_name in gone]
        parts.append(Part(name, say(name, labels), pairs, empty, gaps, buried))
    return parts


def block_of(found: Any, record_type: RecordType) -> list[tuple[str, str, str]]:
    """The title block as (field, label, value): number, people, dates and what else the list shows."""
    names = [n for n in ("number", *record_type.list_columns) if n not in ("title", "status", "due", "reference")]
    names += [n for n in ("verifier", "seen_by", "verified_by") if getattr(found, f"{n}_id", None)]
    return [(name, record_type.field_label(name), shown(found, name)) for name in dict.fromkeys(names)]


def _next_move(found: Any, allowed: list[Offer], actor: Access) -> Offer | None:
    """The one move that leads on: the forward one that nothing speaks against, else one that is not blocked, else the first."""
    forward = [o for o in allowed if not o.transition.backward]
    if len(forward) < 2:
        return forward[0] if forward else None
    clean = (o for o in forward if not o.refusals and not judge(found, o.transition, actor.person))
    return next(clean, None) or next((o for o in forward if not o.blocked), forward[0])


def _children(found: Any, access: Access) -> list[Row]:
    rows = Record.objects.visible_to(access).filter(parent_id=found.pk).prefetch_related("owner", "unit").order_by("id")
    return [row_of(child, access) for child in rows]


@dataclass(frozen=True, slots=True)
class Round:
    """A round that failed, as it was kept: nothing of it vanishes."""

    kept: Mapping[str, Any]
    failed_on: date | None
    squares: tuple[bool, ...]
    """One per unit looked at, `True` for a failure; empty when nothing was counted or too many were."""


def rounds_of(found: Any) -> list[Round]:
    """The failed rounds, the latest first."""
    return [_round(kept) for kept in reversed(getattr(found, "rounds", None) or [])]


def _round(kept: Mapping[str, Any]) -> Round:
    count, n = kept.get("result_count") or 0, kept.get("result_n") or 0
    squares = tuple(place < count for place in range(n)) if n <= MOST_SQUARES else ()
    return Round(kept, parse_date(kept.get("failed_on") or ""), squares)
