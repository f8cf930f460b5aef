"""The first door: a demonstration beside the house, for whoever sets the house up, and never a way into the house itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product
from django.core.cache import cache
from django.test import Client

from linchpin.demonstration.beside import LOADED, OPEN, beside
from linchpin.kernel import commands
from linchpin.kernel.people.models import Organization
from tests.cast import Cast

AT = product.MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware") + 1


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Path:
    """A house that `linchpin up` keeps alive, in a home of its own."""
    settings.HOME, settings.SUPERVISED, settings.DEMONSTRATION = tmp_path, True, True
    return tmp_path


@pytest.fixture
def ours(cast: Cast, house: Path) -> Cast:
    with commands.command():
        Organization.objects.update(is_demo=False)
    return cast


@pytest.fixture
def ticket(house: Path, settings: Any) -> Callable[..., str]:
    """From here on the pages are those of the demonstration; what is given is a way in, as the house writes it."""
    place = beside(house)
    place.ask("hollin")
    written = place.ticket
    settings.HOME, settings.HOUSE = place.home, "http://localhost:8000"
    settings.MIDDLEWARE = [*product.MIDDLEWARE[:AT], "linchpin.surfaces.web.beside.apart", *product.MIDDLEWARE[AT:]]
    cache.clear()
    return lambda: written(house="http://localhost:8000", name="Acme Castings")


def test_daniel_asks_for_it_goes_in_and_throws_it_away(ours: Cast, house: Path, browser_of: Callable[[str], Client]) -> None:
    daniel, place = browser_of("daniel"), beside(house)
    assert "Look around Hollin Instruments" in daniel.get("/first/").content.decode()
    assert daniel.post("/first/look-around/", {"pack": "hollin"})["Location"] == "/first/look-around/"
    assert place.said("asked") == "hollin" and (place.home / "keys" / "door.key").stat().st_mode & 0o077 == 0
    assert daniel.get("/first/look-around/", headers={"accept": "application/json"}).json()["ended"] is False
    assert daniel.get("/first/look-around/in/")["Location"] == "/first/look-around/", "nobody answers there yet"
    place.note(LOADED)
    place.note(OPEN, "8001")
    assert daniel.get("/first/look-around/", headers={"accept": "application/json"}).json()["next"] == "/first/look-around/in/"
    assert daniel.get("/first/look-around/in/")["Location"].startswith("http://testserver:8001/come-in/?ticket=")
    daniel.post("/first/look-around/away/")
    assert place.standing == "going"


def test_it_is_for_whoever_sets_the_house_up(ours: Cast, house: Path, browser_of: Callable[[str], Client]) -> None:
    assert browser_of("hanna").post("/first/look-around/").status_code == 403
    assert Client().get("/first/look-around/in/")["Location"].startswith("/account/login/")
    assert not beside(house).folder.exists()
    assert "A demonstration beside" in browser_of("daniel").get("/settings/").content.decode()


def test_before_anybody_founded_the_house_whoever_stands_before_it_may_look_around(db: Any, house: Path) -> None:
    assert "Look around Dunmallow Aero Components" in Client().get("/").content.decode()
    assert Client().post("/first/look-around/").status_code == 302
    assert beside(house).said("asked") == "dunmallow"


def test_a_demonstration_has_none_beside_it(cast: Cast, house: Path, browser_of: Callable[[str], Client]) -> None:
    assert browser_of("daniel").get("/first/look-around/").status_code == 404


@pytest.mark.parametrize("said", [{"SUPERVISED": False}, {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}])
def test_where_none_can_be_opened_the_door_says_why_and_how_else(ours: Cast, settings: Any, browser_of: Callable[[str], Client], said: Any) -> None:
    for name, value in said.items():
        setattr(settings, name, value)
    assert "LINCHPIN_HOME=~/dunmallow linchpin demo" in browser_of("daniel").get("/first/").content.decode()
    assert browser_of("daniel").post("/first/look-around/").status_code == 422
    assert not beside(settings.HOME).folder.exists()


def test_only_a_ticket_of_the_house_lets_in_once_and_the_way_back_stands_on_every_page(cast: Cast, ticket: Callable[[], str]) -> None:
    visitor = Client()
    for path in ("/", "/account/login/", "/report/", "/api/v1/me/", f"/be/{cast.marek.person.pk}/"):
        assert visitor.get(path).status_code == 403, path
    assert visitor.post(f"/be/{cast.marek.person.pk}/").status_code == 403
    assert visitor.get("/come-in/?ticket=made-up").status_code == 403
    given = ticket()
    assert visitor.get("/come-in/", {"ticket": given})["Location"] == "/"
    assert Client().get("/come-in/", {"ticket": given}).status_code == 403, "it was used"
    assert visitor.post(f"/be/{cast.marek.person.pk}/")["Location"] == "/todo/"
    assert visitor.cookies.keys() and all(name.startswith("demonstration_") for name in visitor.cookies)
    for path in ("/todo/", "/nonconformity/", "/account/"):
        page = visitor.get(path).content.decode()
        assert 'href="http://localhost:8000/"' in page and "Back to Acme Castings" in page and 'data-cookies="demonstration_"' in page


def test_a_session_of_the_house_is_none_in_the_demonstration(cast: Cast, ticket: Callable[[], str]) -> None:
    visitor = Client()
    visitor.force_login(cast.daniel.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert visitor.get("/todo/").status_code == 403
    visitor.get("/come-in/", {"ticket": ticket()})
    assert visitor.get("/todo/").status_code == 302, "the house's cookie is not read here"


def test_the_house_has_no_such_door_and_lets_nobody_be_anybody(ours: Cast, house: Path) -> None:
    place = beside(house)
    place.ask("dunmallow")
    visitor = Client()
    assert visitor.get("/come-in/", {"ticket": place.ticket(house="", name="")})["Location"].startswith("/account/login/")
    assert not visitor.cookies
    assert visitor.post(f"/be/{ours.daniel.person.pk}/").status_code == 404
    assert visitor.get("/todo/").status_code == 302
