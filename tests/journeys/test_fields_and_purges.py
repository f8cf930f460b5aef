"""Norbert adds a field, Daniel fills it in, Priya has a wrong file purged: in a real browser, with axe on each page."""

from __future__ import annotations

import pytest

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey

STORY = """
from django.core.files.base import ContentFile
from linchpin.kernel import commands
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
daniel = access_of(Person.objects.select_related("unit").get(name="Daniel Petrov"))
priya = Person.objects.select_related("unit").get(name="Priya Raman")
made = commands.create("nonconformity", {"title": "Burr at the crossing", "unit": priya.unit, "severity": "minor", "owner": priya}, actor=daniel)
commands.attach(made, ContentFile(b"hours of people", "hours.txt"), actor=daniel)
print(made.number)
"""


def test_a_field_is_added_and_a_file_is_purged(walk: Walk, served: Served) -> None:
    page = f"/nonconformity/{served.does(STORY).splitlines()[-1]}/"
    walk.become("Daniel Petrov")
    walk.at("/settings/fields/nonconformity/")
    walk.looks_right()
    walk.fill(label="Cost so far", kind="number", unit="€", decimals="2")
    walk.page.get_by_label("A column of the register").check()
    walk.press("Add it")
    walk.sees("x_cost_so_far")
    walk.at(f"{page}edit/?section=record.added")
    walk.fill(x_cost_so_far="1250,5")
    walk.press("Save")
    walk.sees("1,250.50")
    walk.become("Priya Raman")
    walk.at(f"{page}purge/")
    walk.page.locator("#f-target").select_option(index=1)
    walk.fill(reason="Attached by mistake.")
    walk.press("Propose it")
    walk.become("Daniel Petrov")
    walk.at(f"{page}purge/")
    walk.looks_right()
    walk.press("Confirm: it goes for good")
    walk.sees("Proposed by Priya Raman, confirmed by Daniel Petrov.")
    walk.looks_right()
