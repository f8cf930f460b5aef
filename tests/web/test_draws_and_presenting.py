"""A sample by Kateřina's own seed, repeated without us; and the screen of the meeting room, on which no customer's name stands."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed
from linchpin.kernel.trail import history
from linchpin.surfaces.web.rooms import PROGRAM
from linchpin.surfaces.web.screening import hide, hide_in_html
from tests.api.callers import Caller
from tests.auditing import invite, kateřina
from tests.cast import Cast

NAMES = "Northlight Aircraft, Northlight\nPallas Propulsion, Pallas"


def test_kateřina_repeats_her_draw_with_the_program_on_the_page(cast: Cast, browser_of: Any, tmp_path: Path) -> None:
    for n in range(9):
        cast.problem(title=f"Problem {n}")
    visit, browser = invite(cast), browser_of("kateřina")
    sent = {"population": "problems_open", "n": "3", "seed": "seat 14C, porridge"}
    assert browser.post("/room/sample/", sent).status_code == 302
    told = {change.field: change.new for change in history(visit.pk)[-1].changes}
    file = b"".join(browser.get(f"/visit/{visit.number}/files/{visit.files.get().uid}/").streaming_content)
    assert (told["population_n"], told["population_sha256"]) == ("9", sha256(file).hexdigest())
    (tmp_path / "population.txt").write_bytes(file)
    program = PROGRAM.replace("YOUR SEED", sent["seed"]).replace("n = ", "n = ", 1).replace(", 5", ", 3")
    said = subprocess.run([sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == told["drawn"]
    page = browser.get("/room/sample/").content.decode()
    assert all(line.split()[1] in page for line in told["drawn"].splitlines()) and told["population_sha256"] in page


def test_every_draw_stands_and_only_the_auditor_draws(cast: Cast, browser_of: Any) -> None:
    for n in range(4):
        cast.problem(title=f"Problem {n}")
    visit = invite(cast)
    secret = issue_token(cast.kateřina.person, "laptop", scopes=["read", "write"], days=1, actor=kateřina(cast))[1]
    caller = Caller(secret)
    body = {"population": "problems_open", "n": 2, "seed": "first"}
    first = caller.post(f"/visit/{visit.number}/draws/", body)
    assert first.status_code == 201 and len(first.json()["drawn"]) == 2
    commands.edit(Record.objects.get(number=first.json()["drawn"][0]["number"]), {"title": "Made better meanwhile"}, actor=cast.daniel)
    again = browser_of("kateřina")
    again.post("/room/sample/", {"population": "problems_open", "n": "2", "seed": "second"})
    assert [one["seed"] for one in caller.get(f"/visit/{visit.number}/draws/").json()] == ["second", "first"]
    assert again.post("/room/sample/", {"population": "problems_open", "n": "9", "seed": "third"}).status_code == 422
    with pytest.raises(NotAllowed):
        commands.edit(visit, {"title": "Mine"}, actor=kateřina(cast))
    assert browser_of("daniel").post(f"/room/{visit.number}/sample/", {"population": "problems_open", "n": "1", "seed": "x"}).status_code == 403
    assert "Only the auditor draws" in browser_of("daniel").get(f"/room/{visit.number}/sample/").content.decode()


def test_on_the_screen_of_the_meeting_room_no_customer_and_then_no_person_stands(cast: Cast, browser_of: Any) -> None:
    burr = cast.problem(title="Burr on Northlight's bracket <4412>", description="Told NORTHLIGHT  AIRCRAFT and Pallas-Propulsion; seen by Priya Raman.")
    invite(cast, hidden_names=NAMES)
    browser, home = browser_of("kateřina"), f"/nonconformity/{burr.number}/"
    places = (home, "/nonconformity/", "/search/?q=northlight", "/room/", "/room/since/", f"/api/v1{home}", "/nonconformity/?view=board")
    assert "Northlight" in browser.get(home).content.decode()
    browser.post("/present/", {"hide": "customers", "back": home})
    for path in places:
        page = browser.get(path).content.decode()
        shown = page.replace('href="/search/?q=northlight"', "")
        assert "northlight a" not in shown.lower() and "Northlight" not in shown and "Pallas" not in shown, path
    page = browser.get(home).content.decode()
    assert "Burr on Customer A&#x27;s bracket &lt;4412&gt;" in page and "Told Customer A and Customer B; seen by Priya Raman." in page
    browser.post("/present/", {"hide": "everybody", "back": home})
    page = browser.get(home).content.decode()
    assert "Priya" not in page and "Daniel" not in page and "Kateřina" not in page and "Person " in page
    for path in (f"{home}check.zip", "/nonconformity/export.csv"):
        assert "switch presenter mode off" in browser.get(path).content.decode(), path
    browser.post("/present/", {"hide": "", "back": home})
    assert "Northlight" in browser.get(home).content.decode()


def test_a_host_who_presents_writes_over_no_hidden_name(cast: Cast, browser_of: Any) -> None:
    burr = cast.problem(title="Burr on a bracket for Northlight")
    invite(cast, hidden_names=NAMES)
    daniel = browser_of("daniel")
    daniel.post("/present/", {"hide": "customers"})
    form = daniel.get(f"/nonconformity/{burr.number}/edit/").content.decode()
    assert 'value="Burr on a bracket for Customer A"' in form
    refused = daniel.post(f"/nonconformity/{burr.number}/edit/", {"title": "Burr on a bracket for Customer A"})
    assert refused.status_code == 409 and "switch it off first" in refused.content.decode()
    assert Record.objects.get(pk=burr.pk).title == "Burr on a bracket for Northlight"


def test_names_are_hidden_in_what_is_read_and_not_in_what_makes_the_page_work() -> None:
    names = {("northlight", "aircraft"): "Customer A", ("northlight",): "Customer A", ("class",): "Customer B", ("dvořáková",): "Person 9"}
    assert hide("Northlight’s, northlight aircraft's, Northlights and Northlighters", names) == "Customer A’s, Customer A's, Customer As and Northlighters"
    page = '<p class="class" title="Northlight"><mark>North</mark>light, <mark>Northlight</mark> Aircraft &amp; Dvo&#345;&#225;kov&#225; class</p>'
    assert hide_in_html(page, names) == '<p class="class" title="Customer A">Customer A, Customer A &amp; Person 9 Customer B</p>'
