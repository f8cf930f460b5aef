"""Who is there: the units, the people told of by name, and their colleagues, let in by the system as `linchpin init` does."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linchpin.kernel.commands.organizing import add_person, add_unit, edit_subject, found_organization, grant
from linchpin.kernel.commands.pins import set_own_pin
from linchpin.kernel.commands.placing import add_place
from linchpin.kernel.people.grants import Access, access_of, site_of
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.people.stage import PIN, Stage

if TYPE_CHECKING:
    from linchpin.demonstration.packs import Pack

PASSWORD = "linchpin"  # noqa: S105  # everybody's, as the pages of a demonstration say
FIRST_BADGE = {"IE": 4001, "PT": 6001, "SI": 7001}


@cache
def told(name: str, folder: Path = Path(__file__).parent) -> dict[str, Any]:
    """The contents of one of a folder's tables; without a folder, of this one's."""
    return tomllib.loads((folder / f"{name}.toml").read_text())


def named_in(folder: Path = Path(__file__).parent) -> list[dict[str, Any]]:
    """Everybody of the folder's tables who bears a name: those told of first, then colleagues who own and raise things."""
    more = told("colleagues", folder)["person"] if (folder / "colleagues.toml").exists() else []
    return [*told("cast", folder)["person"], *more]


def gather(stage: Stage, pack: Pack) -> None:
    """Found the organization and let everybody in; fills the stage's units and people."""
    system = found_organization(pack.name, country=pack.country, time_zone=pack.time_zone, is_demo=True)
    _units(stage, system, pack)
    people = {row["key"]: _named(row, stage, system, pack) for row in named_in(pack.folder)}
    for row in named_in(pack.folder):
        for unit in row.get("heads", ()):
            edit_subject(stage.units[unit], {"head_person": people[row["key"]]}, actor=system)
    _refresh_units(stage)
    for row in named_in(pack.folder):
        if row.get("pin"):
            set_own_pin(people[row["key"]], PIN, actor=access_of(people[row["key"]]))
    for row in named_in(pack.folder):
        person = people[row["key"]]
        manager = people.get(row["manager"]) if "manager" in row else _head_above(stage, person.unit, person)
        if manager is not None:
            people[row["key"]] = edit_subject(person, {"manager": manager}, actor=system)
    people |= _colleagues(stage, system, people, pack)
    stage.people["system"] = system
    for key, person in people.items():
        stage.people[key] = access_of(Person.objects.select_related("unit").get(pk=person.pk))


def _units(stage: Stage, system: Access, pack: Pack) -> None:
    stage.units["company"] = system.person.unit
    for row in told("units", pack.folder)["unit"]:
        parent = stage.units[row.get("part_of", "company")]
        known = {name: row[name] for name in ("name", "country", "time_zone", "language", "address", "headcount") if name in row}
        known |= {"kind": row.get("kind", "department"), "parent": parent}
        known.setdefault("headcount", row.get("people"))
        stage.units[row["key"]] = add_unit(known, actor=system)
        for name in row.get("places", ()):
            add_place(name, stage.units[row["key"]], actor=system)
    _refresh_units(stage)


def _refresh_units(stage: Stage) -> None:
    for key, unit in stage.units.items():
        stage.units[key] = Unit.objects.select_related("head_person").get(pk=unit.pk)
    stage.sites |= {unit.pk: site_of(unit) for unit in stage.units.values()}


def _named(row: dict[str, Any], stage: Stage, system: Access, pack: Pack) -> Person:
    known: dict[str, Any] = {name: row[name] for name in ("name", "position", "employment", "badge", "labels") if name in row}
    known |= {"unit": stage.units[row["unit"]], "start": _first_day(stage, row["key"])}
    if row.get("email", True):
        known["email"] = f"{row.get('email_name', plain(row['name'].split()[0]))}@{pack.domain}"
    person = add_person(known, actor=system, password=PASSWORD if row.get("signs_in") else None)
    if row.get("email", True) and not row.get("signs_in"):
        person = edit_subject(person, {"account": Person.Account.INVITED}, actor=system)
    for given in row.get("roles", ()):
        role, _at, unit = given.partition("@")
        grant(person, role, stage.units[unit], actor=system)
    return person


def _head_above(stage: Stage, unit: Unit, person: Person | None = None) -> Person | None:
    """The head of the unit or of the nearest one above it, who is somebody else; nobody above the sites."""
    above = [u for u in stage.units.values() if unit.path.startswith(u.path) and u.head_person_id]
    heads = [u.head_person for u in sorted(above, key=lambda u: -len(u.path)) if person is None or u.head_person_id != person.pk]
    return heads[0] if heads else None


def _first_day(stage: Stage, key: str) -> date:
    return stage.day(-25 - stage.dice("first day", key).randrange(1, 180))


def _colleagues(stage: Stage, system: Access, named: dict[str, Person], pack: Pack) -> dict[str, Person]:
    """Everybody else, so that each unit has the people, the e-mail addresses and the agency workers of its row."""
    made: dict[str, Person] = {}
    names = {country: _names(country, stage.dice("names", country)) for country in FIRST_BADGE}
    gone = {row["key"] for row in named_in(pack.folder) if "leaves" in row}
    badges = {country: _badges(first, named) for country, first in FIRST_BADGE.items()}
    for row in told("units", pack.folder)["unit"]:
        unit = stage.units[row["key"]]
        country = stage.sites[unit.pk].country
        there = {key: p for key, p in named.items() if p.unit_id == unit.pk and key not in gone and p.employment in ("employee", "agency")}
        count = Counter(email=sum(bool(p.email) for p in there.values()), agency=sum(p.employment == "agency" for p in there.values()))
        crew = stage.crew.setdefault(row["key"], [key for key, p in there.items() if not p.email])
        for n in range(row.get("people", 0) - len(there)):
            name = next(names[country])
            known: dict[str, Any] = {"name": name, "unit": unit, "position": row["positions"][n % len(row["positions"])]}
            known |= {"manager": _head_above(stage, unit), "badge": next(badges[country]), "start": _first_day(stage, name)}
            if count["email"] < row.get("email", 0):
                known["email"] = f"{plain(name).replace(' ', '.')}@{pack.domain}"
                known["account"] = Person.Account.INVITED
                count["email"] += 1
            elif count["agency"] < row.get("agency", 0):
                known["employment"] = "agency"
                count["agency"] += 1
            key = plain(name).replace(" ", "-")
            made[key] = add_person(known, actor=system)
            crew.append(key)
    return made


def _names(country: str, dice: random.Random) -> Iterator[str]:
    firsts, lasts = told("names")[country]["first"], told("names")[country]["last"]
    pairs = [(f, n) for f in range(len(firsts)) for n in range(len(lasts))]
    dice.shuffle(pairs)
    pairs.sort(key=lambda pair: (pair[0] * 7 + pair[1]) % 19)  # spreads first and last names, so that few are borne twice
    return (f"{firsts[f]} {lasts[n]}" for f, n in pairs)


def _badges(first: int, named: dict[str, Person]) -> Iterator[str]:
    taken = {p.badge for p in named.values()}
    return (str(n) for n in range(first, first + 900) if str(n) not in taken)


def plain(text: str) -> str:
    """Text in lower case without accents, for addresses and keys."""
    bare = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("ł", "l"))
    return "".join(c for c in bare if c.isascii() and (c.isalnum() or c in " -")).lower()
