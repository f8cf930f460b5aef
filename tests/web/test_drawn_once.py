"""What a process keeps of pages knows nothing of anybody, and what is not shown is not read."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.template import engines
from django.utils import translation

from linchpin.kernel.people.writing import permitted
from linchpin.kernel.records.literal import Literal
from linchpin.kernel.records.models import Record
from tests.cast import Cast

PAGE = """
import io, sys
from linchpin.config.wsgi import application
answer = {}
asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/nonconformity/", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
application(asked | {"wsgi.input": io.BytesIO()}, lambda status, headers, problem=None: answer.update(status=status))
print(answer["status"][:3], *[name for name in ("numpy", "openpyxl", "holidays", "requests", "ninja", "pydantic", "icalendar") if name in sys.modules])
"""


def drawn(text: str, **context: Any) -> str:
    return str(engines["django"].from_string("{% load i18n linchpin_ui %}" + text).render(context))


def test_what_is_always_the_same_cannot_hold_a_name() -> None:
    assert drawn("{{ who }}: {% always %}{{ who }}{% trans 'Further' %}{% endalways %}", who="Priya Raman") == "Priya Raman: Further"


def test_what_is_always_the_same_is_drawn_anew_in_another_language() -> None:
    page = engines["django"].from_string("{% load l10n i18n linchpin_ui %}{% always %}{% get_current_language as spoken %}{{ spoken }}{% endalways %}")
    told = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            told.append(page.render({}))
    assert told == ["en", "de", "en"]


def test_a_title_is_text_in_every_list(cast: Cast, browser_of: Any) -> None:
    title = "<b>Burr</b> & \"edge\" of 'bore'"
    with permitted():
        Record.objects.filter(pk=cast.problem().pk).update(title=title, owner_text="<i>Nobody</i>", owner=None)
    for address in ("/nonconformity/", "/nonconformity/?view=board", "/search/?q=burr"):
        text = browser_of("daniel").get(address).content.decode()
        assert "<b>Burr" not in text, address
        assert "<i>Nobody" not in text, address
    register = browser_of("daniel").get("/nonconformity/").content.decode()
    assert "&lt;b&gt;Burr&lt;/b&gt; &amp; &quot;edge&quot; of &#x27;bore&#x27;</a>" in register
    assert "owner “&lt;i&gt;Nobody&lt;/i&gt;”" in register


def test_a_new_day_and_a_new_name_are_seen_at_once(cast: Cast, browser_of: Any) -> None:
    problem = cast.problem(owner=cast.marek.person)
    client = browser_of("daniel")
    assert cast.marek.person.name in client.get("/nonconformity/").content.decode()
    with permitted():
        type(cast.marek.person).objects.filter(pk=cast.marek.person.pk).update(name="Marek the Second")
        Record.objects.filter(pk=problem.pk).update(due="2020-01-31", phase="open")
    text = client.get("/nonconformity/").content.decode()
    assert "Marek the Second" in text
    assert 'class="over" title="31 Jan 2020"' in text


def test_a_constant_is_never_anybodys_input() -> None:
    assert [Literal(0).as_sql(None, None), Literal("entered").as_sql(None, None)] == [("0", ()), ("'entered'", ())]
    for text in ("it's", "a b", "", "1=1"):
        try:
            Literal(text).as_sql(None, None)
        except ValueError:
            continue
        raise AssertionError(f"{text!r} stands in a statement.")


def test_a_process_that_shows_pages_reads_nothing_that_only_others_need() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "linchpin.config.settings"}
    told = subprocess.run([sys.executable, "-c", PAGE], env=environment, capture_output=True, text=True)
    assert told.stdout.split() == ["302"], told.stdout + told.stderr
