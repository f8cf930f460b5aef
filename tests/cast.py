"""A small Dunmallow Aero: three sites, the people that tests speak of, and what they were given to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import add_person, add_unit, edit_subject, found_organization, grant
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person, Role, Unit

PASSWORD = "a-long-enough-password"


@dataclass
class Cast:
    """People by first name, as the access that commands take; units by name."""

    system: Access
    maeve: Access
    daniel: Access
    aoife: Access
    hanna: Access
    marek: Access
    boštjan: Access
    inês: Access
    priya: Access
    seun: Access
    norbert: Access
    kateřina: Access
    company: Unit
    dunmallow: Unit
    machining: Unit
    vale_sereno: Unit
    lipnica: Unit

    def again(self, name: str) -> Access:
        """The person's access as it stands now."""
        return access_of(Person.objects.select_related("unit").get(pk=getattr(self, name).person.pk))

    def problem(self, actor: Access | None = None, **values: Any) -> Any:
        """A nonconformity of machining, raised by Daniel unless said otherwise."""
        given = {"title": "Burr left where the two bores cross", "unit": self.machining, "severity": "major", **values}
        return commands.create("nonconformity", given, actor=actor or self.daniel)


def gather() -> Cast:
    """Found the organization and let its people in. Everybody's password is `PASSWORD`."""
    system = found_organization("Dunmallow Aero Components", country="IE", time_zone="Europe/Dublin", is_demo=True)
    company = system.person.unit

    def unit(name: str, kind: str, parent: Unit, **values: Any) -> Unit:
        return add_unit({"name": name, "kind": kind, "parent": parent, **values}, actor=system)

    dunmallow = unit("Dunmallow", "site", company, country="IE", time_zone="Europe/Dublin")
    machining = unit("Machining", "department", dunmallow)
    vale_sereno = unit("Vale Sereno", "site", company, country="PT", time_zone="Europe/Lisbon", language="pt")
    lipnica = unit("Lipnica", "site", company, country="SI", time_zone="Europe/Ljubljana", language="sl")

    def person(name: str, at: Unit, position: str, *roles: tuple[str, Unit], **values: Any) -> Person:
        first = name.split()[0].lower()
        known = {"name": name, "unit": at, "position": position, "email": f"{_plain(first)}@dunmallow.example", **values}
        made = add_person(known, actor=system, password=PASSWORD if known["email"] else None)
        for role, over in roles:
            grant(made, role, over, actor=system)
        return made

    maeve = person("Maeve Brannigan", company, "Managing director", (Role.TOP_MANAGER, company))
    daniel = person("Daniel Petrov", company, "Quality manager", (Role.QUALITY_MANAGER, company), manager=maeve)
    aoife = person("Aoife Ní Dhomhnaill", dunmallow, "Lead auditor", (Role.LEAD_AUDITOR, company), manager=daniel)
    hanna = person("Hanna Wieczorek", dunmallow, "Planner and auditor", (Role.AUDITOR, company))
    marek = person("Marek Zieliński", machining, "Head of machining", (Role.PROCESS_OWNER, machining), manager=maeve)
    boštjan = person("Boštjan Hribar", lipnica, "Head of Lipnica", (Role.PROCESS_OWNER, lipnica))
    inês = person("Inês Valadares", vale_sereno, "Head of Vale Sereno", (Role.PROCESS_OWNER, vale_sereno))
    priya = person("Priya Raman", machining, "Process engineer", manager=marek)
    seun = person("Seun Adeyemi", machining, "Operator", email=None, badge="4117", manager=marek)
    norbert = person("Norbert Szabó", dunmallow, "IT", (Role.ADMINISTRATOR, company))
    kateřina = person(
        "Kateřina Dvořáková", company, "External auditor", (Role.EXTERNAL_AUDITOR, company), employment="external_auditor", labels="standard"
    )
    for head, headed in ((marek, machining), (boštjan, lipnica), (inês, vale_sereno)):
        edit_subject(headed, {"head_person": head}, actor=system)
    people = [maeve, daniel, aoife, hanna, marek, boštjan, inês, priya, seun, norbert, kateřina]
    accesses = [access_of(Person.objects.select_related("unit").get(pk=p.pk)) for p in people]
    units = [Unit.objects.get(pk=u.pk) for u in (company, dunmallow, machining, vale_sereno, lipnica)]
    return Cast(system, *accesses, *units)


def _plain(first: str) -> str:
    return first.translate(str.maketrans("šêří", "seri"))
