"""Who is there when Dunmallow Aero is loaded."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from linchpin.chapters.evaluation.visits.models import Visit
from linchpin.demonstration.loading import Loaded
from linchpin.kernel.people.calendar import working_days_between
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.models import Record

THERE = Person.objects.filter(state="active", employment__in=("employee", "agency"))


def test_240_people_work_under_control_14_of_them_from_an_agency(demo: Loaded) -> None:
    assert THERE.count() == 240
    assert THERE.filter(employment="agency").count() == 14


def test_58_percent_have_no_e_mail_and_all_of_these_have_a_badge(demo: Loaded) -> None:
    without = THERE.filter(email=None)
    assert round(100 * without.count() / THERE.count()) == 58
    assert not without.filter(badge=None).exists()


def test_the_three_sites_have_148_61_and_31_people(demo: Loaded) -> None:
    sites = {site.name: THERE.filter(unit__path__startswith=site.path).count() for site in Unit.objects.filter(kind="site")}
    assert sites == {"Dunmallow": 148, "Vale Sereno": 61, "Lipnica": 31}
    assert all(site.headcount == sites[site.name] for site in Unit.objects.filter(kind="site"))


def test_every_unit_that_works_has_a_head_above_it_and_everybody_a_manager(demo: Loaded) -> None:
    alone = THERE.filter(manager=None).exclude(name="Maeve Brannigan")
    assert not alone.exists(), list(alone.values_list("name", "unit__name"))


def test_no_two_people_bear_the_same_name(demo: Loaded) -> None:
    names = list(Person.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))


def test_ten_faces_stand_on_the_first_page_maeve_first(demo: Loaded) -> None:
    faces = list(Person.objects.filter(account="active").order_by("pk").values_list("name", flat=True))
    assert faces[0] == "Maeve Brannigan"
    assert len(faces) == 10
    page = Client().get("/").content.decode()
    assert all(name in page for name in faces)
    assert all(number in page for number in ("4117", "6203", "730418")), "and two of them by number and PIN"


def test_everybody_signs_in_with_the_password_that_the_pages_tell(demo: Loaded) -> None:
    assert all(person.check_password("linchpin") for person in Person.objects.filter(account="active"))


def test_gareth_left_nine_months_ago_and_three_records_still_bear_his_name(demo: Loaded) -> None:
    gareth = Person.objects.get(name="Gareth Pell")
    assert gareth.state == "left"
    assert Record.objects.open().filter(owner=gareth).count() == 3


def test_kateřinas_door_is_open_for_three_working_days(demo: Loaded) -> None:
    kateřina = Person.objects.get(name__startswith="Kateřina")
    visit = Visit.objects.get(auditor=kateřina, status="invited")
    assert working_days_between(visit.starts, visit.ends, "IE") == 2
    assert visit.starts < today() <= visit.ends
    assert access_of(kateřina).has("external_auditor")
    assert not access_of(kateřina, visit.ends + timedelta(days=1)).has("external_auditor")
    assert not access_of(kateřina, visit.starts - timedelta(days=1)).has("external_auditor")
