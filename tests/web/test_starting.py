"""The first page: faces in a demonstration, the sign-in everywhere else; and pages for what went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as product
from django.template.loader import render_to_string
from django.test import Client

from linchpin.kernel import commands
from linchpin.kernel.commands.accounts import lock
from linchpin.kernel.people.models import Organization
from tests.cast import Cast


def no_demonstration() -> None:
    with commands.command():
        Organization.objects.update(is_demo=False)


def test_before_anything_began_the_page_says_how(db: Any) -> None:
    answer = Client().get("/")
    assert answer.status_code == 503
    assert "linchpin init" in answer.content.decode()
    assert Client().get("/report/").status_code == 404


def test_the_faces_of_a_demonstration_say_how_much_waits_for_each(cast: Cast) -> None:
    for _n in range(2):
        cast.problem(owner=cast.marek.person)
    page = Client().get("/").content.decode()
    assert "A demonstration. Everything here is made up" in page
    assert "2 things wait" in page.split("Marek Zieliński")[1].split("</li>")[0]
    assert "Nothing waits" in page.split("Maeve Brannigan")[1].split("</li>")[0]
    assert "Seun Adeyemi" not in page, "he has no account"
    assert "Linchpin</b>" not in page, "the system is nobody"


def test_one_press_and_one_is_marek(cast: Cast) -> None:
    client = Client()
    assert client.post(f"/be/{cast.marek.person.pk}/")["Location"] == "/todo/"
    assert client.get("/todo/").wsgi_request.user == cast.marek.person
    assert "A demonstration" in client.get("/todo/").content.decode()
    assert client.get("/")["Location"] == "/todo/"


@pytest.mark.parametrize("who", ["system", "seun", "priya"])
def test_nobody_becomes_the_system_or_somebody_without_an_open_account(cast: Cast, who: str) -> None:
    lock(cast.priya.person, actor=cast.norbert)
    assert Client().post(f"/be/{getattr(cast, who).person.pk}/").status_code == 404


def test_looking_at_the_address_signs_nobody_in(cast: Cast) -> None:
    assert Client().get(f"/be/{cast.marek.person.pk}/").status_code == 405


def test_outside_a_demonstration_nobody_becomes_anybody(cast: Cast) -> None:
    no_demonstration()
    client = Client()
    assert client.get("/")["Location"] == "/account/login/"
    for access in (cast.marek, cast.maeve, cast.norbert):
        assert client.post(f"/be/{access.person.pk}/").status_code == 404
    assert client.get("/todo/").status_code == 302
    page = client.get("/account/login/").content.decode()
    assert "emonstration" not in page
    assert "/be/" not in page


def test_an_address_with_nothing_at_it_says_what_to_do(browser_of: Any) -> None:
    answer = Client().get("/no/such/page/at/all/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert "/account/login/?next=/no/such/page/at/all/" in answer.content.decode()
    assert "Search for it" in browser_of("daniel").get("/no/such/page/at/all/").content.decode()


def test_when_something_breaks_the_page_needs_nothing_that_could_be_broken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("linchpin.surfaces.web.starting.faces", breaks)
    client = Client(raise_request_exception=False)
    page = client.get("/")
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()
    assert "the disk is gone" not in page.content.decode()


def test_a_name_that_is_not_ours_is_not_answered(cast: Cast) -> None:
    answer = Client().get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "could not be understood" in answer.content.decode()


@pytest.mark.parametrize("name", ["403.html", "404.html", "403_csrf.html", "429.html"])
def test_every_such_page_has_one_heading_and_no_script_of_its_own(cast: Cast, name: str) -> None:
    page = render_to_string(name, {"user": cast.daniel.person}, request=Client().get("/account/login/").wsgi_request)
    assert page.count("<h1") == 1
    assert "<style" not in page
    assert "onclick" not in page


def test_the_product_says_this_in_its_settings() -> None:
    assert product.CSRF_FAILURE_VIEW == "linchpin.surfaces.web.signing_in.csrf_failed"
