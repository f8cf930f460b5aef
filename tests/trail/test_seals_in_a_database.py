"""Seals, erasure and proofs of a trail in a database: what is changed, removed or exchanged is named."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from linchpin.kernel import trail
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.trail import Change, Entry
from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.core.hashing import event_hash
from linchpin.kernel.trail.models import Event, EventText, Pending, Seal

from .conftest import AT, Company, tampering


def _event(company: Company, sequence: int) -> Event:
    return Event.objects.get(record=company.records[2], sequence=sequence)


def _fault() -> dict[str, object]:
    fault = trail.verify().first_fault
    assert fault is not None, "Nobody noticed."
    return fault


@pytest.mark.parametrize("change", ["root = 'ab'", "count = 7", "previous = 'ab'", "hash = 'ab'", "signature = 'ab'", "key = 'ab'"])
def test_a_changed_seal_is_named(company: Company, change: str) -> None:
    with tampering() as tamper:
        tamper(f"UPDATE trail_seal SET {change} WHERE number = 4")
        fault = _fault()
    assert (fault["kind"], fault["seal"]) == ("seal_edited", 4)


@pytest.mark.parametrize("number", [1, 4])
def test_a_removed_seal_is_named(company: Company, number: int) -> None:
    with tampering() as tamper:
        tamper("DELETE FROM trail_sealed WHERE seal_id = %s", number)
        tamper("DELETE FROM trail_seal WHERE number = %s", number)
        fault = _fault()
    assert (fault["kind"], fault["seal"]) == ("seal_deleted", number)


def test_the_newest_seal_removed_leaves_its_event_bare(company: Company) -> None:
    with tampering() as tamper:
        tamper("DELETE FROM trail_sealed WHERE seal_id = 15")
        tamper("DELETE FROM trail_seal WHERE number = 15")
        fault = _fault()
    assert (fault["kind"], fault["event"]) == ("seal_missing", _event(company, 4).pk)


def test_a_seal_kept_outside_shows_a_database_put_back(company: Company) -> None:
    held = Seal.objects.order_by("number").last()
    assert held is not None
    assert trail.verify(held=(held.number, held.hash)).ok
    fault = trail.verify(held=(held.number + 1, held.hash)).first_fault
    assert fault is not None and fault["kind"] == "seal_exchanged"


def test_seals_signed_by_another_key_are_noticed(company: Company, settings: object, tmp_path: object) -> None:
    (tmp_path / "keys" / "seal.pub").unlink()  # type: ignore[operator]
    fault = _fault()
    assert fault["kind"] == "seal_forged"


def test_an_event_that_was_not_sealed_is_sealed_next(company: Company) -> None:
    record = company.records[0]
    with permitted():  # the process ends between the event and its seal
        trail.append(record, "record", record_id=record.pk, actor=company.seun, verb="edit", at=AT)
        record.save()
    assert Pending.objects.count() == 1
    assert trail.verify().ok == (connection.vendor != "sqlite")
    assert trail.seal_pending() == 1
    assert trail.seal_pending() == 0
    assert trail.verify().ok


def test_append_many_writes_what_append_writes(company: Company) -> None:
    one, two, three = company.records
    changes = [Change("title", "Burr", "Bürr “new”\n", True), Change("status", None, "open")]
    with permitted():
        single = trail.append(one, "record", record_id=one.pk, actor=company.seun, verb="import", changes=changes, at=AT)
        entries = [Entry(two, two.pk, changes, "from Excel"), Entry(three, three.pk), Entry(two, two.pk, changes)]
        assert trail.append_many(entries * 40, "record", actor=company.seun, verb="import", at=AT) == 120
        for record in (one, two, three):
            record.save()
        assert trail.seal_pending() == 121
    assert (two.sequence, three.sequence) == (84, 44)
    many = Event.objects.get(record=two, sequence=6)
    frame = many.body.replace(str(two.uid), str(one.uid)).replace(f'"record":{two.pk},', f'"record":{one.pk},')
    blank = [text.partition('"changes":')[0] + text.partition('"record":')[2] for text in (single.body, frame)]
    assert blank[0] == blank[1].replace('"sequence":6', '"sequence":5')
    assert list(many.texts.order_by("place").values_list("text", flat=True)) == ["Burr", "Bürr “new”\n"]
    assert trail.verify().ok, trail.verify().first_fault
    assert Event.objects.get(pk=single.pk).body == single.body


def test_erased_texts_are_gone_and_the_trail_is_whole(company: Company) -> None:
    record = company.records[0]
    with permitted():
        count = trail.erase_texts(record, "record", actor=company.seun, reason="Request of 3 November", at=AT, fields=["title"])
        trail.seal_pending()
    assert count == 7
    answer = trail.verify()
    assert answer.ok and answer.erased == 7, answer.first_fault
    assert not EventText.objects.filter(event__record=record, text__contains="Burr").exists()
    assert trail.history(record.pk)[0].changes[0].erased
    assert trail.history(record.pk)[1].reason == "Seun looked again"


def test_a_restored_backup_forgets_again_what_was_erased(company: Company) -> None:
    record = company.records[0]
    before = transaction.savepoint()
    with permitted():
        trail.erase_texts(record, "record", actor=company.seun, reason="Request", at=AT)
    assert trail.list_erasures() == 1
    assert trail.list_erasures() == 0
    transaction.savepoint_rollback(before)
    assert EventText.objects.filter(event__record=record, text__isnull=False).exists()
    with permitted():
        assert trail.reapply_erasures(actor=company.seun, at=AT) == 10
        trail.seal_pending()
    assert not EventText.objects.filter(event__record=record, text__isnull=False).exclude(event__verb="erase").exists()
    assert trail.verify().ok, trail.verify().first_fault


def test_a_proof_convinces_without_the_database(company: Company) -> None:
    proof = trail.proof_of(company.records[1])
    assert [event["seal"]["number"] for event in proof["events"]] == sorted(event["seal"]["number"] for event in proof["events"])
    for event in proof["events"]:
        assert event_hash(event["previous"], event["body"]) == event["hash"]
        assert merkle.proven(event["hash"], event["path"], event["seal"]["root"])


def test_keys_are_made_once_and_for_the_owner_alone(company: Company, tmp_path: object) -> None:
    keys = tmp_path / "keys"  # type: ignore[operator]
    for name in ("trail.key", "seal.key", "seal.pub"):
        assert (keys / name).stat().st_mode & 0o777 == 0o600
    assert not list(keys.glob(".*"))
