"""Every type can be taken to every one of its states, and every refusal on the way is a sentence."""

from __future__ import annotations

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.commands import offers
from linchpin.kernel.records.access import may_move
from linchpin.kernel.records.models import Phase
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.signatures.content import is_valid
from tests.cast import Cast
from tests.contract.walking import answers, everybody, fresh, raise_one, step, walk_to, way_to


def is_a_sentence(text: str) -> bool:
    """A capital (or a quotation) first, a period last, and enough words to say what to do."""
    return text[0] in "“%" + text[0].upper() and text.endswith(".") and len(text.split()) >= 3 and "  " not in text and "%(" not in text


def test_every_state_is_reached_and_agrees_with_its_phase(kind: RecordType, state: str, cast: Cast) -> None:
    record = walk_to(kind, state, cast)
    assert record.phase == kind.lifecycle.phase(state)
    stood = fresh(kind, record)
    assert (stood.status, stood.phase, stood.number) == (record.status, record.phase, record.number)
    verbs = [event.verb for event in trail.history(record.pk)]
    assert verbs[0] == "create" and {move.name for move in way_to(kind, state)} <= set(verbs)
    trail.seal_pending()
    assert trail.verify().ok


def test_every_offer_in_every_state_says_in_sentences_why_not(kind: RecordType, state: str, cast: Cast) -> None:
    record = walk_to(kind, state, cast)
    for name, access in everybody(cast).items():
        for offer in offers(record, kind, access):
            for refusal in offer.refusals:
                assert is_a_sentence(refusal.sentence), (name, offer.transition.name, refusal.sentence)


def test_a_move_from_anywhere_else_is_refused_in_a_sentence(kind: RecordType, state: str, cast: Cast) -> None:
    record = walk_to(kind, state, cast)
    before = fresh(kind, record).version
    for move in kind.lifecycle.transitions:
        if state in move.source and not move.automatic:
            continue
        with pytest.raises(Refused) as refused:
            commands.move(record, move.name, actor=cast.daniel, values={}, reason="Because.")
        assert all(is_a_sentence(r.sentence) for r in refused.value.refusals), refused.value
    assert fresh(kind, record).version == before


def test_empty_answers_are_refused_beside_their_fields(kind: RecordType, cast: Cast) -> None:
    """A move that needs answers says so field by field, and keeps nothing of it."""
    for move in kind.lifecycle.transitions:
        if not move.needs:
            continue
        record = walk_to(kind, move.source[0], cast)
        version = fresh(kind, record).version
        actor = next(a for a in everybody(cast).values() if may_move(a, move, record))
        empty = dict.fromkeys(move.needs, "")
        with pytest.raises(Refused) as refused:
            commands.move(record, move.name, actor=actor, values=empty, reason="Because.")
        assert set(refused.value.by_field()) >= set(move.needs), move.name
        assert all(is_a_sentence(r.sentence) for r in refused.value.refusals), refused.value
        assert fresh(kind, record).version == version


def test_a_move_that_wants_a_reason_says_so(kind: RecordType, cast: Cast) -> None:
    for move in kind.lifecycle.transitions:
        if not move.reason:
            continue
        record = walk_to(kind, move.source[0], cast)
        actor = next(a for a in everybody(cast).values() if may_move(a, move, record))
        with pytest.raises(Refused, match="Say why: a reason belongs to this move") as refused:
            commands.move(record, move.name, actor=actor, values=answers(kind, move, cast), reason=" \n ")
        assert refused.value.by_field()["reason"]


def test_whoever_may_not_move_it_is_told_whose_it_is(kind: RecordType, cast: Cast) -> None:
    for move in kind.lifecycle.transitions:
        if move.automatic:
            continue
        record = walk_to(kind, move.source[0], cast)
        for name, access in everybody(cast).items():
            if may_move(access, move, record):
                continue
            with pytest.raises(Refused) as refused:
                commands.move(record, move.name, actor=access, values=answers(kind, move, cast), reason="Because.")
            assert refused.value.status in (403, 404), (name, move.name)
            assert isinstance(refused.value, NotAllowed) is (refused.value.status == 403)
            assert all(is_a_sentence(r.sentence) for r in refused.value.refusals), refused.value


def test_a_signature_covers_what_stood_there_and_changed_content_voids_it(kind: RecordType, cast: Cast) -> None:
    for state in kind.lifecycle.states.values:
        for move in way_to(kind, state):
            if not move.signature or move.target != state:
                continue
            record = walk_to(kind, state, cast)
            signature = record.signatures.get(move=move.name)
            assert (signature.meaning, signature.strength) == (str(move.signature), str(move.strength))
            assert signature.version == record.version
            assert is_valid(signature, fresh(kind, record))
            altered = fresh(kind, record)
            altered.title += ", and more"
            assert not is_valid(signature, altered)
            assert "sign" in [event.verb for event in trail.history(record.pk)]


def test_void_keeps_number_and_content(kind: RecordType, cast: Cast) -> None:
    move = next(t for t in kind.lifecycle.transitions if kind.lifecycle.phase(t.target) == Phase.VOID)
    record = raise_one(kind, cast)
    number, title = record.number, record.title
    voided = step(kind, record, move, cast)
    assert (voided.number, voided.title, voided.phase) == (number, title, "void")
    assert raise_one(kind, cast).number != number
    with pytest.raises(Refused, match="its content stays as it is"):
        commands.edit(voided, {"title": "Something else"}, actor=cast.daniel)
