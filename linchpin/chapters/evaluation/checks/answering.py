"""Answer a question of the checklist with its photos, in one piece; what somebody else wrote meanwhile is never overwritten unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linchpin.kernel.commands import attach, command, comment, move
from linchpin.kernel.commands.fetching import for_verb, same_values
from linchpin.kernel.people.grants import Access

PURPOSE = "evidence"


def answer(
    check: Any, name: str, *, actor: Access, values: Mapping[str, Any], photos: Sequence[Any] = (),
    old: Mapping[str, str | None] | None = None, instead: str = "",
) -> Any:  # fmt: skip
    """Answer it; photos hang on it before they are judged as its evidence. Gives the check as it then stands.

    `old`: what the person saw in its fields and under `status`; if that changed, Stale. `instead`: why this answer takes the place of the one that stands,
    which is taken back first. Raises Refused, NotAllowed, Missing, Stale.
    """
    with command():
        found, record_type = for_verb(check, "read", actor)
        same_values(found, record_type, old or {})
        if instead and found.status != record_type.lifecycle.initial:
            move(found, "look_again", actor=actor, reason=instead)
        for photo in photos:
            attach(found, photo, actor=actor, purpose=PURPOSE)
        return move(found, name, actor=actor, values=values)


def say_beside(check: Any, text: str, *, actor: Access, photos: Sequence[Any] = ()) -> Any:
    """What somebody would have answered, as a comment beside the answer that stands. Gives the check."""
    with command():
        for photo in photos:
            attach(check, photo, actor=actor, purpose=PURPOSE)
        comment(check, text, actor=actor)
        return check
