"""The trail in the database: what Seun wrote stands, and whoever changes it afterwards is found out."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from linchpin.kernel import trail
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.trail.core.hashing import event_hash
from linchpin.kernel.trail.models import Event, Seal, Sealed

from .conftest import Company, tampering


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
