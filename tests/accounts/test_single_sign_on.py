"""Single sign-on against a provider that really answers: it opens the account of who has that e-mail, and makes none."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from linchpin.config import home
from linchpin.kernel.commands.accounts import lock
from linchpin.kernel.people.models import Person
from tests.accounts.provider import CLIENT, SECRET, Provider, providing
from tests.accounts.serving import serving
from tests.cast import Cast

MAEVE = {"sub": "m-1", "email": "Maeve@dunmallow.example", "email_verified": True, "name": "Maeve Brannigan"}
BUTTON = "/account/oidc/company/login/"


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with providing() as running:
        for name, value in configured(running).items():
            monkeypatch.setenv(name, value)
        settings.SOCIALACCOUNT_PROVIDERS = home.single_sign_on()
        yield running


def configured(provider: Provider) -> dict[str, str]:
    return {"LINCHPIN_OIDC_URL": provider.url, "LINCHPIN_OIDC_CLIENT_ID": CLIENT, "LINCHPIN_OIDC_SECRET": SECRET, "LINCHPIN_OIDC_NAME": "Dunmallow account"}


def goes_there(client: Client, next: str = "") -> str:
    """Press the button, be sent to the provider, and be sent back. Gives the address that one comes back to."""
    there = client.get(BUTTON, {"process": "login", **({"next": next} if next else {})})["Location"]

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: Any) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as sent_back:
        urllib.request.build_opener(Stay).open(there)
    parts = urlsplit(sent_back.value.headers["Location"])
    return f"{parts.path}?{parts.query}"


def test_the_button_bears_the_house_s_name(cast: Cast, provider: Provider) -> None:
    page = Client().get("/account/login/?next=/nonconformity/").content.decode()
    assert ">Dunmallow account</a>" in page
    assert f"{BUTTON}?process=login&amp;next=%2Fnonconformity%2F" in page


def test_without_a_provider_there_is_no_button(cast: Cast) -> None:
    assert "oidc" not in Client().get("/account/login/").content.decode()
    assert Client().get(BUTTON).status_code == 404


def test_maeve_comes_in_and_finds_her_page(cast: Cast, provider: Provider) -> None:
    provider.person = MAEVE
    client = Client()
    answer = client.get(goes_there(client, next="/nonconformity/"))
    assert answer["Location"] == "/nonconformity/"
    assert client.get("/todo/").wsgi_request.user == cast.maeve.person
    assert not SocialAccount.objects.exists(), "the e-mail is the link, so that the administrator can change it"
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "x-1", "email": "stranger@dunmallow.example", "email_verified": True},
        {"sub": "x-2", "email": "maeve@dunmallow.example", "email_verified": False},
        {"sub": "x-3", "email": "maeve@dunmallow.example"},
        {"sub": "x-4"},
    ],
    ids=["unknown", "not verified", "not said whether verified", "no e-mail"],
)
def test_nobody_else_comes_in_and_no_account_is_made(cast: Cast, provider: Provider, claims: dict[str, Any]) -> None:
    provider.person = claims
    client, before = Client(), Person.objects.count()
    answer = client.get(goes_there(client), follow=True)
    assert "Nobody here has this e-mail" in answer.content.decode()
    assert client.get("/todo/").status_code == 302
    assert Person.objects.count() == before


def test_a_provider_that_never_says_verified_may_be_trusted(cast: Cast, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINCHPIN_OIDC_TRUST_EMAIL", "yes")
    settings.SOCIALACCOUNT_PROVIDERS = home.single_sign_on()
    provider.person = {"sub": "m-1", "email": "maeve@dunmallow.example"}
    client = Client()
    assert client.get(goes_there(client))["Location"] == "/"


def test_a_locked_account_stays_locked(cast: Cast, provider: Provider) -> None:
    lock(cast.maeve.person, actor=cast.norbert)
    provider.person = MAEVE
    client = Client()
    assert "Nobody here has this e-mail" in client.get(goes_there(client), follow=True).content.decode()


def test_who_breaks_it_off_reads_a_sentence(cast: Cast, provider: Provider) -> None:
    client = Client()
    assert "You are not signed in yet" in client.get(goes_there(client), follow=True).content.decode()


def test_an_answer_that_nobody_asked_for_is_not_taken(cast: Cast, provider: Provider) -> None:
    """A stolen answer, opened in another browser, signs nobody in."""
    provider.person = MAEVE
    back = goes_there(Client())
    other = Client()
    assert "You are not signed in yet" in other.get(back, follow=True).content.decode()
    assert other.get("/todo/").status_code == 302


def test_a_provider_that_is_down_does_not_take_us_with_it(cast: Cast, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINCHPIN_OIDC_URL", "http://127.0.0.1:9")
    settings.SOCIALACCOUNT_PROVIDERS = home.single_sign_on()
    assert "does not answer now" in Client().get(BUTTON, follow=True).content.decode()


@pytest.mark.journey
def test_in_a_browser_our_policy_lets_her_through(page: Any, tmp_path: Any) -> None:
    """The provider stands at another address: a form that is led there would be stopped by `form-action`."""
    with providing() as provider, serving(tmp_path, **configured(provider)) as house:
        provider.person = MAEVE
        page.goto(f"{house.url}/account/login/?next=/nonconformity/")
        page.get_by_role("link", name="Dunmallow account").click()
        page.wait_for_url(f"{house.url}/nonconformity/")
