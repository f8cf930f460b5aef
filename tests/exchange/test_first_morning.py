"""What a first morning with real files showed: files of one name, two registers with the same numbers, letters, and taking all of it back."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.exchange.arrivals.describing import described
from linchpin.exchange.arrivals.receiving_many import new_arrival, receive_files
from linchpin.exchange.arrivals.taking_back import take_all_back
from linchpin.exchange.arrivals.taking_over import take_over, takeable
from linchpin.exchange.models import Arrival, Import
from linchpin.kernel import commands
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast
from tests.exchange.test_arriving_together import FILES, csv

LOG = [["CAR No", "Problem"], ["CAR-1", "Burr left where two bores cross"], ["CAR-2", "Mixed fittings in tray 6"]]
OTHER = [["CAR No", "Problem"], ["CAR-1", "Burr where two bores cross"], ["CAR-2", "Label on the wrong side"]]


def heap(cast: Cast, *files: tuple[str, bytes]) -> Arrival:
    arrival = new_arrival(cast.daniel)
    receive_files(arrival, files, actor=cast.daniel)
    return arrival


def taken(arrival: Arrival, cast: Cast) -> Arrival:
    take_over(arrival, takeable(arrival), actor=cast.daniel, say=lambda *_said: None)
    return arrival


def test_files_of_one_name_are_all_brought_in(cast: Cast) -> None:
    pages = [("index.md", f"# Page {n}\n\nText {n}.".encode()) for n in range(3)]
    arrival = heap(cast, *pages, pages[0])
    assert sorted(arrival.files.values_list("name", flat=True)) == ["index (2).md", "index (3).md", "index.md"]
    receive_files(arrival, pages, actor=cast.daniel)
    assert arrival.files.count() == 3, "each is here already"
    taken(arrival, cast)
    assert sorted(Record.objects.filter(type="document").values_list("title", flat=True)) == ["Page 0", "Page 1", "Page 2"]


def test_two_registers_with_the_same_numbers_are_told_before_one_changes_the_other(cast: Cast, browser_of: Any) -> None:
    arrival = heap(cast, ("north.csv", csv(LOG)), ("copy.csv", csv([*LOG, ["", ""]])), ("south.csv", csv(OTHER)))
    remarks = {one["name"]: " ".join(one["remarks"]) for one in described(arrival, actor=cast.daniel)["files"]}
    assert remarks["north.csv"] == "" and remarks["copy.csv"] == "2 rows stand in north.csv too, word for word"
    assert remarks["south.csv"].startswith("2 numbers stand in north.csv too and say something else there")
    page = browser_of("daniel").get(f"/import/files/{arrival.uid}/").content.decode()
    assert "lay one aside" in page and "word for word" in page


def test_a_letter_is_kept_and_a_table_that_nobody_knows_shows_its_columns(cast: Cast) -> None:
    letter = b"Permission is granted to any person, free of charge,\nto deal in it without restriction.\nNo warranty\nis given\nof any kind.\n"
    files = {one["name"]: one for one in described(heap(cast, ("LICENSE.txt", letter), ("x.csv", csv([["Colour", "Weight"], ["red", "4"]]))),
                                                   actor=cast.daniel)["files"]}  # fmt: skip
    assert files["LICENSE.txt"]["becomes"] == "kept" and files["x.csv"]["becomes"] == ""
    assert Arrival.objects.get().files.get(name="x.csv").notes["headers"] == ["Colour", "Weight"]


def test_a_heap_in_which_one_file_changed_another_s_records_is_undone_as_a_whole(cast: Cast, browser_of: Any) -> None:
    arrival = taken(heap(cast, *FILES, ("copy.csv", csv([["CAR No", "Problem"], ["CAR-1", "Burr where two bores cross"]]))), cast)
    assert Import.objects.filter(state="accepted").count() == 3 and Record.objects.get(reference="CAR-1").title == "Burr where two bores cross"
    with pytest.raises(Refused, match="Say why"):
        take_all_back(arrival, " ", actor=cast.daniel)
    answer = browser_of("daniel").post(f"/import/files/{arrival.uid}/undo/", {"reason": "Only a trial"}, follow=True)
    assert "It is undone, with your reason." in answer.content.decode()
    assert not Record.objects.exclude(phase="void").exists() and not Import.objects.filter(state="accepted").exists()


def test_what_marek_works_on_stays_and_the_card_says_so(cast: Cast) -> None:
    arrival = taken(heap(cast, ("north.csv", csv(LOG)), ("south.csv", csv(OTHER))), cast)
    commands.comment(Record.objects.get(reference="CAR-1").nonconformity, "Seen again today.", actor=cast.daniel)
    assert take_all_back(arrival, "Only a trial", actor=cast.daniel) == 2
    assert "Somebody worked on" in arrival.files.get(name="south.csv").notes["wrong"]
