"""Report: twenty seconds on a phone, with or without an account; and the slip that shows what became of it."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel import commands, trail
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.files.stripping import without_traces
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.models import Unit
from linchpin.surfaces.web import reporting
from tests.cast import Cast

SAW = "Two of the fittings in tray 6 are a different colour. I think they are mixed."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


@pytest.fixture(autouse=True)
def _nobody_has_reported_yet() -> None:
    cache.clear()


def sends(client: Client, **given: Any) -> Any:
    return client.post("/report/", {"saw": SAW, "once": "first-press", "stop_line": "no", **given})


def photo(name: str = "tray.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def slip_of(answer: Any) -> str:
    page = Client().get(answer["Location"])
    assert page.status_code == 200
    return str(page.content.decode())


def test_a_code_on_the_machine_opens_the_form_with_the_place_filled_in(cast: Cast) -> None:
    page = Client().get("/report/", {"place": "5AX-3, five-axis cell", "unit": "Machining"}).content.decode()
    assert "<h1>5AX-3, five-axis cell</h1>" in page
    assert f'<option value="{cast.machining.pk}" selected>' in page
    assert Client().get("/report/", {"place": "5AX-3", "unit": str(cast.machining.uid)}).content.decode().count(" selected>") == 1


def test_somebody_without_an_account_reports_and_gets_a_slip(cast: Cast) -> None:
    answer = sends(Client(), place="5AX-3", unit=str(cast.machining.pk), reporter_name="Seun", photo=photo(), stop_line="yes")
    assert answer.status_code == 302
    concern = Concern.objects.get()
    assert (concern.saw, concern.place, concern.unit, concern.stop_line) == (SAW, "5AX-3", cast.machining, True)
    assert (concern.reporter_name, concern.anonymous, concern.created_by, concern.owner) == ("Seun", False, cast.system.person, cast.daniel.person)
    assert concern.title == "Two of the fittings in tray 6 are a different colour"
    assert [f.name for f in concern.files.all()] == ["tray.png"]
    page = slip_of(answer)
    assert concern.number in page
    assert "Thank you. Daniel Petrov answers by" in page


def test_pressed_twice_it_is_one_report(cast: Cast) -> None:
    client = Client()
    answers = [sends(client, photo=photo()) for _press in range(3)]
    assert len({a["Location"] for a in answers}) == 1
    assert Concern.objects.count() == 1
    assert Concern.objects.get().files.count() == 1
    sends(client, once="another")
    assert Concern.objects.count() == 2


def test_nobody_means_nobody_for_a_person_who_is_signed_in_too(cast: Cast, browser_of: Any) -> None:
    sends(browser_of("priya"), who="nobody", reporter_name="Priya Raman")
    concern = Concern.objects.get()
    assert (concern.anonymous, concern.reporter_name, concern.created_by) == (True, "", cast.system.person)
    assert {event.actor for event in trail.history(concern.pk)} == {cast.system.person}
    told = "".join(str(c) for event in trail.history(concern.pk) for c in event.changes)
    assert "Priya" not in told
    assert str(cast.priya.person.uid) not in told


def test_signed_in_it_carries_her_name_and_cannot_carry_another(cast: Cast, browser_of: Any) -> None:
    sends(browser_of("priya"), who="me", reporter_name="Marek Zieliński")
    concern = Concern.objects.get()
    assert (concern.reporter_name, concern.created_by, concern.anonymous) == ("Priya Raman", cast.priya.person, False)


def test_where_the_house_wants_names_a_stranger_is_asked_to_sign_in(cast: Cast, browser_of: Any, settings: Any) -> None:
    settings.REPORT_WITHOUT_ACCOUNT = False
    page = Client().get("/report/?place=5AX-3").content.decode()
    assert "In this house a report carries the name" in page
    assert "/account/login/?next=/report/%3Fplace%3D5AX-3" in page
    assert sends(Client()).status_code == 403
    assert not Concern.objects.exists()
    assert "Report something without an account" not in Client().get("/account/login/").content.decode()
    assert sends(browser_of("priya")).status_code == 302


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"saw": " "}, "saw", "Say what you saw: a few words are enough."),
        ({"saw": "x" * 5001}, "saw", "longer than 5,000 characters"),
        ({"place": "p" * 121}, "place", "120"),
        ({"photo": photo("tray.png", b"MZ\x90 not a picture")}, "photo", "“tray.png” is not a photo that can be shown here"),
        ({"photo": photo("plan.pdf", b"%PDF-1.7")}, "photo", "“plan.pdf” is not a photo that can be shown here"),
        ({"photo": [photo(f"{n}.png", PNG + bytes([n])) for n in range(6)]}, "photo", "Five photos at most"),
    ],
    ids=["empty", "a novel", "place", "no picture", "a document", "six photos"],
)
def test_what_is_refused_is_said_beside_its_field_and_nothing_is_lost(cast: Cast, given: dict[str, Any], field: str, sentence: str) -> None:
    answer = sends(Client(), reporter_name="Seun", stop_line="yes", **given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(f'<a href="#f-{field}">[^<]*{re.escape(sentence)}', page), page
    assert 'value="Seun"' in page
    assert 'value="yes" id="s-yes" checked' in page
    assert 'name="once" value="first-press"' in page
    if "saw" not in given:
        assert SAW in page
    assert not Concern.objects.exists()


def test_a_photo_that_is_too_large_is_refused_before_anything_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "LARGEST_PHOTO", 50)
    assert "is larger than 15 MB" in sends(Client(), photo=photo()).content.decode()
    monkeypatch.setattr(reporting, "LARGEST_IN_ALL", 100)
    answer = sends(Client(), photo=photo())
    assert (answer.status_code, "too large together" in answer.content.decode()) == (413, True)
    assert not Concern.objects.exists()


def test_one_address_does_not_flood_the_house(cast: Cast) -> None:
    client = Client()
    answers = [sends(client, once=f"press-{n}") for n in range(22)]
    assert [a.status_code for a in answers] == [302] * 20 + [422] * 2
    assert "wait a little, then send it again. It is still here." in answers[-1].content.decode()
    assert sends(client, once="press-0").status_code == 302, "the same report sent again is not a new one"
    assert sends(Client(REMOTE_ADDR="10.1.1.1"), once="elsewhere").status_code == 302


def test_the_stamp_of_the_page_is_checked(cast: Cast) -> None:
    assert Client(enforce_csrf_checks=True).post("/report/", {"saw": SAW}).status_code == 403
    assert not Concern.objects.exists()


def test_a_closed_unit_is_not_offered(cast: Cast) -> None:
    with commands.command():
        Unit.objects.filter(pk=cast.lipnica.pk).update(state="closed")
    assert "Lipnica" not in Client().get("/report/").content.decode()
    sends(Client(), unit=str(cast.lipnica.pk))
    assert Concern.objects.get().unit == cast.company


def test_the_slip_follows_it_to_the_thank_you(cast: Cast) -> None:
    address = sends(Client(), unit=str(cast.machining.pk))["Location"]
    concern = Concern.objects.get()

    def now() -> tuple[str, list[str]]:
        page = Client().get(address).content.decode()
        found = re.search(r'aria-current="step"><b>([^<]+)', page)
        return (found[1] if found else ""), re.findall(r"<li class=\"\w[\w-]*\"[^>]*><b>([^<]+)", page)

    assert now() == ("Sent", ["Sent", "Seen", "Being fixed", "Fixed"])
    commands.move(concern, "see", actor=cast.marek)
    assert now()[0] == "Seen"
    commands.move(concern, "make_problem", actor=cast.daniel)
    assert now()[0] == "Being fixed"
    commands.move(concern, "thank", actor=cast.maeve, values={"thanks": "You stopped and said so."})
    page = Client().get(address).content.decode()
    assert "You stopped and said so." in page
    assert "Maeve Brannigan, Managing director" in page
    commands.move(concern, "answer", actor=cast.daniel, values={"answer": "Sorted: 24 fittings, none left the building."})
    page = Client().get(address).content.decode()
    assert "Here is the answer. Thank you" in page
    assert "Sorted: 24 fittings, none left the building." in page


def test_a_report_that_was_set_aside_says_so(cast: Cast) -> None:
    address = sends(Client())["Location"]
    commands.move(Concern.objects.get(), "void", actor=cast.daniel, reason="Sent by mistake, told by the finder.")
    page = Client().get(address).content.decode()
    assert "It was set aside" in page
    assert "told by the finder" not in page


def test_the_slip_tells_nothing_else(cast: Cast) -> None:
    """Neither the problem's number or words, nor comments, files, the unit's people or the reporter's name; and no way further in."""
    address = sends(Client(), unit=str(cast.machining.pk), reporter_name="Seun Adeyemi", photo=photo("the-tray-of-seun.png"))["Location"]
    concern = Concern.objects.get()
    commands.move(concern, "make_problem", actor=cast.daniel)
    problem = Link.objects.get(source_id=concern.pk).target
    commands.comment(concern, "Talk to the night shift first", actor=cast.daniel)
    page = Client().get(address).content.decode()
    for secret in (problem.number, "night shift", "the-tray-of-seun", "Seun Adeyemi", "Machining", "daniel@", f"/{concern.type}/"):
        assert secret not in page, secret
    answer = Client().get(address)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert Client().get("/slip/guessed/").status_code == 404
    assert Client().get(f"/slip/{concern.number}/").status_code == 404
    assert len(concern.slip) == 16


def segment(kind: int, body: bytes) -> bytes:
    return bytes([0xFF, kind]) + struct.pack(">H", len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_photo_without_a_name_does_not_tell_where_it_was_taken(cast: Cast, browser_of: Any) -> None:
    """Only what is told besides the picture goes; the picture itself stays as it is, and a named report keeps everything."""
    scan = segment(0xDA, b"\x01\x01\x00") + b"picture\xff\x00itself\xff\xd9"
    picture = segment(0xE0, b"JFIF\0") + segment(0xDB, b"tables")
    jpeg = b"\xff\xd8" + segment(0xE1, b"Exif\0\0GPS 53.27 N") + picture + segment(0xFE, b"iPhone of Seun") + scan
    png = PNG[:8] + chunk(b"IHDR", b"\0" * 13) + chunk(b"tEXt", b"Author\0Seun") + chunk(b"IDAT", b"picture") + chunk(b"IEND", b"")
    sends(Client(), photo=[photo("a.jpg", jpeg), photo("b.png", png), photo("c.gif", b"GIF89a....")])
    kept = {f.name: path_of(f.sha256).read_bytes() for f in Concern.objects.get().files.all()}
    assert kept["a.jpg"] == b"\xff\xd8" + picture + scan
    assert kept["b.png"] == PNG[:8] + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"picture") + chunk(b"IEND", b"")
    assert kept["c.gif"] == b"GIF89a...."
    sends(browser_of("priya"), once="named", photo=photo("a.jpg", jpeg))
    assert path_of(Concern.objects.order_by("-pk")[0].files.get().sha256).read_bytes() == jpeg


@pytest.mark.parametrize("damaged", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\x00", PNG[:8] + b"\0\0", b""])
def test_a_damaged_photo_comes_back_as_it_is(damaged: bytes) -> None:
    assert without_traces(damaged) == damaged


def test_a_slip_cannot_be_posted_to(cast: Cast) -> None:
    assert Client().post(sends(Client())["Location"]).status_code == 405
