"""Who may see, find, open and do what, for every type: the policy against brute force, and nothing leaks in a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import add_person, grant, issue_token
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Grant, Person, Role, Unit
from linchpin.kernel.records.access import may, may_create, may_move
from linchpin.kernel.records.models import Confidentiality, Record
from linchpin.kernel.records.refusals import Missing, NotAllowed
from linchpin.kernel.records.registry import DEFAULT_ACCESS, RecordType
from linchpin.kernel.search.finding import find
from tests.api.callers import Caller
from tests.cast import PASSWORD, Cast
from tests.contract.walking import a_text_field, everybody, example_of, raise_one, refers_to_a_person

Browser = Callable[[str], Any]
VERBS = [verb for verb in DEFAULT_ACCESS if verb not in ("create", "read_restricted")]
WORD = "quetzalcoatlus"


def spread(kind: RecordType, cast: Cast) -> list[Any]:
    """One record in each unit, of each confidentiality, owned by somebody of elsewhere, by Priya or by nobody."""
    units, owners = (cast.company, cast.machining, cast.lipnica), (None, cast.priya.person)
    named = dict.fromkeys(kind.names_people, cast.boštjan.person)
    return [
        raise_one(kind, cast, unit=unit, confidentiality=level, owner=owner, title=f"The {WORD} of {unit.name}", **(named if owner is None else {}))
        for unit, level, owner in product(units, Confidentiality.values, owners)
    ]


def by_hand(access: Access, kind: RecordType, record: Any, verb: str) -> bool:
    """The policy in words: one's own, those that name one, and the public ones; the unit's if not restricted; the restricted ones by role.

    Then the verb's own people. A guest never reads what is restricted, nor what is public elsewhere, and writes only where the type says that guests may.
    """
    if access.is_guest and (record.confidentiality == "restricted" or verb not in ("read", *kind.guests)):
        return False
    own = access.person in (record.owner, record.created_by, *(getattr(record, name) for name in kind.names_people))
    wanted = kind.who("read_restricted") if record.confidentiality == "restricted" else kind.who("read")
    readable = own or (record.confidentiality == "public" and not access.is_guest) or any(_covers(access, role, record.unit) for role in wanted)
    if verb == "read":
        return readable
    if not readable:
        return False
    relations = {"owner": access.person == record.owner, "creator": access.person == record.created_by, "anyone": True}
    relations |= {name: access.person == getattr(record, name) for name in kind.names_people}
    return any(relations.get(name, False) or _covers(access, name, record.unit) for name in kind.who(verb))


def _covers(access: Access, role: str, unit: Any) -> bool:
    """By the tree itself: a role over a unit holds for everything below it."""
    return any(given == role and unit.path.startswith(path) for given, path in _given(access.person.pk))


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    _given.cache_clear()


@cache
def _given(person: int) -> list[tuple[str, str]]:
    """What a person was given, with the path of the unit: by grants, as a head, and as one of a site."""
    given = list(Grant.objects.filter(person=person).values_list("role", "unit__path"))
    given += [("line_manager", path) for path in Unit.objects.filter(head_person=person).values_list("path", flat=True)]
    here = Person.objects.select_related("unit").get(pk=person)
    site = here.unit
    while site.parent is not None and site.kind not in ("site", "company"):
        site = site.parent
    return given if here.employment == "external_auditor" else [*given, ("everyone", site.path)]


def test_the_policy_agrees_with_the_words_for_everybody_and_every_verb(kind: RecordType, cast: Cast) -> None:
    records = spread(kind, cast)
    for name, access in everybody(cast).items():
        for verb in VERBS:
            wanted = {r.pk for r in records if by_hand(access, kind, r, verb)}
            assert {r.pk for r in records if may(access, verb, r)} == wanted, (name, verb)
            managers: tuple[Any, ...] = (kind.model._default_manager, Record.objects)
            for manager in managers:
                found = manager.visible_to(access, verb).filter(type=kind.key)
                assert set(found.values_list("pk", flat=True)) == wanted, (name, verb, manager)


def test_search_finds_by_word_and_number_what_one_may_see_and_nothing_else(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    records = spread(kind, cast)
    for name, access in everybody(cast).items():
        seen = {r.pk for r in records if may(access, "read", r)}
        for text in (WORD, WORD[:5], WORD.upper()):
            found = {hit.record.pk for hit in find(access, text, limit=100)}
            assert found <= seen and (len(found) == min(len(seen), 50)), (name, text)
        for record in records[::5]:
            by_number = {hit.record.pk for hit in find(access, record.number.lower())}
            assert (record.pk in by_number) is (record.pk in seen), (name, record.number)
    hidden = next(r for r in records if not may(cast.seun, "read", r))
    page = browser_of("norbert").get("/search/", {"q": hidden.number}).content.decode()
    assert (f"/{kind.key}/{hidden.number}/" in page) is may(cast.norbert, "read", hidden)


def test_whoever_is_named_in_a_field_reads_the_record_on_every_surface(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    """Asked to confirm, one opens it: wherever it stands and however restricted it is. The other records of that unit stay hidden."""
    fields = [n for n in kind.references if n in kind.own_fields and refers_to_a_person(kind, n)]
    if not fields:
        pytest.skip("names nobody besides its owner")
    for name in fields:
        for who, access in everybody(cast).items():
            if not access.person.is_active:  # nobody may be named whom nothing would reach
                continue
            place = cast.vale_sereno if who == "boštjan" else cast.lipnica
            level = "internal" if access.is_guest else "restricted"  # what is restricted is never a guest's
            hidden = {"unit": place, "owner": None, "confidentiality": level, "title": f"A {WORD} for {who}"}
            record, other = raise_one(kind, cast, **hidden, **{name: access.person}), raise_one(kind, cast, **hidden)
            for seen in (record, Record.objects.get(pk=record.pk)):
                assert may(access, "read", seen), (name, who)
            for manager in (kind.model._default_manager, Record.objects):
                assert manager.visible_to(access).filter(pk=record.pk).exists(), (name, who)  # type: ignore[attr-defined]
            assert record.pk in {hit.record.pk for hit in find(access, record.title, limit=50)}, (name, who)
            if access.is_guest:
                assert not may(access, "read", raise_one(kind, cast, **{**hidden, "confidentiality": "restricted"}, **{name: access.person}))
            else:
                assert may(access, "read", other) is access.has("quality_manager", "top_manager"), (name, who)
            browser, caller = browser_of(who), Caller(issue_token(access.person, "t", scopes=["read"], days=1, actor=access)[1])
            for answer in (browser.get(f"/{kind.key}/{record.number}/"), caller.get(f"/{kind.key}/{record.number}/")):
                assert answer.status_code == 200, (name, who)
            for listed in (browser.get(f"/{kind.key}/"), caller.get(f"/{kind.key}/"), browser.get("/search/", {"q": record.title})):
                assert record.number in listed.content.decode(), (name, who)


def test_search_follows_an_edit(kind: RecordType, cast: Cast) -> None:
    record, name = raise_one(kind, cast), a_text_field(kind)
    commands.edit(record, {name: "Archaeopteryx of the night shift"}, actor=cast.daniel)
    assert [hit.record.pk for hit in find(cast.daniel, "archaeopteryx")] == ([record.pk] if name in kind.searched else [])
    commands.edit(record, {name: "Something else altogether"}, actor=cast.daniel)
    assert not find(cast.daniel, "archaeopteryx")


def test_the_list_shows_what_one_may_see(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    records = spread(kind, cast)
    for name in ("daniel", "marek", "boštjan", "norbert", "kateřina"):
        page = browser_of(name).get(f"/{kind.key}/").content.decode()
        for record in records:
            assert (record.number in page) is may(getattr(cast, name), "read", record), (name, record.number)


def test_every_list_export_and_calendar_holds_what_one_may_see_and_nothing_else(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    records = spread(kind, cast)
    with command():
        Record.objects.filter(pk__in=[r.pk for r in records]).update(due=today())
    for name, access in everybody(cast).items():
        if not access.person.is_active:
            continue
        seen = {r.number for r in records if may(access, "read", r)}
        caller, browser = Caller(issue_token(access.person, "t", scopes=["read", "write"], days=1, actor=access)[1]), browser_of(name)
        told = {
            "API": {one["number"] for one in caller.get(f"/{kind.key}/", size=100).json()["items"]},
            "CSV": numbers_in(b"".join(browser.get(f"/{kind.key}/export.csv").streaming_content).decode(), records),
        }
        assert told == dict.fromkeys(told, seen), name
        made = caller.post("/feeds/", {"name": "All of it", "unit": str(cast.company.uid)}).json()
        calendar = Client().get(made["url"].removeprefix("http://localhost:8000")).content.decode().replace("\r\n ", "")
        due = {r.number for r in records if r.number in seen and r.phase == "open"}
        assert numbers_in(calendar, records) == due, name


def test_each_role_over_a_unit_reaches_what_the_words_say_on_every_surface(kind: RecordType, cast: Cast) -> None:
    records = spread(kind, cast)
    for n, role in enumerate(role for role in Role if role not in (Role.EVERYONE, Role.EXTERNAL_AUDITOR)):  # these nobody of the house is given
        given = {"name": f"Newcomer {n}", "unit": cast.lipnica, "position": str(role.label), "email": f"newcomer{n}@dunmallow.example"}
        person = add_person(given, actor=cast.system, password=PASSWORD)
        grant(person, role, cast.machining, actor=cast.system)
        access = access_of(Person.objects.select_related("unit").get(pk=person.pk))
        for verb in VERBS:
            wanted = {r.pk for r in records if by_hand(access, kind, r, verb)}
            assert {r.pk for r in records if may(access, verb, r)} == wanted, (role, verb)
            assert set(Record.objects.visible_to(access, verb).filter(type=kind.key).values_list("pk", flat=True)) == wanted, (role, verb)
        seen = {r.number for r in records if by_hand(access, kind, r, "read")}
        browser, caller = Client(), Caller(issue_token(access.person, "t", scopes=["read"], days=1, actor=access)[1])
        browser.force_login(access.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        told = {
            "API": {one["number"] for one in caller.get(f"/{kind.key}/", size=100).json()["items"]},
            "page": numbers_in(browser.get(f"/{kind.key}/").content.decode(), records),
            "CSV": numbers_in(b"".join(browser.get(f"/{kind.key}/export.csv").streaming_content).decode(), records),
            "search": {hit.record.number for hit in find(access, WORD, limit=100)},
        }
        assert told == dict.fromkeys(told, seen), role


def numbers_in(text: str, records: list[Any]) -> set[str]:
    return {r.number for r in records if r.number in text}


def test_hidden_and_absent_answer_the_same(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    hidden = raise_one(kind, cast, unit=cast.lipnica, confidentiality="restricted", owner=None, title=f"Secret {WORD}")
    absent = hidden.number[:-4] + "9999"
    assert not may(cast.hanna, "read", hidden)
    hanna = browser_of("hanna")
    for method, path, data in addresses(kind):
        answers = [getattr(hanna, method)(f"/{kind.key}/{number}/{path}", data) for number in (hidden.number, absent)]
        assert [a.status_code for a in answers] == [404, 404], (method, path)
        pages = [a.content.decode().replace(number, "") for a, number in zip(answers, (hidden.number, absent), strict=True)]
        assert pages[0] == pages[1], path
        assert WORD not in pages[0]
    for text in (hidden.number, hidden.number.lower(), WORD):
        assert f"/{kind.key}/{hidden.number}/" not in hanna.get("/search/", {"q": text}).content.decode()
    assert WORD.encode() not in b"".join(hanna.get(f"/{kind.key}/export.csv").streaming_content)


def addresses(kind: RecordType) -> Iterator[tuple[str, str, dict[str, str]]]:
    yield "get", "", {}
    yield "get", "edit/", {}
    yield "post", "edit/", {"title": "Mine now"}
    yield "post", "comment/", {"text": "Hello?"}
    yield "post", "attach/", {}
    yield "post", "link/", {"target": "NC-2026-0001", "kind": "related"}
    yield "get", "proof.json", {}
    yield "get", "files/00000000-0000-0000-0000-000000000000/", {}
    for move in kind.lifecycle.transitions:
        if not move.automatic:
            yield "get", f"move/{move.name}/", {}
            yield "post", f"move/{move.name}/", {"reason": "Because."}


def test_every_page_agrees_with_the_policy_for_everybody(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    """Not theirs to know of: 404, as if it were not there. Theirs to read only: 403 with a sentence. Else it opens or is done."""
    records = [raise_one(kind, cast, owner=None, confidentiality=level) for level in Confidentiality.values]
    other = raise_one(kind, cast, owner=None, confidentiality="public")
    for name, access in everybody(cast).items():
        if not access.person.is_active:  # who has no account is asked to sign in, whatever the page
            continue
        browser = browser_of(name)
        for record in records:
            home = f"/{kind.key}/{record.number}/"
            asked = {
                "read": lambda home=home, browser=browser: browser.get(home),
                "edit": lambda home=home, browser=browser: browser.get(f"{home}edit/"),
                "comment": lambda home=home, browser=browser: browser.post(f"{home}comment/", {"text": "Seen."}),
                "attach": lambda home=home, browser=browser: browser.post(f"{home}attach/", {"file": SimpleUploadedFile("note.txt", b"seen")}),
                "link": lambda home=home, browser=browser: browser.post(f"{home}link/", {"target": other.number, "kind": "related"}),
            }
            for verb, ask in asked.items():
                wanted = (200, 302) if may(access, verb, record) else (403,) if may(access, "read", record) else (404,)
                assert ask().status_code in wanted, (name, verb, record.confidentiality)
        assert browser.get(f"/{kind.key}/new/").status_code == (200 if may_create(access, kind) else 403), name


@pytest.mark.parametrize("verb", ["edit", "comment", "attach", "link", "move"])
def test_every_command_refuses_whoever_may_not(kind: RecordType, verb: str, cast: Cast) -> None:
    """Hidden: as if it were not there. Seen, but not theirs to do: a sentence that says so."""
    seen = raise_one(kind, cast, owner=None)
    hidden = raise_one(kind, cast, owner=None, confidentiality="restricted")
    other = raise_one(kind, cast, owner=None)
    for name, access in everybody(cast).items():
        for record in (seen, hidden):
            allowed = may(access, verb, record) if verb != "move" else any(may_move(access, t, record) for t in first_moves(kind))
            if may(access, "read", record) and allowed:
                continue
            with pytest.raises(NotAllowed if may(access, "read", record) else Missing) as refused:
                do(verb, kind, record, other, access)
            if not may(access, "read", record):
                assert (record.number not in str(refused.value)) and (record.title not in str(refused.value)), name


def first_moves(kind: RecordType) -> list[Any]:
    return [t for t in kind.lifecycle.moves_from(kind.lifecycle.initial) if not t.automatic][:1]


def do(verb: str, kind: RecordType, record: Any, other: Any, access: Access) -> Any:
    if verb == "edit":
        return commands.edit(record, {"title": "Mine now"}, actor=access)
    if verb == "comment":
        return commands.comment(record, "Hello?", actor=access)
    if verb == "attach":
        return commands.attach(record, SimpleUploadedFile("note.txt", b"seen"), actor=access)
    if verb == "link":
        return commands.link(record, other, "related", actor=access)
    return commands.move(record, first_moves(kind)[0].name, actor=access, reason="Because.")


def test_only_those_who_may_create_do(kind: RecordType, cast: Cast) -> None:
    for name, access in everybody(cast).items():
        for unit in (cast.machining, cast.lipnica):
            values = {**example_of(kind).VALUES, "unit": unit}
            if may_create(access, kind, unit.pk):
                assert commands.create(kind.key, values, actor=access).created_by == access.person, name
            else:
                with pytest.raises(NotAllowed, match="for others to create"):
                    commands.create(kind.key, values, actor=access)

