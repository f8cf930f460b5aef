"""Files dropped together: what each is, who is who in all of them, people before problems before actions, and all of it taken back."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from linchpin.exchange.arrivals.people_reading import read_people, understand_people
from linchpin.exchange.arrivals.receiving_many import look_into, open_arrival, receive_files
from linchpin.exchange.arrivals.taking_over import take_all_over, take_back, takeable
from linchpin.exchange.arrivals.who_is_who import keep_answers, who_is_who
from linchpin.exchange.models import Arrival, ArrivedFile, Import, TakenPerson
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.undoing import undo
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.trail.models import Event
from tests.cast import Cast

PEOPLE = [
    ["Name", "E-mail", "Badge no", "Initials", "Department", "Reports to", "Job title", "Employment"],
    ["Jana Svobodová", "jana@acme.example", "1001", "", "Foundry", "Otto Keller", "Melter", "Full-time"],
    ["Keller, Otto", "otto@acme.example", "1002", "OK", "Foundry", "", "Head of foundry", ""],
    ["Daniel Petrov", "", "", "", "", "", "", ""],
    ["Nobody Knows", "not an address", "", "", "Foundry", "", "", ""],
]
PROBLEMS = [
    ["CAR No", "Problem", "Description", "Date found", "Severity", "Owner", "Status"],
    ["CAR-1", "Burr left where two bores cross", "38 bodies on hold", "2024-03-14", "Serious", "JS", "Open"],
    ["CAR-2", "Mixed fittings in tray 6", "Two of another colour", "2024-04-15", "Minor", "OK", "Open"],
    ["CAR-3", "Coolant leak", "Puddle under the door", "29/02/2023", "Minor", "XX", "Open"],
]
ACTIONS = [
    ["No.", "Action", "Responsible", "Due date", "Status", "Problem no."],
    ["A-1", "Fit a borescope station after deburring", "JS", "2024-06-30", "Open", "CAR-1"],
]


def workbook(rows: list[list[Any]], sheet: str = "Sheet1") -> bytes:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: list[list[Any]]) -> bytes:
    return "\n".join(";".join(str(cell) for cell in row) for row in rows).encode()


FILES = [("actions.csv", csv(ACTIONS)), ("CAR-log.xlsx", workbook(PROBLEMS)), ("our people.xlsx", workbook(PEOPLE))]


@pytest.fixture
def dropped(cast: Cast) -> Arrival:
    arrival = open_arrival(cast.daniel)
    receive_files(arrival, FILES, actor=cast.daniel)
    return arrival


def of(arrival: Arrival, name: str) -> ArrivedFile:
    return arrival.files.select_related("source").get(name=name)


def taken_over(arrival: Arrival, actor: Any) -> Arrival:
    take_all_over(arrival, actor=actor)
    job = run_next()
    assert job is not None and job.state == "done", job and job.result
    arrival.refresh_from_db()
    return arrival


def test_each_file_says_what_it_is(dropped: Arrival) -> None:
    assert {f.name: f.becomes for f in dropped.files.all()} == {"actions.csv": "action", "CAR-log.xlsx": "nonconformity", "our people.xlsx": "people"}
    assert of(dropped, "our people.xlsx").counts == {"new": 2, "changed": 0, "unchanged": 1, "rejected": 1, "read": 4}
    log = of(dropped, "CAR-log.xlsx")
    assert log.source is not None and log.source.counts["read"] == 3 and log.notes["asked"] == 0, log.notes
    assert not Record.objects.exists() and not TakenPerson.objects.exists(), "nothing is written before somebody accepts"


def test_initials_are_asked_once_for_all_files_and_somebody_of_the_list_can_be_the_answer(dropped: Arrival, cast: Cast) -> None:
    found = who_is_who(dropped)
    asked = [(q.text, q.rows, [s.name for s in q.likely]) for q in found.asked]
    assert asked == [("JS", 2, ["Jana Svobodová"])], "OK stands in the list, and XX in a row that cannot be"
    assert found.asked[0].files == ["actions.csv", "CAR-log.xlsx"]
    keep_answers(dropped, [("person", "JS", found.asked[0].likely[0].key)], actor=cast.daniel)
    assert not who_is_who(dropped).asked
    taken_over(dropped, cast.daniel)
    jana = Person.objects.get(email="jana@acme.example")
    (action,) = Record.objects.filter(type="action")
    assert (action.owner, action.parent) == (jana, Record.objects.get(reference="CAR-1")), "people came before problems, problems before actions"
    assert Record.objects.get(reference="CAR-2").owner.name == "Otto Keller"  # type: ignore[union-attr]
    assert not Record.objects.filter(reference="CAR-3").exists(), "29/02/2023 is no day"
    assert dropped.answers == {} and dropped.accepted_at


def test_people_are_made_by_commands_and_nobody_is_signed_in_or_mailed(dropped: Arrival, cast: Cast, mailoutbox: list[Any]) -> None:
    before = Event.objects.count()
    taken_over(dropped, cast.daniel)
    jana = Person.objects.select_related("unit", "manager").get(name="Jana Svobodová")
    assert (jana.badge, jana.unit.name, jana.manager.name, jana.position, jana.account) == ("1001", "Foundry", "Otto Keller", "Melter", "none")  # type: ignore[union-attr]
    assert jana.unit.parent == cast.company and not jana.has_usable_password()
    assert Event.objects.filter(chain=jana.uid, verb="create", actor=cast.daniel.person).count() == 1 and Event.objects.count() > before
    assert not mailoutbox and not Notice.objects.exclude(kind="import").exists()
    assert of(dropped, "our people.xlsx").notes["not_taken"] == [[5, "“not an address” is no e-mail address."]]


def test_the_same_list_a_second_time_changes_nothing(dropped: Arrival, cast: Cast) -> None:
    taken_over(dropped, cast.daniel)
    events = Event.objects.count()
    again = open_arrival(cast.daniel)
    assert again != dropped
    receive_files(again, FILES[2:], actor=cast.daniel)
    taken_over(again, cast.daniel)
    assert of(again, "our people.xlsx").counts == {"new": 0, "changed": 0, "unchanged": 3, "rejected": 1, "read": 4}
    assert Event.objects.count() == events


def test_a_list_is_undone_once_what_its_people_own_is_and_comes_back_whole(dropped: Arrival, cast: Cast) -> None:
    taken_over(dropped, cast.daniel)
    people = of(dropped, "our people.xlsx")
    with pytest.raises(Refused, match="undo the files that these came from first"):
        take_back(people, "The wrong list", actor=cast.daniel)
    for name in ("actions.csv", "CAR-log.xlsx"):
        source = of(dropped, name).source
        assert source is not None
        undo(source, "The wrong list", actor=cast.daniel)
    take_back(people, "The wrong list", actor=cast.daniel)
    otto = Person.objects.get(name="Otto Keller")
    assert (otto.state, otto.email, otto.badge) == ("left", None, None) and Unit.objects.get(name="Foundry").state == "closed"
    again = open_arrival(cast.daniel)
    receive_files(again, FILES[2:], actor=cast.daniel)
    taken_over(again, cast.daniel)
    otto.refresh_from_db()
    assert (otto.state, otto.email, otto.unit.state) == ("active", "otto@acme.example", "active")
    assert Person.objects.filter(name="Otto Keller").count() == 1


def test_a_list_somebody_worked_with_stays(dropped: Arrival, cast: Cast) -> None:
    people = of(dropped, "our people.xlsx")
    receive = open_arrival(cast.daniel)
    for name in ("actions.csv", "CAR-log.xlsx"):
        receive.files.filter(name=name).update(state="laid_aside")
    taken_over(dropped, cast.daniel)
    edit_subject(Person.objects.get(name="Otto Keller"), {"position": "Foreman"}, actor=cast.daniel)
    people.refresh_from_db()
    with pytest.raises(Refused, match="Otto Keller"):
        take_back(people, "The wrong list", actor=cast.daniel)


ODD: list[tuple[list[list[str]], str, str]] = [
    ([["Name", "E-mail"], ["Maeve Brannigan", "maeve@elsewhere.example"]], "new", ""),
    ([["Name", "E-mail"], ["Maeve B.", "maeve@dunmallow.example"]], "changed", ""),
    ([["First name", "Last name"], ["Seun", "Adeyemi"]], "unchanged", ""),
    ([["Name", "Badge"], ["Oluwaseun Adeyemi", "4117"]], "changed", ""),
    ([["Name", "Line manager"], ["Rosa Lind", "Nobody Known"]], "new", "nobody of that name is here"),
    ([["Name", "Initials"], ["Rosa Lind", "RLINDQVIST"]], "new", "longer than 8 letters"),
]


@pytest.mark.parametrize(("rows", "outcome", "says"), ODD)
def test_people_are_found_by_e_mail_number_and_name(cast: Cast, rows: list[list[str]], outcome: str, says: str) -> None:
    arrival = open_arrival(cast.daniel)
    receive_files(arrival, [("staff.csv", csv(rows))], actor=cast.daniel)
    file = of(arrival, "staff.csv")
    if file.becomes != "people":
        look_into(file, csv(rows), actor=cast.daniel, becomes="people")
    assert file.counts[outcome] == 1, file.counts
    (row,) = matched(csv(rows))
    assert says in " ".join(row.remarks)


def matched(data: bytes) -> list[Any]:
    from linchpin.exchange.arrivals.people_matching import match_people

    rows = read_people(understand_people(Book(data, "staff.csv")))
    match_people(rows)
    return rows


def test_a_zip_is_unpacked_and_its_documents_are_one_heap(cast: Cast) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("SOP/SOP-001 Control of documents.md", "# Control of documents\n\nWho keeps what.")
        archive.writestr("../../etc/CAR-log.xlsx", workbook(PROBLEMS))
        archive.writestr("__MACOSX/._CAR-log.xlsx", b"junk")
    arrival = open_arrival(cast.daniel)
    receive_files(arrival, [("everything.zip", out.getvalue())], actor=cast.daniel)
    landed = {f.name: f.becomes for f in arrival.files.all()}
    assert landed == {"everything/SOP/SOP-001 Control of documents.md": "documents", "everything/etc/CAR-log.xlsx": "nonconformity"}
    taken_over(arrival, cast.daniel)
    document = Record.objects.get(type="document")
    take_back(arrival.files.get(becomes="documents"), "Not ours", actor=cast.daniel)
    document.refresh_from_db()
    assert document.phase == "void"


def test_goals_are_kept_for_later_and_said_so_and_what_is_no_table_too(cast: Cast) -> None:
    arrival = open_arrival(cast.daniel)
    goals = csv([["Goal", "Target", "Owner"], ["Nothing wrong leaves the gate", "2.0 per 1,000", "Maeve Brannigan"]])
    others = [("site.dwg", b"AC1032\x00\x01\x02" * 20), ("locked.xlsx", b"PK\x03\x04broken")]
    receive_files(arrival, [("Quality goals 2026.csv", goals), *others], actor=cast.daniel)
    assert {f.name: f.becomes for f in arrival.files.all()} == {"Quality goals 2026.csv": "kept", "site.dwg": "kept", "locked.xlsx": ""}
    assert "damaged" in of(arrival, "locked.xlsx").notes["wrong"]
    with pytest.raises(Refused, match="No file can be taken over yet"):
        take_all_over(arrival, actor=cast.daniel)


def test_hanna_may_bring_in_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_arrival(cast.hanna)


def test_what_only_a_person_can_know_holds_its_file_back_and_no_other(cast: Cast) -> None:
    arrival = open_arrival(cast.daniel)
    doubtful = [["Problem", "Date found", "Severity"], ["Burr left", "03/04/2024", "Minor"], ["Chip on seat", "05/06/2024", "Minor"]]
    receive_files(arrival, [("NCR 2024.csv", csv(doubtful)), *FILES[2:]], actor=cast.daniel)
    assert of(arrival, "NCR 2024.csv").notes["asked"] == 1
    taken_over(arrival, cast.daniel)
    assert not Record.objects.exists() and Person.objects.filter(name="Otto Keller").exists()


def test_actions_wait_for_the_problems_that_wait_for_an_answer(cast: Cast) -> None:
    arrival = open_arrival(cast.daniel)
    twice = [PROBLEMS[0], *PROBLEMS[1:3], *([f"CAR-{n}", "Coolant leak", "", "2024-05-16", "Minor", "", "Open"] for n in (4, 5, 6, 7, 7))]
    receive_files(arrival, [("CAR-log.xlsx", workbook(twice)), FILES[0], FILES[2]], actor=cast.daniel)
    assert of(arrival, "CAR-log.xlsx").notes["about"] == ["“CAR No” has the same value in several rows. What are those rows?"]
    assert [file.name for file in takeable(arrival)] == ["our people.xlsx"]
    taken_over(arrival, cast.daniel)
    assert of(arrival, "actions.csv").state == "open" and not Record.objects.exists()
    Import.objects.filter(type="nonconformity").update(answers={"repeated": "refuse"})
    taken_over(arrival, cast.daniel)
    assert Record.objects.get(type="action").parent.reference == "CAR-1"  # type: ignore[union-attr]
    assert Record.objects.filter(type="nonconformity").count() == 5, "the two rows of one number come back"
