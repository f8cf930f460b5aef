"""What was purged, and who was erased, after a backup: neither is in any file of the home, nor comes back with the backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.safekeeping.installation import Installation

NAMING = """
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
who = {p.name.split()[0]: access_of(p) for p in Person.objects.all()}
commands.edit(Record.objects.get(reference="CAR-17"), {"evidence": "Shown to Kateřina Dvořáková."}, actor=who["Daniel"])
"""
PURGING = """
from linchpin.kernel.commands.erasing_people import erase_person, replace_in_texts
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.commands.purging import confirm_purge, propose_purge
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
who = {p.name.split()[0]: access_of(p) for p in Person.objects.all()}
record = Record.objects.get(reference="CAR-17")
confirm_purge(propose_purge(record, "field", "title", actor=who["Marek"], reason="Not true."), actor=who["Daniel"])
file = Record.objects.filter(files__name="count.txt").get().files.get()
confirm_purge(propose_purge(file.record, "file", str(file.uid), actor=who["Marek"], reason="Of another house."), actor=who["Daniel"])
"""
ERASING = """
person = Person.objects.get(name__startswith="Kate")
edit_subject(person, {"state": "left"}, actor=who["Norbert"])
replace_in_texts(person, None, actor=who["Norbert"])
print(erase_person(person, actor=who["Norbert"], reason="Asked for.").name)
"""
LOOKING = """
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.registry import get_type
row = get_type("nonconformity").model.objects.get(reference="CAR-17")
print([row.title, row.evidence[:23], Person.objects.filter(name__startswith="Kate").count(),
       sorted(Purge.objects.values_list("kind", "reason", "decided_by__name"))])
"""
ADDING = """
from linchpin.kernel.commands.customizing import add_field
add_field("nonconformity", {"label": "Batch", "kind": "line", "filtered": True}, actor=who["Daniel"])
commands.edit(Record.objects.get(reference="CAR-17"), {"x_batch": "L-2041"}, actor=who["Daniel"])
"""
BATCHES = """
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.listing import matching
from linchpin.kernel.records.registry import get_type
daniel = access_of(Person.objects.get(name__startswith="Daniel"))
print([row.x_batch for row in matching(get_type("nonconformity"), {"x_batch": ["l-2041"]}, daniel)])
"""
TOMBS = "['[purged]', 'Shown to Erased person ', 0, [('field', 'Not true.', 'Daniel Petrov'), ('file', 'Of another house.', 'Daniel Petrov')]]"


def holding(home: Path, text: bytes) -> list[str]:
    """The files of the home in which the bytes stand, backups left out."""
    return [path.name for path in home.rglob("*") if path.is_file() and "backups" not in path.parts and text.lower() in path.read_bytes().lower()]


def test_neither_file_nor_backup_brings_it_back(dunmallow: Installation, tmp_path: Path, new_home: Callable[..., Installation]) -> None:
    backup = tmp_path / "before.zip"
    dunmallow.play(NAMING)
    dunmallow.run("backup", "-o", backup)
    dunmallow.play(PURGING + ERASING + ADDING)
    assert dunmallow.play(LOOKING).strip() == TOMBS
    for text in ("too shallow", "Dvořáková", "Lot 4410: 38 of 120 bodies", "shallow"):
        assert holding(dunmallow.home, text.encode()) == [], text
    assert dunmallow.verified()["ok"]
    assert dunmallow.run("export", "-o", tmp_path / "everything.zip").stdout.strip().endswith("verified.")
    there = new_home()
    there.run("restore", tmp_path / "everything.zip")
    assert (there.play(LOOKING).strip(), there.play(BATCHES).strip()) == (TOMBS, "['L-2041']")
    said = dunmallow.run("restore", backup, "--replace").stdout
    assert "erased again" in said
    assert dunmallow.play(LOOKING).strip() == TOMBS
    assert dunmallow.verified()["ok"]
    assert holding(dunmallow.home, b"Lot 4410: 38 of 120 bodies") == []
