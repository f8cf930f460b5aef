"""What Norbert, the administrator, does to accounts: each press is an event in the trail, none of them on his own account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client

from linchpin.kernel import trail
from linchpin.kernel.commands import accounts
from linchpin.kernel.commands.organizing import add_person, edit_subject, grant, issue_token, revoke, set_own
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Grant, Person
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.accounts.test_passwords import NEW, sets
from tests.accounts.test_signing_in import sign_in
from tests.cast import Cast


@pytest.fixture
def norbert(browser_of: Any) -> Client:
    client: Client = browser_of("norbert")
    return client


@pytest.fixture
def luís(cast: Cast) -> Person:
    return add_person({"name": "Luís Carvalhal", "unit": cast.dunmallow, "email": "luis@dunmallow.example"}, actor=cast.norbert)


def press(client: Client, person: Person, what: str, **given: str) -> Any:
    return client.post(f"/account/of/{person.pk}/{what}/", given, follow=True)


def account_of(person: Person) -> str:
    return str(Person.objects.get(pk=person.pk).account)


def verbs(person: Person) -> list[str]:
    return [event.verb for event in trail.history_of(person.uid)]


def test_without_a_mail_server_the_link_is_handed_over(norbert: Client, luís: Person) -> None:
    page = press(norbert, luís, "invite").content.decode()
    (link,) = re.findall(r'class="key">http://testserver(\S+?)<', page)
    assert account_of(luís) == "invited"
    assert "Norbert Szabó opened an account for you" in mail.outbox[0].body
    assert "Your password is set" in sets(link).content.decode()
    assert account_of(luís) == "active"
    assert sign_in(Client(), "luis@dunmallow.example", NEW).status_code == 302
    assert verbs(luís) == ["create", "invite", "edit"]


def test_with_a_mail_server_the_link_is_not_shown(norbert: Client, luís: Person, settings: Any) -> None:
    settings.EMAIL_HOST = "smtp.dunmallow.example"
    page = press(norbert, luís, "invite").content.decode()
    assert "The link is on its way to luis@dunmallow.example." in page
    assert "/password/reset/key/" not in page
    assert len(mail.outbox) == 1


def test_an_invited_person_cannot_sign_in_yet(norbert: Client, luís: Person) -> None:
    press(norbert, luís, "invite")
    assert sign_in(Client(), "luis@dunmallow.example", NEW).status_code == 200


def test_who_has_no_e_mail_is_not_invited(cast: Cast, norbert: Client) -> None:
    answer = press(norbert, cast.seun.person, "invite")
    assert answer.status_code == 422
    assert "Seun Adeyemi has no e-mail: add one first" in answer.content.decode()
    assert account_of(cast.seun.person) == "none"


def test_a_first_password_and_the_lock_out_is_lifted(norbert: Client, luís: Person) -> None:
    for n in range(8):
        sign_in(Client(), "luis@dunmallow.example", f"guess {n}")
    assert "has a new password" in press(norbert, luís, "password", password=NEW).content.decode()
    assert not AccessAttempt.objects.exists()
    assert sign_in(Client(), "luis@dunmallow.example", NEW).status_code == 302
    assert Notice.objects.get(person=luís).text.startswith("Norbert Szabó set a new password for you.")
    assert verbs(luís)[-1] == "give_password"


def test_a_given_password_obeys_the_rules(norbert: Client, luís: Person) -> None:
    answer = press(norbert, luís, "password", password="luis carvalhal")
    assert answer.status_code == 422
    assert "too similar" in answer.content.decode()
    assert account_of(luís) == "none"


def test_locking_ends_what_is_open_and_opening_brings_it_back(cast: Cast, norbert: Client) -> None:
    priya = Client()
    sign_in(priya, "priya@dunmallow.example")
    assert "is locked." in press(norbert, cast.priya.person, "lock", reason="Laptop stolen").content.decode()
    assert priya.get("/todo/").status_code == 302
    assert trail.history_of(cast.priya.person.uid)[-1].reason == "Laptop stolen"
    assert "locked already" in press(norbert, cast.priya.person, "lock").content.decode()
    press(norbert, cast.priya.person, "unlock")
    assert sign_in(priya, "priya@dunmallow.example").status_code == 302
    assert verbs(cast.priya.person)[-2:] == ["lock", "unlock"]


def test_a_locked_account_with_a_new_password_stays_locked(cast: Cast, norbert: Client) -> None:
    press(norbert, cast.priya.person, "lock")
    press(norbert, cast.priya.person, "password", password=NEW)
    assert account_of(cast.priya.person) == "locked"
    with pytest.raises(NotAllowed, match="locked"):
        set_own(cast.priya.person, password=NEW, actor=access_of(cast.priya.person))


@pytest.mark.parametrize("what", ["invite", "password", "lock", "unlock", "second-step"])
def test_nobody_does_this_to_their_own_account_and_priya_to_none(cast: Cast, browser_of: Any, what: str) -> None:
    own = press(browser_of("norbert"), cast.norbert.person, what, password=NEW)
    assert (own.status_code, "This is your own account" in own.content.decode()) == (403, True)
    other = press(browser_of("priya"), cast.daniel.person, what, password=NEW)
    assert other.status_code == 403
    assert (account_of(cast.norbert.person), account_of(cast.daniel.person)) == ("active", "active")
    assert verbs(cast.daniel.person) == verbs(cast.maeve.person)


def test_the_system_s_own_person_is_out_of_reach(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        accounts.give_password(cast.system.person, NEW, actor=cast.norbert)


def test_there_is_no_second_step_to_forget(cast: Cast) -> None:
    with pytest.raises(Refused, match="no second step"):
        accounts.forget_second_step(cast.priya.person, actor=cast.norbert)


def test_the_trail_stays_whole(cast: Cast, norbert: Client, luís: Person) -> None:
    for what, given in (("invite", {}), ("password", {"password": NEW}), ("lock", {}), ("unlock", {})):
        press(norbert, luís, what, **given)
    trail.seal_pending()
    assert trail.verify().ok


def test_daniel_invites_and_locks_but_signs_in_for_nobody(cast: Cast, browser_of: Any, luís: Person) -> None:
    """Whatever would let a quality manager act, and sign, in somebody's name is the administrator's: password, second step, key, e-mail."""
    daniel, home = browser_of("daniel"), f"/people/{cast.priya.person.pk}/"
    for what in ("password", "second-step"):
        assert "are for the administrator" in press(daniel, cast.priya.person, what, password=NEW).content.decode()
    assert verbs(cast.priya.person) == verbs(cast.seun.person), "nothing happened to Priya's account"
    page = daniel.get(home).content.decode()
    assert 'name="password"' not in page and 'id="keys"' not in page
    with pytest.raises(NotAllowed, match="Keys that act in the name of others"):
        issue_token(cast.priya.person, "BI", scopes=["write"], days=9, actor=cast.daniel)
    with pytest.raises(NotAllowed, match="The e-mail of a sign-in is changed by the administrator"):
        edit_subject(cast.priya.person, {"email": "daniel.again@dunmallow.example"}, actor=cast.daniel)
    with pytest.raises(NotAllowed, match="for everybody to set for themselves"):
        set_own(cast.priya.person, password=NEW, actor=cast.norbert)
    press(daniel, luís, "invite")
    press(daniel, cast.priya.person, "lock")
    assert (account_of(luís), account_of(cast.priya.person)) == ("invited", "locked")


def test_priya_is_told_of_a_key_that_norbert_makes_in_her_name(cast: Cast, norbert: Client) -> None:
    norbert.post(f"/account/tokens/{cast.priya.person.pk}/new/", {"name": "Measuring machine", "days": "30"})
    (told,) = Notice.objects.filter(person=cast.priya.person)
    assert told.text == "Norbert Szabó made the key “Measuring machine”, which acts in your name. If you did not ask for it, say so."


def test_top_management_hears_of_whoever_gives_themselves_a_role(cast: Cast, norbert: Client) -> None:
    page = norbert.post(f"/people/{cast.norbert.person.pk}/role/", {"role": "top_manager", "unit": cast.company.pk}, follow=True)
    assert "You have this role now, and top management was told so." in page.content.decode()
    (told,) = Notice.objects.all()
    assert (told.person, told.text) == (cast.maeve.person, "Norbert Szabó gave themselves a role: Top manager, Dunmallow Aero Components.")
    event = trail.history_of(cast.norbert.person.uid)[-1]
    assert (event.verb, event.changes[-1].field, event.changes[-1].new) == ("grant", "to_oneself", "true")
    norbert.post(f"/people/{cast.priya.person.pk}/role/", {"role": "auditor", "unit": cast.company.pk})
    assert Notice.objects.count() == 1, "a role for somebody else is told nobody"


def test_where_there_is_no_top_management_the_others_who_administer_hear_of_it(cast: Cast) -> None:
    revoke(Grant.objects.get(person=cast.maeve.person), actor=cast.norbert)
    grant(cast.norbert.person, "auditor", cast.company, actor=cast.norbert)
    assert [notice.person for notice in Notice.objects.all()] == [cast.daniel.person]
