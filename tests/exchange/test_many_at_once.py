"""Many records in one command: the same rows, events and index lines as one at a time gives."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.importing import CLOAK, Changed, New, change_many, create_many, link_many, reveal, void_many
from linchpin.kernel.links.models import Link
from linchpin.kernel.records.access import may
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.search.finding import find
from linchpin.kernel.trail.models import Event
from tests.cast import Cast


def problems(cast: Cast, count: int = 3, **values: object) -> list[New]:
    given = {"unit": cast.machining, "severity": "major", "description": "Seen at the deburring bench.", **values}
    return [New("nonconformity", {"title": f"Burr in bore {n}", **given}) for n in range(count)]


def test_a_record_of_many_is_the_same_as_one_made_alone(cast: Cast) -> None:
    values = {"title": "Burr left where the bores cross", "unit": cast.machining, "owner": cast.marek.person}
    values |= {"occurred": dt.date(2026, 3, 4), "severity": "major"}
    alone = commands.create("nonconformity", values, actor=cast.daniel)
    (among,) = create_many([New("nonconformity", values)], actor=cast.daniel, verb="create", provenance="entered")
    stored = type(among).objects.get(pk=among.pk)
    own = {"id", "record_ptr", "uid", "number", "serial", "head", "created_at", "updated_at"}
    for field in stored._meta.concrete_fields:
        assert getattr(stored, field.attname) == getattr(among, field.attname)
        if field.name not in own:
            assert getattr(stored, field.attname) == getattr(alone, field.attname), field.name
    bodies = [json.loads(Event.objects.get(record_id=pk).body) for pk in (alone.pk, among.pk)]
    assert [c[0] for c in bodies[0]["changes"]] == [c[0] for c in bodies[1]["changes"]]


def test_numbers_follow_one_another_and_the_trail_is_whole(cast: Cast) -> None:
    first = cast.problem()
    made = create_many(problems(cast, 120), actor=cast.daniel)
    serials = [record.serial for record in [first, *made]]
    assert serials == list(range(first.serial, first.serial + 121))
    answer = trail.verify()
    assert answer.ok, answer.first_fault
    assert Event.objects.filter(verb="import").count() == 120
    assert {hit.record.pk for hit in find(cast.daniel, "deburring", limit=50)} <= {record.pk for record in made}


def test_children_come_after_their_parents_whatever_the_order(cast: Cast) -> None:
    problem = problems(cast, 1)[0]
    fix = New("action", {"title": "Fit a borescope", "kind": "corrective", "unit": cast.machining}, parent=problem)
    below = New("action", {"title": "Order the borescope", "kind": "other", "unit": cast.machining}, parent=fix)
    create_many([below, fix, problem], actor=cast.daniel)
    assert fix.record.parent_id == problem.record.pk and below.record.parent_id == fix.record.pk
    assert Record.objects.get(pk=below.record.pk).parent.parent.number == problem.record.number


def test_an_old_record_keeps_its_state_its_day_and_the_name_of_its_owner(cast: Cast) -> None:
    raised = dt.datetime(2019, 5, 6, tzinfo=dt.UTC)
    old = New("nonconformity", {"title": "Wrong drawing revision", "unit": cast.machining, "due": dt.date(2019, 8, 1)}, "closed", "J. Svoboda", raised)
    (made,) = create_many([old], actor=cast.daniel)
    stored = Record.objects.get(pk=made.pk)
    assert (stored.status, stored.phase, stored.provenance) == ("closed", "done", "imported")
    assert (stored.owner_text, stored.created_at, stored.original_due) == ("J. Svoboda", raised, dt.date(2019, 8, 1))
    named = {change.field: change.new for change in trail.history(stored.pk)[0].changes}
    assert named["owner_text"] == "J. Svoboda" and named["status"] == "closed"


def test_only_who_may_import_there_imports(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="quality manager"):
        create_many(problems(cast), actor=cast.marek)
    assert not Record.objects.exists()


def test_an_unknown_state_or_field_is_refused_before_anything_is_written(cast: Cast) -> None:
    for wrong in (New("nonconformity", {"title": "Burr", "unit": cast.machining}, "finished"), New("nonconformity", {"titel": "Burr", "unit": cast.machining})):
        with pytest.raises(Refused):
            create_many([*problems(cast), wrong], actor=cast.daniel)
    assert not Record.objects.exists()


def test_a_repeat_is_seen_among_those_brought_in_together_and_before(cast: Cast) -> None:
    day = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    values = {"title": "Burr again", "unit": cast.machining, "requirement": "No burr"}
    lot = [New("nonconformity", values, raised=day + dt.timedelta(days=n)) for n in (0, 200, 800)]
    create_many(lot, actor=cast.daniel)
    assert [new.record.repeat for new in lot] == [False, True, False]
    later = New("nonconformity", {"title": "Burr once more", "unit": cast.machining, "requirement": "no burr"}, raised=day + dt.timedelta(days=900))
    elsewhere = New("nonconformity", {"title": "Burr there", "unit": cast.lipnica, "requirement": "No burr"}, raised=day + dt.timedelta(days=900))
    create_many([later, elsewhere], actor=cast.daniel)
    assert later.record.repeat and not elsewhere.record.repeat


def test_changing_many_writes_one_event_for_each_that_differs(cast: Cast) -> None:
    made = create_many(problems(cast, 60), actor=cast.daniel)
    rows = [Changed(record, {"owner": cast.marek.person, "cause": f"Tool cannot reach {n}"}) for n, record in enumerate(made)]
    rows.append(Changed(cast.problem(), {"severity": "major"}))
    assert change_many(rows, actor=cast.daniel, reason="Second file") == 60
    stored = type(made[7]).objects.get(pk=made[7].pk)
    assert (stored.owner_id, stored.cause, stored.version, stored.sequence) == (cast.marek.person.pk, "Tool cannot reach 7", 2, 2)
    assert trail.verify().ok
    assert find(cast.daniel, "reach", limit=5)


def test_links_stand_once_and_in_the_trail(cast: Cast) -> None:
    this, last = create_many(problems(cast, 2), actor=cast.daniel)
    assert link_many([(this, last, "repeats"), (this, last, "repeats"), (this, this, "repeats")], actor=cast.daniel) == 1
    assert link_many([(this, last, "repeats")], actor=cast.daniel) == 0
    assert Link.objects.count() == 1 and trail.verify().ok


def test_what_is_voided_stays_with_its_number_and_its_reason(cast: Cast) -> None:
    made = create_many(problems(cast, 2), actor=cast.daniel)
    void_many(made, actor=cast.daniel, reason="The wrong file was brought in.")
    assert {(r.phase, r.status) for r in Record.objects.all()} == {("void", "void")}
    assert trail.history(made[0].pk)[-1].reason == "The wrong file was brought in."
    assert cast.problem().serial == made[-1].serial + 1


def test_cloaked_records_are_seen_by_nobody_until_they_are_revealed(cast: Cast) -> None:
    made = create_many(problems(cast, 2), actor=cast.daniel, cloaked=True)
    assert made[0].type == f"{CLOAK}nonconformity"
    assert not Record.objects.visible_to(cast.daniel).exists() and not get_type("nonconformity").model.objects.visible_to(cast.system).exists()
    assert not may(cast.daniel, "read", made[0]) and not find(cast.daniel, "bore")
    reveal([record.pk for record in made])
    assert Record.objects.visible_to(cast.daniel).count() == 2 and len(find(cast.daniel, "bore")) == 2
    assert trail.verify().ok
