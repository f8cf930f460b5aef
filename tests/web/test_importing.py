"""Bringing in data through the pages, without JavaScript: drop, look, rehearse, accept, take back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from linchpin.exchange.models import Import, NameMatch, SavedProfile
from linchpin.kernel import commands
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.records.models import Record
from tests.cast import Cast

HEADERS = ["CAR No", "Problem", "Description", "Date found", "Severity", "Owner", "Due date"]
ROWS: list[list[Any]] = [
    ["CAR-1", "Burr left where two bores cross", "Found at inspection, 38 bodies on hold", "2024-03-14", "Serious", "Marek Zieliński", "2024-06-01"],
    ["CAR-2", "Mixed fittings in tray 6", "Two of another colour", "2024-04-02", "Minor", "MZ", ""],
    ["CAR-3", "Coolant leak at 5AX-3", "Puddle under the door", "29/02/2022", "Minor", "Priya Raman", ""],
]


def workbook(*rows: list[Any], sheet: str = "CAR log") -> bytes:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drop(browser: Client, data: bytes, name: str = "CAR-log.xlsx", key: str = "nonconformity") -> Import:
    answer = browser.post("/import/new/", {"file": SimpleUploadedFile(name, data), "type": key})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("id")


def form_of(page: str, button: str) -> dict[str, str]:
    """What a browser would post from the form that holds the button, as it stands."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if f'value="{button}"' in f)
    given = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'<option value="([^"]*)"', options)
        given[name] = chosen[1] if chosen else ""
    return given | {"do": button}


def rehearse(browser: Client, source: Import, **answers: str) -> str:
    page = browser.get(f"/import/{source.uid}/columns/").content.decode()
    answer = browser.post(f"/import/{source.uid}/columns/", form_of(page, "rehearse") | answers, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    source.refresh_from_db()
    return answer.content.decode()


def accept(browser: Client, source: Import, do: str = "valid") -> str:
    answer = browser.post(f"/import/{source.uid}/accept/", {"do": do}, follow=True)
    source.refresh_from_db()
    return answer.content.decode()


def test_from_the_file_to_the_register_and_nobody_is_told(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    assert "Drop a file here" in daniel.get("/import/").content.decode()
    source = drop(daniel, workbook(HEADERS, *ROWS))
    page = rehearse(daniel, source)
    assert source.state == "rehearsed" and not Record.objects.exists() and not Notice.objects.exists()
    assert "Nothing is written, and nothing has been sent to anyone yet." in page
    assert "“29/02/2022” is not a day: month 2 of 2022 has 28 days." in page and "is-wrong" in page
    assert source.counts["read"] == 3 == source.counts["new"] + source.counts["rejected"]
    page = accept(daniel, source)
    assert "2 records are here now" in page and f"?import={source.uid}" in page
    register = daniel.get(f"/nonconformity/?import={source.uid}").content.decode()
    assert "Mixed fittings in tray 6" in register and "CAR-log.xlsx" in register
    (first, second) = Record.objects.order_by("serial")
    assert (first.owner, first.reference, str(first.due)) == (cast.marek.person, "CAR-1", "2024-06-01")
    assert (second.owner, second.owner_text, second.provenance) == (None, "MZ", "imported")
    assert [(n.person, n.kind) for n in Notice.objects.all()] == [(cast.marek.person, "import")]


def test_what_only_a_person_can_know_is_asked_beside_its_column(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    rows = [["CAR-1", "Burr in bore", "", "03/04/2024", "Red"], ["CAR-2", "Leak at the door", "", "05/06/2024", "Serious"]]
    source = drop(daniel, workbook(HEADERS[:5], *rows))
    page = daniel.get(f"/import/{source.uid}/columns/").content.decode()
    assert "2 questions that only you can answer." in page
    assert "In “Date found”, how is 03/04/2024 read?" in page and "In “Severity”, what does “Red” mean?" in page
    refused = daniel.post(f"/import/{source.uid}/columns/", form_of(page, "rehearse"))
    assert refused.status_code == 422 and "This is still open" in refused.content.decode()
    rehearse(daniel, source, **{"dates-D": "dmy", "value-E-0": "critical"})
    accept(daniel, source)
    found = {r.reference: (str(r.nonconformity.detected), r.nonconformity.severity) for r in Record.objects.all()}
    assert found == {"CAR-1": ("2024-04-03", "critical"), "CAR-2": ("2024-06-05", "major")}


def test_a_name_is_matched_once_and_remembered(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS[:2]))
    page = rehearse(daniel, source)
    assert "1 name: who is meant?" in page and "<optgroup label=\"Perhaps\"><option" in page
    answer = daniel.post(f"/import/{source.uid}/names/", {"name-person-0": "MZ", "who-person-0": str(cast.marek.person.pk)}, follow=True)
    assert "who is meant" not in answer.content.decode() and NameMatch.objects.get().text == "mz"
    accept(daniel, source)
    assert {r.owner_id for r in Record.objects.all()} == {cast.marek.person.pk}


def test_a_name_matched_after_acceptance_gives_the_records_their_owner(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS[:2]))
    rehearse(daniel, source)
    accept(daniel, source)
    daniel.post(f"/import/{source.uid}/names/", {"name-person-0": "MZ", "who-person-0": str(cast.marek.person.pk)})
    assert not Record.objects.filter(owner=None).exists()
    assert "Undo the import" in daniel.get(f"/import/{source.uid}/").content.decode()


def test_the_header_row_and_the_sheet_are_chosen_by_looking(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(["Dunmallow Aero Components"], [], ["Printed on", "1 May 2024"], HEADERS, *ROWS[:2]))
    page = daniel.get(f"/import/{source.uid}/columns/").content.decode()
    assert 'value="4" checked' in page and "Dunmallow Aero Components" in page
    daniel.post(f"/import/{source.uid}/columns/", {"do": "look", "sheet": "CAR log", "type": "nonconformity", "header_row": "3"})
    page = daniel.get(f"/import/{source.uid}/columns/").content.decode()
    assert 'value="3" checked' not in page  # the sheet was only now named: its header row is looked for anew
    daniel.post(f"/import/{source.uid}/columns/", {"do": "look", "sheet": "CAR log", "type": "nonconformity", "header_row": "3"})
    assert 'value="3" checked' in daniel.get(f"/import/{source.uid}/columns/").content.decode()


def test_a_mapping_is_kept_by_name_downloaded_and_used_again(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS[:2]))
    page = daniel.get(f"/import/{source.uid}/columns/").content.decode()
    daniel.post(f"/import/{source.uid}/columns/", form_of(page, "save") | {"name": "our-car-log", "title": "Our CAR log"})
    assert SavedProfile.objects.get().name == "our-car-log"
    rehearse(daniel, source)
    toml = daniel.get(f"/import/{source.uid}/profile.toml")
    assert toml["Content-Type"] == "application/toml" and b'type = "nonconformity"' in toml.content
    second = drop(daniel, workbook(HEADERS, ["CAR-9", "Another one", "", "2024-05-05", "Minor", "", ""]), "May.xlsx", key="")
    page = daniel.get(f"/import/{second.uid}/columns/").content.decode()
    assert "This looks like “Our CAR log”." in page
    answer = daniel.post(f"/import/{second.uid}/columns/", form_of(page, "use"), follow=True)
    assert "1 row" in answer.content.decode() or "Accept 1 record" in answer.content.decode()
    third = drop(daniel, workbook(HEADERS, *ROWS[:1]), "June.xlsx")
    upload = {"do": "upload", "toml": SimpleUploadedFile("our.toml", toml.content)}
    assert "Accept 1 record" in daniel.post(f"/import/{third.uid}/columns/", upload, follow=True).content.decode()
    broken = daniel.post(f"/import/{third.uid}/columns/", {"do": "upload", "toml": SimpleUploadedFile("our.toml", b"type = [")})
    assert "The profile is no valid TOML" in broken.content.decode()


def test_all_or_none_takes_nothing_while_a_row_cannot_be_taken(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS))
    rehearse(daniel, source)
    page = accept(daniel, source, "all_or_none")
    assert "you asked for all or none: nothing was taken" in page and not Record.objects.exists() and source.state == "rehearsed"


def test_the_rejected_rows_come_back_as_a_workbook_to_be_corrected(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS))
    rehearse(daniel, source)
    accept(daniel, source)
    page = load_workbook(io.BytesIO(daniel.get(f"/import/{source.uid}/rejected.xlsx").content)).active
    rows = list(page.values)
    assert rows[0][:7] == tuple(HEADERS) and rows[1][0] == "CAR-3" and rows[1][7] == 4 and "month 2 of 2022 has 28 days" in rows[1][8]
    corrected = [*rows[1][:3], "2022-02-28", *rows[1][4:7]]
    second = drop(daniel, workbook(HEADERS, corrected), "corrected.xlsx")
    rehearse(daniel, second)
    accept(daniel, second)
    assert Record.objects.filter(reference="CAR-3").count() == 1


def test_the_reconciliation_adds_up_and_is_kept(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook([*HEADERS, "Colour"], *[[*row, "blue"] for row in ROWS]))
    rehearse(daniel, source, **{"field-H": "-"})
    accept(daniel, source)
    kept = daniel.get(f"/import/{source.uid}/reconciliation.xlsx").content
    book = load_workbook(io.BytesIO(kept))
    figures = dict(row[:2] for row in book["Summary"].values)
    assert figures["Rows below the header"] == 3 == figures["Blank, not taken, merged, new, changed and unchanged together"]
    assert [row[:2] for row in book["Left over"].values][1:3] == [("Column left out", "H Colour"), ("Owner kept as text", "MZ")]
    assert source.reconciliation and daniel.get(f"/import/{source.uid}/reconciliation.xlsx").content == kept


def test_an_import_is_undone_as_long_as_nobody_worked_on_it(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS[:2]))
    rehearse(daniel, source)
    accept(daniel, source)
    assert "Say why the import is undone" in daniel.post(f"/import/{source.uid}/undo/", {"reason": " "}).content.decode()
    daniel.post(f"/import/{source.uid}/undo/", {"reason": "The wrong month."})
    source.refresh_from_db()
    assert source.state == "undone" and set(Record.objects.values_list("phase", flat=True)) == {"void"}
    again = drop(daniel, workbook(HEADERS, *ROWS[:2]))
    rehearse(daniel, again)
    accept(daniel, again)
    touched = Record.objects.filter(phase="open").order_by("serial").first()
    commands.edit(touched, {"title": "Burr, seen by Marek"}, actor=cast.marek)
    page = daniel.get(f"/import/{again.uid}/").content.decode()
    assert "Somebody worked on some of its records since" in page and touched.number in page
    refused = daniel.post(f"/import/{again.uid}/undo/", {"reason": "Second thoughts."})
    assert refused.status_code == 422 and Record.objects.filter(phase="open").count() == 2


def test_a_rehearsal_that_is_thrown_away_leaves_nothing(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    source = drop(daniel, workbook(HEADERS, *ROWS))
    rehearse(daniel, source)
    page = accept(daniel, source, "throw_away")
    assert "was thrown away" in page and not source.rows.exists() and not Record.objects.exists()
    assert "was dealt with meanwhile" in accept(daniel, source)


@pytest.mark.parametrize("name", ["marek", "priya", "kateřina", "norbert"])
def test_whoever_may_not_import_is_told_whose_work_it_is(cast: Cast, browser_of: Callable[[str], Client], name: str) -> None:
    source = drop(browser_of("daniel"), workbook(HEADERS, *ROWS))
    other = browser_of(name)
    answers = [
        other.get("/import/"), other.get(f"/import/{source.uid}/"), other.get(f"/import/{source.uid}/columns/"),
        other.get(f"/import/{source.uid}/rejected.xlsx"),
        other.post("/import/new/", {"file": SimpleUploadedFile("a.xlsx", workbook(HEADERS)), "type": "nonconformity"}),
        other.post(f"/import/{source.uid}/accept/", {"do": "valid"}), other.post(f"/import/{source.uid}/undo/", {"reason": "no"}),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {403} and not Record.objects.exists()


def test_a_long_file_is_rehearsed_and_accepted_as_a_job_that_shows_how_far_it_is(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    many = [[f"CAR-{n}", f"Burr number {n}", "", "2024-03-14", "Minor", "", ""] for n in range(2_100)]
    source = drop(daniel, workbook(HEADERS, *many))
    page = rehearse(daniel, source)
    assert "How far it is" in page and "Stop it" in page and source.state == "reading"
    standing = daniel.get(f"/jobs/{source.job.uid}/", headers={"Accept": "application/json"}).json()
    assert standing["percent"] == 0 and standing["ended"] is False
    assert run_next().state == "done"
    source.refresh_from_db()
    assert source.state == "rehearsed" and source.counts["new"] == 2_100
    accept(daniel, source)
    assert run_next().state == "done" and Record.objects.count() == 2_100
    assert "2,100 records are here now" in daniel.get(f"/import/{source.uid}/").content.decode()


def test_a_job_that_is_stopped_keeps_nothing(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    many = [[f"CAR-{n}", f"Burr number {n}", "", "2024-03-14", "Minor", "", ""] for n in range(2_100)]
    source = drop(daniel, workbook(HEADERS, *many))
    rehearse(daniel, source)
    daniel.post(f"/jobs/{source.job.uid}/cancel/")
    assert run_next() is None
    source.refresh_from_db()
    assert source.job.state == "cancelled" and not source.rows.exists()
    assert daniel.get(f"/import/{source.uid}/columns/").status_code == 200


def test_an_upload_of_two_gigabytes_is_refused_before_it_is_read(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    class Untouched(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("The body was read.")

    declared = {"CONTENT_LENGTH": str(2 << 30), "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Untouched()}
    answer = browser_of("daniel").generic("POST", "/import/new/", **declared)
    assert answer.status_code == 413 and "The upload has 2048 MB; the largest file taken is 50 MB." in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "log.xlsx", "is empty: there is nothing to bring in"),
        (b"%PDF-1.7 ...", "log.xlsx", "is no spreadsheet: bring in .xlsx, .csv or .tsv"),
        (b"<html><table>", "log.xls", "is a web page or document"),
        (b"a,b\n1,\x002\n", "log.csv", "Line 2 holds a NUL byte"),
        (b"PK\x03\x04 broken", "log.xlsx", "is damaged or no complete workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    cast: Cast, browser_of: Callable[[str], Client], data: bytes, name: str, sentence: str
) -> None:
    answer = browser_of("daniel").post("/import/new/", {"file": SimpleUploadedFile(name, data), "type": "nonconformity"})
    assert answer.status_code == 422 and sentence in answer.content.decode() and not Import.objects.exists()


def test_a_record_that_changes_shows_what_stood_there(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    for row in (ROWS[0], [*ROWS[0][:4], "Critical", *ROWS[0][5:]]):
        source = drop(daniel, workbook(HEADERS, row))
        page = rehearse(daniel, source)
        accept(daniel, source)
    assert "<s>Serious</s> Critical" in page
    assert Record.objects.get().nonconformity.severity == "critical"
