"""What is measured: each function gives rows of (work, figure, budget, limit)."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import loading
from benchmarks.figures import Figure
from benchmarks.generating import COMMON, RARE, Made
from benchmarks.loading import Load, get
from benchmarks.serving import memory_of, serving

ALONE, TOGETHER, CONCURRENT = 200, 600, 8


def session_of(email: str) -> str:
    """A session cookie for the person, made past the sign-in page."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from linchpin.kernel.people.models import Person

    person = Person.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    return f"sessionid={session.session_key}"


def pages(made: Made, environment: dict[str, str], postgresql: bool) -> Iterator[Figure]:
    """Register, search, record page: alone and eight at a time; the register beside the one written by hand."""
    cookie = session_of(made.reader)
    with serving("linchpin.config.wsgi:application", environment) as (port, pid, started):
        yield Figure("cold start to the first page", f"{started:.2f} s", "≤ 1.5 s", started <= 1.5)
        warm = loads(port, ["/nonconformity/", "/todo/"], cookie, 60)
        paths = _register_pages(port, cookie)
        alone = loading.run(port, cycle(paths, cookie), ALONE, 1)
        together = loading.run(port, cycle(paths, cookie), TOGETHER, CONCURRENT)
        filtered = loads(port, ["/nonconformity/?severity=critical&sort=due", "/nonconformity/?status=registered&due=overdue&sort=title"], cookie, ALONE)
        hand = _by_hand(port, cookie, environment)
        rate = 120 if postgresql else 150
        yield p95("register page, any page, alone", alone, 25)
        yield p95("register page, child filter and sort, alone", filtered, 40 if postgresql else 25)
        share = together.per_second / hand.per_second
        yield Figure("register page, 8 at a time", rate_of(together), f"≥ {rate}/s", together.per_second >= rate, f"by hand {hand.per_second:.0f}/s")
        yield Figure("register page against the one by hand", f"{share:.0%}", "≥ 60 %", share >= 0.6, f"by hand p95 {hand.p95:.1f} ms at 8")
        yield p95("search, rare word", loads(port, [f"/search/?q={RARE}"], cookie, ALONE), 25)
        yield p95("search, common word", loads(port, [f"/search/?q={COMMON}"], cookie, ALONE), 40 if postgresql else 25)
        records = _record_paths(50)
        page = loads(port, records, session_of(made.manager), ALONE)
        busy = loading.run(port, cycle(records, session_of(made.manager)), TOGETHER, CONCURRENT)
        yield p95("record page with its history, alone", page, 25)
        yield Figure("record page, 8 at a time", rate_of(busy), "≥ 120/s", busy.per_second >= 120)
        memory = memory_of(pid)
        yield Figure("memory of the web server after the load", f"{memory:.0f} MiB", "≤ 250 MiB", memory <= 250)
        assert not warm.failed + alone.failed + together.failed + filtered.failed + page.failed + busy.failed, "A page did not answer with 200."


def p95(work: str, load: Load, budget: float) -> Figure:
    assert not load.failed, f"{work}: {load.failed} of {load.requests} requests failed."
    return Figure(work, f"p95 {load.p95:.1f} ms (median {load.p50:.1f})", f"p95 ≤ {budget:.0f} ms", load.p95 <= budget)


def rate_of(load: Load) -> str:
    return f"{load.per_second:.0f}/s, p95 {load.p95:.0f} ms"


def cycle(paths: list[str], cookie: str) -> Callable[[int], bytes]:
    made = [get(path, cookie) for path in paths]
    return lambda n: made[n % len(made)]


def loads(port: int, paths: list[str], cookie: str, count: int) -> Load:
    return loading.run(port, cycle(paths, cookie), count, 1)


def _register_pages(port: int, cookie: str) -> list[str]:
    """The first page, and pages far down the register (their cursors made as the page makes them)."""
    from linchpin.kernel.people.grants import access_of
    from linchpin.kernel.people.models import Person
    from linchpin.kernel.records.listing import Asked, page
    from linchpin.kernel.records.registry import get_type

    access = access_of(Person.objects.select_related("unit").get(email="p000@bench.example"))
    paths, cursor = ["/nonconformity/"], ""
    for step in (50, 500, 1_000, 1_000):
        found = page(get_type("nonconformity"), Asked({}, "-number", cursor, step), access)
        cursor = found.after or cursor
        paths.append(f"/nonconformity/?after={cursor}")
    return paths


def _record_paths(count: int) -> list[str]:
    from linchpin.kernel.records.models import Record

    rows = Record.objects.filter(type="nonconformity").order_by("-sequence", "id").values_list("number", flat=True)[:count]
    return [f"/nonconformity/{number}/" for number in rows]


def _by_hand(port: int, cookie: str, environment: dict[str, str]) -> Load:
    """The same page by the hand-written application, with the product's own frame around the rows."""
    import urllib.request

    from linchpin.kernel.records.registry import get_type

    request = urllib.request.Request(f"http://127.0.0.1:{port}/nonconformity/", headers={"Cookie": cookie, "Host": "localhost"})
    html = urllib.request.urlopen(request).read().decode()
    head, rest = html.split('<tbody role="rowgroup">', 1)
    tail = rest.split("</tbody>", 1)[1]
    lifecycle = get_type("nonconformity").lifecycle
    marks = {s: ["d"] * i + ["n"] + [""] * (4 - i) for s in lifecycle.states.values if (i := lifecycle.station(s)) is not None}
    labels = {"status": dict(lifecycle.states.choices), "severity": {"critical": "Critical", "major": "Serious", "minor": "Minor"}}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as kept:
        Path(kept.name).write_text(json.dumps([head + '<tbody role="rowgroup">', "</tbody>" + tail]))
        given = {"BENCH_PAGE": kept.name, "BENCH_LABELS": json.dumps(labels, default=str), "BENCH_STATIONS": json.dumps(marks)}
        with serving("benchmarks.handwritten:application", environment | given | {"PYTHONPATH": str(Path.cwd())}) as (own, _pid, _started):
            loading.run(own, cycle(["/"], cookie), 60, 1)
            hand = loading.run(own, cycle(["/"], cookie), TOGETHER, CONCURRENT)
    assert not hand.failed, f"The page by hand did not answer {hand.failed} times."
    return hand


def trail(made: Made) -> Figure:
    """Verification of the whole trail."""
    from linchpin.kernel.trail import verify

    begun = time.perf_counter()
    answer: Any = verify()
    rate = answer.events / (time.perf_counter() - begun)
    assert answer.ok, answer.first_fault
    return Figure("verify the trail", f"{rate:,.0f} events/s ({answer.events:,} events)", "≥ 200,000 events/s", rate >= 200_000)


SEEN = """(() => {
  const look = () => requestAnimationFrame(document.querySelector("tbody tr")?.getClientRects().length ? seen : look);
  const seen = () => { window.seenAfter = performance.now(); };
  look();
})()"""
"""In the page itself: milliseconds from its request to the frame after the one in which the first row had a place."""


def first_load(made: Made, environment: dict[str, str]) -> Iterator[Figure]:
    """Bytes and requests of a register in an empty browser cache (what a style sheet holds within itself is none), and when its rows could be seen."""
    from playwright.sync_api import sync_playwright

    name, value = session_of(made.reader).split("=")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    with serving("linchpin.config.wsgi:application", environment) as (port, _pid, _started), sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        seen, noticed, sizes = [], [], []
        for _again in range(5):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{port}"}])
            context.add_init_script(SEEN)
            page = context.new_page()
            sizes = _sizes(context.new_cdp_session(page))
            begun = time.perf_counter()
            page.goto(f"http://localhost:{port}/nonconformity/", wait_until="commit")
            page.locator("tbody tr").first.wait_for(state="visible")
            noticed.append((time.perf_counter() - begun) * 1000)
            page.wait_for_load_state("networkidle")
            seen.append(page.evaluate("window.seenAfter"))
            context.close()
        browser.close()
    size, requests = round(sum(sizes) / 1000), len(sizes)
    rows, told = sorted(seen)[2], sorted(noticed)[2]
    yield Figure("first load of a register, cold cache", f"{size} kB, {requests} requests", "≤ 200 kB, ≤ 10 requests", size <= 200 and requests <= 10)
    yield Figure("its rows can be seen", f"{rows:.0f} ms (median of 5)", "≤ 300 ms", rows <= 300, f"noticed from outside after {told:.0f} ms")


def _sizes(wire: Any) -> list[float]:
    """Fills up with the bytes of each request that goes over the wire."""
    asked: set[str] = set()
    sizes: list[float] = []
    wire.on("Network.requestWillBeSent", lambda told: asked.add(told["requestId"]) if told["request"]["url"].startswith("http") else None)
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]) if told["requestId"] in asked else None)
    wire.send("Network.enable")
    return sizes
