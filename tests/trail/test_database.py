"""The trail in the database: what Seun wrote stands, and whoever changes it afterwards is found out."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from linchpin.kernel import trail
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.trail import Change, Entry
from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.core.hashing import event_hash
from linchpin.kernel.trail.models import Event, EventText, Pending, Seal, Sealed

from .conftest import AT, Company, tampering


def test_an_untouched_trail_is_whole(company: Company) -> None:
    answer = trail.verify()
    assert answer.ok, answer.first_fault
    assert (answer.events, answer.seals, answer.unsealed) == (15, 15, 0)
    assert answer.texts == 3 + 3 + 9 * 3


def test_history_reads_as_it_was_written(company: Company) -> None:
    first, second, *_rest = trail.history(company.records[0].pk)
    assert [(c.field, c.old, c.new) for c in first.changes] == [("title", None, "Burr on the seat"), ("status", None, "reported")]
    assert (second.verb, second.reason, second.actor) == ("edit", "Seun looked again", company.seun)
    assert second.changes[0].new == "Burr, edit"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trail_event SET body = body",
        "DELETE FROM trail_event",
        "UPDATE trail_seal SET root = root",
        "DELETE FROM trail_seal",
        "UPDATE trail_sealed SET leaf = leaf",
        "DELETE FROM trail_sealed",
        "DELETE FROM trail_eventtext",
        "UPDATE trail_eventtext SET text = 'Nothing happened'",
        "UPDATE trail_eventtext SET text = NULL",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(company: Company, sql: str) -> None:
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), permitted(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_replacing_a_row_is_refused_like_deleting_it(company: Company) -> None:
    if connection.vendor != "sqlite":
        sql = "TRUNCATE trail_event, trail_eventtext, trail_sealed, trail_pending"
    else:
        sql = "INSERT OR REPLACE INTO trail_event SELECT * FROM trail_event LIMIT 1"
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), permitted(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def test_writing_past_the_commands_is_refused(company: Company) -> None:
    with pytest.raises(RuntimeError, match="trail_event is written outside"):
        Event.objects.filter(pk=1).update(verb="forged")


def _event(company: Company, sequence: int) -> Event:
    return Event.objects.get(record=company.records[2], sequence=sequence)


def _fault() -> dict[str, object]:
    fault = trail.verify().first_fault
    assert fault is not None, "Nobody noticed."
    return fault


@pytest.mark.parametrize(("column", "value"), [("body", "{}"), ("verb", "void"), ("at", "2020-01-01 00:00:00+00:00"),
                                           ("kind", "unit"), ("mac", "00"), ("hash", "00" * 32), ("record_id", None)])  # fmt: skip
def test_an_edited_event_is_named(company: Company, column: str, value: object) -> None:
    event = _event(company, 3)
    with tampering() as tamper:
        assert tamper(f"UPDATE trail_event SET {column} = %s WHERE id = %s", value, event.pk)
        fault = _fault()
    assert (fault["kind"], fault["event"], fault["record"]) == ("edited", event.pk, "NC-2026-0003")
    assert str(fault["sentence"]).startswith("NC-2026-0003, event 3 (")


def test_the_sentence_names_record_event_and_time(company: Company) -> None:
    event = _event(company, 2)
    with tampering() as tamper:
        tamper("UPDATE trail_event SET body = replace(body, 'open', 'done') WHERE id = %s", event.pk)
        fault = _fault()
    when = event.at.strftime("%Y-%m-%d %H:%M UTC")
    assert fault["sentence"] == f"NC-2026-0003, event 2 (edit, {when}) was edited: its content no longer matches its hash."


def test_another_actor_is_an_edit(company: Company) -> None:
    event = _event(company, 2)
    with permitted():
        marek = Person(name="Marek", unit=company.unit)
        marek.save()
    company.write(marek, "person", "create", [])
    with tampering() as tamper:
        tamper("UPDATE trail_event SET actor_id = %s WHERE id = %s", marek.pk, event.pk)
        fault = _fault()
    assert (fault["kind"], fault["event"]) == ("edited", event.pk)
    assert "its actor no longer matches" in str(fault["sentence"])


@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_a_deleted_event_is_named(company: Company, sequence: int) -> None:
    with tampering() as tamper:
        tamper("DELETE FROM trail_event WHERE id = %s", _event(company, sequence).pk)
        fault = _fault()
    assert (fault["kind"], fault["record"], fault["sequence"]) == ("deleted", "NC-2026-0003", sequence)


def test_a_deleted_event_whose_successors_were_renumbered_is_named(company: Company) -> None:
    event = _event(company, 2)
    with tampering() as tamper:
        tamper("DELETE FROM trail_event WHERE id = %s", event.pk)
        for sequence in (3, 4):
            tamper("UPDATE trail_event SET sequence = %s WHERE record_id = %s AND sequence = %s",
                   sequence - 1, event.record_id, sequence)  # fmt: skip
        fault = _fault()
    assert (fault["kind"], fault["sequence"]) == ("deleted", 2)


def test_a_deleted_tail_is_found_even_when_the_head_was_put_back(company: Company) -> None:
    event, before = _event(company, 4), _event(company, 3)
    with tampering() as tamper:
        tamper("DELETE FROM trail_event WHERE id = %s", event.pk)
        tamper("UPDATE records_record SET head = %s, sequence = 3 WHERE id = %s", before.hash, event.record_id)
        fault = _fault()
    assert (fault["kind"], fault["event"]) == ("deleted", event.pk)


def test_a_deleted_tail_is_found_even_when_its_leaf_went_with_it(company: Company) -> None:
    event, before = _event(company, 4), _event(company, 3)
    with tampering() as tamper:
        tamper("DELETE FROM trail_sealed WHERE event_id = %s", event.pk)
        tamper("DELETE FROM trail_event WHERE id = %s", event.pk)
        tamper("UPDATE records_record SET head = %s, sequence = 3 WHERE id = %s", before.hash, event.record_id)
        fault = _fault()
    assert (fault["kind"], fault["seal"]) == ("seal_broken", Seal.objects.count())


def test_two_events_that_changed_places_are_named(company: Company) -> None:
    second, third = _event(company, 2), _event(company, 3)
    with tampering() as tamper:
        for sequence, event in ((99, second), (2, third), (3, second)):
            tamper("UPDATE trail_event SET sequence = %s WHERE id = %s", sequence, event.pk)
        fault = _fault()
    assert (fault["kind"], fault["event"], fault["sequence"]) == ("reordered", third.pk, 2)


COPY = """INSERT INTO trail_event (id, chain, sequence, kind, record_id, actor_id, at, verb, body, previous, hash, mac)
SELECT 9999, chain, %s, kind, record_id, actor_id, at, verb, %s, %s, %s, %s FROM trail_event WHERE id = %s"""


def test_an_inserted_event_is_named_even_when_it_waits_for_a_seal(company: Company) -> None:
    last = _event(company, 4)
    body = last.body.replace('"sequence":4', '"sequence":5')
    forged = event_hash(last.hash, body)
    with tampering() as tamper:
        tamper(COPY, 5, body, last.hash, forged, "ab" * 32, last.pk)
        for place, salt, text in last.texts.values_list("place", "salt", "text"):
            tamper("INSERT INTO trail_eventtext (event_id, place, salt, text) VALUES (9999, %s, %s, %s)", place, salt, text)
        tamper("INSERT INTO trail_pending (event_id) VALUES (9999)")
        tamper("UPDATE records_record SET head = %s, sequence = 5 WHERE id = %s", forged, last.record_id)
        trail.seal_pending()
        assert not Sealed.objects.filter(event=9999).exists(), "A seal laundered a forged event."
        fault = _fault()
    assert (fault["kind"], fault["event"], fault["sequence"]) == ("inserted", 9999, 5)


def test_a_chain_hashed_again_without_the_key_is_named_at_its_first_edit(company: Company) -> None:
    rows = list(Event.objects.filter(record=company.records[2]).order_by("sequence"))
    with tampering() as tamper:
        previous = rows[0].hash
        for row in rows[1:]:
            body = row.body.replace('"open"', '"done"')
            forged = event_hash(previous, body)
            tamper("UPDATE trail_event SET body = %s, previous = %s, hash = %s WHERE id = %s", body, previous, forged, row.pk)
            previous = forged
        tamper("UPDATE records_record SET head = %s WHERE id = %s", previous, rows[0].record_id)
        fault = _fault()
    assert (fault["kind"], fault["event"], fault["sequence"]) == ("edited", rows[1].pk, 2)


@pytest.mark.parametrize("change", ["text = 'Nothing happened'", "text = NULL, salt = ''", "salt = 'ab'"])
def test_a_changed_private_text_is_named(company: Company, change: str) -> None:
    event = _event(company, 2)
    with tampering() as tamper:
        tamper(f"UPDATE trail_eventtext SET {change} WHERE event_id = %s AND place = 1", event.pk)
        fault = _fault()
    assert (fault["kind"], fault["event"], fault["record"]) == ("text_edited", event.pk, "NC-2026-0003")


@pytest.mark.parametrize("which", ["", "AND place = 0", "AND place = 2"])
def test_a_removed_private_text_is_named(company: Company, which: str) -> None:
    event = _event(company, 2)
    with tampering() as tamper:
        tamper(f"DELETE FROM trail_eventtext WHERE event_id = %s {which}", event.pk)
        fault = _fault()
    assert (fault["kind"], fault["event"]) == ("text_edited", event.pk)


def test_old_and_new_text_exchanged_are_noticed(company: Company) -> None:
    event = _event(company, 2)
    with tampering() as tamper:
        for old, new in ((0, 9), (1, 0), (9, 1)):
            tamper("UPDATE trail_eventtext SET place = %s WHERE event_id = %s AND place = %s", new, event.pk, old)
        assert _fault()["event"] == event.pk


@pytest.mark.parametrize("table", ["records_record", "people_person", "people_unit", "people_organization"])
@pytest.mark.parametrize("change", ["head = 'ab'", "sequence = 0", "sequence = 99"])
def test_a_head_that_was_changed_is_noticed(company: Company, table: str, change: str) -> None:
    with tampering() as tamper:
        tamper(f"UPDATE {table} SET {change}")
        assert str(_fault()["kind"]) in ("head_edited", "deleted")


def test_a_record_that_no_command_wrote_is_named(company: Company) -> None:
    with tampering():
        company.records[0].pk = company.records[0].id = None
        company.records[0].uid = "00000000-0000-4000-8000-000000000000"
        company.records[0].number, company.records[0].head, company.records[0].sequence = "NC-2026-0099", "", 0
        company.records[0].save(force_insert=True)
        fault = _fault()
    assert fault["sentence"] == "NC-2026-0099 was inserted: no event tells of it."


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
