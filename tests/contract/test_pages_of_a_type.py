"""The pages that every type has answer: for reading, for printing, as a fragment, and to somebody who is not signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.web import urls
from tests.cast import Cast
from tests.contract.walking import raise_one

Browser = Callable[[str], Any]


def test_the_record_prints(kind: RecordType, cast: Cast, browser_of: Browser) -> None:
    """One page holds everything that belongs on paper: number, title, every filled-in field, and whoever did what."""
    record = raise_one(kind, cast)
    page = browser_of("daniel").get(f"/{kind.key}/{record.number}/").content.decode()
    assert record.number in page and "Marek Zieliński" in page and "Daniel Petrov" in page
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for names in kind.sections.values():
        for name in names:
            value = getattr(record, name)
            if isinstance(value, str) and value and not record._meta.get_field(name).choices:
                assert value.split(".")[0][:40] in shown, name


def test_whoever_is_not_signed_in_is_sent_to_the_door(kind: RecordType, cast: Cast) -> None:
    record, stranger = raise_one(kind, cast), Client()
    for path in ("", "new/", f"{record.number}/", f"{record.number}/edit/", "export.csv", f"{record.number}/proof.json"):
        answer = stranger.get(f"/{kind.key}/{path}")
        assert answer.status_code == 302 and answer["Location"].startswith("/account/login/"), path
        assert record.title not in answer.content.decode()


def test_every_address_of_a_record_asks_who_is_there(kind: RecordType, cast: Cast) -> None:
    """No view of a record forgets the question: whatever is added to the addresses is asked here too."""
    record, stranger = raise_one(kind, cast), Client()
    values = {"key": kind.key, "number": record.number, "name": "void", "uid": "00000000-0000-0000-0000-000000000000", "pk": "1", "ending": "csv"}
    values |= {"duty": "confirm", "what": "confirm"}
    asked = 0
    for one in urls.urlpatterns:
        route = str(one.pattern)
        if not route.startswith("<slug:key>/"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)
        for method in ("get", "post"):
            answer = getattr(stranger, method)(f"/{path}")
            assert answer.status_code in (302, 405), (method, path)
            assert answer.status_code == 405 or "/account/login/" in answer["Location"], (method, path)
        asked += 1
    assert asked >= 15
