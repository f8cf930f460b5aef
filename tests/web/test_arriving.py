"""The first hour through the pages, without JavaScript: two doors, files dropped together, cards, answers, and what became of each."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from linchpin.exchange.models import Arrival, ArrivedFile
from linchpin.kernel import commands
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records.models import Record
from tests.cast import Cast
from tests.exchange.test_arriving_together import FILES, csv

DOUBTFUL = csv([["Problem", "Date found"], ["Burr left", "03/04/2024"], ["Chip on seat", "05/06/2024"]])


def drop(browser: Client, *files: tuple[str, bytes]) -> Arrival:
    answer = browser.post("/import/files/", {"file": [SimpleUploadedFile(name, data) for name, data in files]})
    assert answer.status_code == 302, answer.content.decode()
    return Arrival.objects.latest("id")


def page_of(browser: Client, arrival: Arrival) -> str:
    return browser.get(f"/import/files/{arrival.uid}/").content.decode()


def take_over(browser: Client, arrival: Arrival) -> str:
    answer = browser.post(f"/import/files/{arrival.uid}/take-over/")
    assert re.match(r"/jobs/[0-9a-f-]+/", answer["Location"])
    run_next()
    return browser.get(answer["Location"], follow=True).content.decode()


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_whoever_sets_an_installation_up_finds_two_doors_until_something_is_here(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    assert daniel.get("/todo/").status_code == 200, "a demonstration has its cast"
    with commands.command():
        Organization.objects.update(is_demo=False)
    assert daniel.get("/todo/")["Location"] == "/first/"
    page = text(daniel.get("/first/").content.decode())
    assert "Start with my own files" in page and "linchpin demo" in page
    assert browser_of("hanna").get("/todo/").status_code == 200 and browser_of("hanna").get("/first/").status_code == 403
    cast.problem()
    assert daniel.get("/todo/").status_code == 200


def test_cards_say_what_is_known_and_what_is_asked_and_afterwards_what_became_of_each(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    assert "Drop files or a folder here" in daniel.get("/import/files/").content.decode()
    arrival = drop(daniel, *FILES, ("NCR 2024.csv", DOUBTFUL))
    page = text(page_of(daniel, arrival))
    assert "2 problems" in page and "1 row cannot be taken" in page and "1 owner is not clear: who is JS?" in page
    assert "1 thing to ask you In “Date found”, how is 03/04/2024 read?" in page
    assert "1 action" in page and "1 row belongs to a record of another file" in page
    assert "Nothing has been sent to anyone yet" in page and "Take over 3 files" in page and "1 file waits for an answer" in page
    who = re.search(r'name="name-person-0" value="JS".*?<option value="(new:[^"]+)">Jana Svobodová', page_of(daniel, arrival), re.S)
    assert who
    daniel.post(f"/import/files/{arrival.uid}/names/", {"name-person-0": "JS", "who-person-0": who[1]})
    page = take_over(daniel, arrival)
    assert "2 problems taken over" in text(page) and "2 people" not in text(page) and "3 people taken over" in text(page)
    assert Record.objects.get(type="action").owner == Person.objects.get(name="Jana Svobodová")
    people = arrival.files.get(becomes="people")
    assert f"/import/files/{arrival.uid}/{people.uid}/not-taken.xlsx" in page
    book = load_workbook(io.BytesIO(daniel.get(f"/import/files/{arrival.uid}/{people.uid}/not-taken.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][2]] == [5, "“not an address” is no e-mail address."]
    assert "29/02/2023" in daniel.get(f"/import/{arrival.files.get(name='CAR-log.xlsx').source.uid}/?show=dates").content.decode()  # type: ignore[union-attr]
    held = arrival.files.get(name="NCR 2024.csv").source
    assert held is not None and held.state == "rehearsed" and f"/import/{held.uid}/columns/" in page


def test_the_columns_of_a_list_of_people_are_chosen_by_looking(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    arrival = drop(daniel, ("team.csv", csv([["Name", "Wer", "E-mail"], ["Rosa Lind", "RL", "rosa@acme.example"]])))
    file = arrival.files.get()
    address = f"/import/files/{arrival.uid}/{file.uid}/people/"
    page = daniel.get(address).content.decode()
    assert "Rosa Lind" in page and "nothing has been sent to anyone yet" in page
    daniel.post(address, {"field-A": "name", "field-B": "initials", "field-C": "email"})
    take_over(daniel, arrival)
    assert Person.objects.get(name="Rosa Lind").initials == "RL"
    page = text(daniel.post(f"/import/files/{arrival.uid}/{file.uid}/undo/", {"reason": "The wrong team"}, follow=True).content.decode())
    assert "undone" in page and Person.objects.get(name="Rosa Lind").state == "left"


def test_a_file_can_be_something_else_or_laid_aside(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    daniel = browser_of("daniel")
    arrival = drop(daniel, ("list.csv", csv([["Colour", "Amount"], ["red", "3"], ["blue", "4"]])))
    file = arrival.files.get()
    assert file.becomes == "" and "What is this?" in page_of(daniel, arrival)
    address = f"/import/files/{arrival.uid}/{file.uid}/becomes/"
    daniel.post(address, {"becomes": "action"})
    file.refresh_from_db()
    assert (file.becomes, file.source.type) == ("action", "action")  # type: ignore[union-attr]
    assert daniel.post(address, {"becomes": "salaries"}).status_code == 422
    daniel.post(address, {"becomes": "aside"})
    assert ArrivedFile.objects.get().state == "laid_aside" and "list.csv" not in page_of(daniel, arrival)
    arrival = drop(daniel, FILES[0])
    source = arrival.files.get(name="actions.csv").source
    answer = daniel.post(f"/import/{source.uid}/accept/", {"do": "throw_away"})  # type: ignore[union-attr]
    assert answer["Location"] == f"/import/files/{arrival.uid}/" and "card-file" not in page_of(daniel, arrival)
    assert "actions.csv" in page_of(daniel, drop(daniel, FILES[0])), "it may be dropped again"


def test_others_neither_drop_nor_look(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    arrival = drop(browser_of("daniel"), *FILES[:1])
    hanna = browser_of("hanna")
    file = arrival.files.get()
    tried: list[Any] = [hanna.get("/import/files/"), hanna.get(f"/import/files/{arrival.uid}/"), hanna.get(f"/import/files/{arrival.uid}/{file.uid}/")]
    tried += [hanna.post(f"/import/files/{arrival.uid}/take-over/"), hanna.post(f"/import/files/{arrival.uid}/{file.uid}/becomes/", {"becomes": "kept"})]
    assert {answer.status_code for answer in tried} == {403}
    norbert = browser_of("norbert")
    assert norbert.get(f"/import/files/{arrival.uid}/{file.uid}/").status_code == 404, "an administrator brings in people, and no actions"
