"""Webhooks: what happens to records, told to a real server beside us."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.subscribing import subscribe
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.webhooks.delivering import WAITS
from linchpin.kernel.webhooks.models import Subscription
from linchpin.kernel.webhooks.sending import Unreachable, send
from tests.api.callers import sentences
from tests.cast import Cast


class Listener:
    """A server on this machine that keeps what it was sent and answers what it is told to answer."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answer = 204
        listener = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((self.path, dict(self.headers), body))
                self.send_response(listener.answer)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?from=linchpin"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _path, _headers, body in self.heard]


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.WEBHOOKS_PRIVATE = True
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def work() -> int:
    """Run every job that is due. Gives how many."""
    count = 0
    while run_next():
        count += 1
    return count


def test_daniels_bi_hears_of_a_problem_and_verifies_the_message(cast: Cast, caller_of: Any, listener: Listener) -> None:
    made = caller_of("daniel").post("/webhooks/", {"url": listener.url, "types": ["nonconformity"]})
    assert made.status_code == 201, made.content
    problem = cast.problem()
    commands.create("concern", {"saw": "Swarf on the walkway by 5AX-3"}, actor=cast.seun)
    work()
    [(path, headers, body)] = listener.heard
    assert path == "/hook?from=linchpin"
    message = Webhook(made.json()["secret"]).verify(body, headers)
    assert message["type"] == "nonconformity.create"
    assert message["data"]["record"]["number"] == problem.number
    assert message["data"]["event"]["hash"] == trail.history(problem.pk)[0].hash
    assert problem.title not in body.decode()


def test_a_forged_message_is_told_from_a_true_one(cast: Cast, listener: Listener) -> None:
    one = subscribe(listener.url, actor=cast.daniel)
    cast.problem()
    work()
    (_path, headers, body) = listener.heard[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(one.secret).verify(body.replace(b"create", b"delete"), headers)


def test_the_secret_is_shown_once(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    made = daniel.post("/webhooks/", {"url": "https://bi.dunmallow.example/hook"}).json()
    assert made["secret"].startswith("whsec_")
    again = daniel.get(f"/webhooks/{made['uid']}/").json()
    assert "secret" not in again
    assert [row["uid"] for row in daniel.get("/webhooks/").json()] == [made["uid"]]
    assert caller_of("marek").get(f"/webhooks/{made['uid']}/").status_code == 404


def test_marek_hears_nothing_of_what_he_may_not_read(cast: Cast, listener: Listener) -> None:
    subscribe(listener.url, actor=cast.marek)
    cast.problem(title="A case that concerns Marek", confidentiality="restricted")
    work()
    assert listener.heard == []
    cast.problem()
    work()
    assert listener.types() == ["nonconformity.create"]


def test_only_the_verbs_asked_for_are_told_and_signatures_are_among_them(cast: Cast, listener: Listener) -> None:
    subscribe(listener.url, actor=cast.daniel, verbs=["comment", "sign"])
    values = {"title": "Fit a borescope station", "kind": "preventive", "owner": cast.marek.person, "evidence": "20 bodies looked into"}
    action = commands.create("action", values, actor=cast.daniel)
    commands.comment(action, "By Friday, please.", actor=cast.daniel)
    commands.move(action, "complete", actor=cast.marek)
    commands.move(action, "verify", actor=cast.daniel, values={"verification": "Saw it at the station."})
    work()
    assert listener.types() == ["action.comment", "action.sign"]


def test_a_write_that_is_rolled_back_tells_nobody(cast: Cast, listener: Listener) -> None:
    subscribe(listener.url, actor=cast.daniel)
    with pytest.raises(Refused):
        cast.problem(title="")
    assert work() == 0


def test_a_server_that_is_down_is_tried_again_with_the_same_id(cast: Cast, listener: Listener) -> None:
    one = subscribe(listener.url, actor=cast.daniel)
    listener.answer = 503
    cast.problem()
    work()
    one.refresh_from_db()
    assert (one.failures, one.active) == (1, True)
    assert "503" in one.said
    assert work() == 0, "it is left alone for a while"
    listener.answer = 200
    _later(one)
    work()
    one.refresh_from_db()
    assert (one.failures, one.said) == (0, "")
    ids = [headers["webhook-id"] for _path, headers, _body in listener.heard]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_dead_server_costs_one_attempt_a_step_however_much_waits(cast: Cast, listener: Listener) -> None:
    subscribe(listener.url, actor=cast.daniel)
    listener.answer = 500
    for n in range(4):
        cast.problem(title=f"Burr in bore {n}")
    work()
    assert len(listener.heard) == 1


def test_after_ten_failures_it_is_switched_off_and_daniel_is_told(cast: Cast, listener: Listener) -> None:
    one = subscribe(listener.url, actor=cast.daniel)
    listener.answer = 500
    cast.problem()
    for _n in range(len(WAITS) + 1):
        work()
        _later(one)
    one.refresh_from_db()
    assert not one.active
    assert len(listener.heard) == len(WAITS) + 1
    assert "switched off" in Notice.objects.get(person=cast.daniel.person, kind="webhook").text


def test_whoever_answers_gone_is_left_in_peace(cast: Cast, listener: Listener) -> None:
    one = subscribe(listener.url, actor=cast.daniel)
    listener.answer = 410
    cast.problem()
    work()
    one.refresh_from_db()
    assert not one.active


def test_a_redirect_is_not_followed(cast: Cast, listener: Listener) -> None:
    one = subscribe(listener.url, actor=cast.daniel)
    listener.answer = 307
    cast.problem()
    work()
    one.refresh_from_db()
    assert [path for path, _headers, _body in listener.heard] == ["/hook?from=linchpin"]
    assert "307" in one.said


def test_a_ping_shows_that_it_works(caller_of: Any, listener: Listener) -> None:
    daniel = caller_of("daniel")
    uid = daniel.post("/webhooks/", {"url": listener.url}).json()["uid"]
    assert daniel.post(f"/webhooks/{uid}/ping/").status_code == 202
    work()
    assert listener.types() == ["ping"]
    assert [row["state"] for row in daniel.get(f"/webhooks/{uid}/deliveries/").json()] == ["done"]


def test_ended_and_switched_off_webhooks_are_told_nothing(cast: Cast, caller_of: Any, listener: Listener) -> None:
    daniel = caller_of("daniel")
    uid = daniel.post("/webhooks/", {"url": listener.url}).json()["uid"]
    cast.problem()
    assert daniel.patch(f"/webhooks/{uid}/", {"active": False}).json()["active"] is False
    work()
    assert listener.heard == []
    assert daniel.delete(f"/webhooks/{uid}/").status_code == 204
    assert daniel.get(f"/webhooks/{uid}/").status_code == 404
    verbs = [event.verb for event in trail.history_of(cast.daniel.person.uid)]
    assert {"subscribe", "change_webhook", "unsubscribe"} <= set(verbs)


INSIDE = (
    "http://127.0.0.1/", "http://localhost:8000/", "http://10.1.2.3/hook", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
    "http://[::ffff:10.0.0.1]/", "http://[fe80::1]/", "http://192.168.1.1/", "http://printer.local/", "http://0.0.0.0/", "http://[64:ff9b::a00:1]/",
)  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_addresses_inside_are_refused(caller_of: Any, url: str) -> None:
    refused = caller_of("daniel").post("/webhooks/", {"url": url})
    assert refused.status_code == 422
    assert "LINCHPIN_WEBHOOKS_PRIVATE" in sentences(refused)


@pytest.mark.parametrize("url", ["ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://u:p@example.org/", "https://a b/", "http://[x"])
def test_what_is_no_web_address_is_refused(caller_of: Any, url: str) -> None:
    refused = caller_of("daniel").post("/webhooks/", {"url": url})
    assert refused.status_code == 422, url
    assert refused.json()["errors"][0]["field"] == "url"


def test_a_name_that_leads_inside_is_found_out_before_it_is_connected_to(settings: Any, listener: Listener) -> None:
    """The name is harmless, its address is not: what counts is where it leads when the message is sent."""
    settings.WEBHOOKS_PRIVATE = False
    with pytest.raises(Unreachable, match="inside your own network"):
        send(listener.url.replace("127.0.0.1", "localhost"), b"{}", {})
    assert listener.heard == []


def _later(one: Subscription) -> None:
    """As if the time that the address is left alone had passed."""
    past = clock.now() - timedelta(seconds=1)
    Subscription.objects.filter(pk=one.pk).update(quiet_until=past)
    Job.objects.filter(state=Job.State.WAITING).update(not_before=past)
