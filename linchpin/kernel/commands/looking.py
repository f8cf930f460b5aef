"""Look at what was drawn: each record is opened while a clock runs, and then its proof is found, or what is missing is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.sampling import VERB
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import as_text, said
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.trail import Change

Looks = list[dict[str, Any]]
"""What a record keeps in `looked`: for each that was drawn `uid`, `number`, and once it was opened `opened`, then `seconds` and `found`."""


def start_clock(record: Any, uid: str, *, actor: Access) -> None:
    """The clock of one that was drawn begins; opened again, it runs on. Raises Refused, Missing, NotAllowed."""
    with command() as at:
        found, record_type = for_verb(record, VERB, actor)
        looks, one = _drawn(found, uid)
        if one.get("opened"):
            return
        if waiting := next((other for other in looks if other.get("opened") and "found" not in other), None):
            raise Refused(never(_("The clock of %s runs: say first whether you found its proof.") % waiting["number"]))
        one["opened"] = as_text(at)
        update(found, record_type, {"looked": looks}, actor=actor, verb="start_clock", at=at, also=[Change("proof_of", None, one["number"])])


def judge_drawn(record: Any, uid: str, *, missing: str = "", actor: Access) -> None:
    """Stop the clock: the proof was found, or `missing` says what of it was not. What follows by itself is settled.

    Raises Refused, Missing, NotAllowed.
    """
    missing = said(missing, "missing").strip()
    with command() as at:
        found, record_type = for_verb(record, VERB, actor)
        looks, one = _drawn(found, uid)
        if not one.get("opened"):
            raise Refused(never(_("Open %s first: the clock begins there.") % one["number"]))
        if "found" in one:
            raise Refused(never(_("%s was judged already, and stays as it was said.") % one["number"]))
        one["seconds"], one["found"] = _since(one["opened"], at), not missing
        values: dict[str, Any] = {"looked": looks, "found_n": sum(bool(each.get("found")) for each in looks)}
        values["seconds"] = sum(each.get("seconds", 0) for each in looks)
        if missing:
            line = f"{one['number']}: {missing}"
            values["missing"] = "\n".join(filter(None, (found.missing, line)))
        also = [Change("proof_of", None, one["number"]), Change("took", None, str(one["seconds"]))]
        update(found, record_type, values, actor=actor, verb="miss_proof" if missing else "find_proof", at=at, reason=missing, also=also)
        settle(found, record_type)


def _since(opened: str, at: datetime) -> int:
    return max(0, round((at - datetime.fromisoformat(opened)).total_seconds()))


def _drawn(found: Any, uid: str) -> tuple[Looks, dict[str, Any]]:
    """Copies of what was drawn, and the one that is meant. Raises Refused, Missing."""
    if not found.is_open:
        raise Refused(never(_("%s is over: what was found stays as it is.") % found.number))
    looks = [dict(one) for one in found.looked]
    one = next((one for one in looks if one["uid"] == str(uid)), None)
    if one is None:
        raise Missing(_("This record was not drawn here."))
    return looks, one
