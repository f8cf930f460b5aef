"""Many people at once: numbers without gaps, a parent that moves exactly once, and nobody's words lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from linchpin.kernel import commands, trail
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import SILENT_FOR, Progress, ask_for, cancel, claim, handles, run_next
from linchpin.kernel.people.clock import now
from linchpin.kernel.records.models import NumberSequence, Record
from linchpin.kernel.records.refusals import Refused, Stale
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.search.finding import find
from tests.cast import Cast, gather
from tests.housing import transactional_db
from tests.kernel.refusing import STRONG, answered, at

WRITERS = 20
__all__ = ["transactional_db"]


@pytest.fixture
def cast(transactional_db: Any) -> Cast:
    """People whose records are really committed, so that other connections see them."""
    return gather()


def all_at_once(work: Callable[[int], Any], many: int = WRITERS) -> list[Any]:
    """Run `work(n)` in `many` threads, each with its own connection, started together. Gives results or what was raised."""
    results: list[Any] = [None] * many
    start = threading.Barrier(many)

    def one(n: int) -> None:
        try:
            start.wait(30)
            results[n] = work(n)
        except BaseException as problem:
            results[n] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def test_twenty_reports_at_once_are_numbered_without_a_gap_and_the_trail_is_whole(cast: Cast) -> None:
    def raise_one(n: int) -> Any:
        if n % 5 == 4:  # some are refused after the queue: they must not burn a number
            return commands.create("nonconformity", {"title": f"Burr {n}", "unit": cast.machining, "severity": "huge"}, actor=cast.daniel)
        return commands.create(("nonconformity", "action")[n % 2], {"title": f"Burr {n}", "kind": "other", "unit": cast.machining}
                               if n % 2 else {"title": f"Burr {n}", "unit": cast.machining}, actor=cast.daniel)  # fmt: skip

    results = all_at_once(raise_one)
    made = [r for r in results if isinstance(r, Record)]
    assert len(made) == WRITERS - 4 and all(isinstance(r, Refused) for r in results if r not in made), results
    for prefix in ("NC", "ACT"):
        numbers = sorted(r.number for r in made if r.number.startswith(prefix))
        assert [int(n.rsplit("-", 1)[1]) for n in numbers] == list(range(1, len(numbers) + 1))
        assert NumberSequence.objects.get(prefix=prefix).last == len(numbers)
    trail.seal_pending()
    assert trail.verify().ok


def test_the_same_form_sent_twenty_times_at_once_makes_one(cast: Cast) -> None:
    values = {"title": "Burr left", "unit": cast.machining}
    results = all_at_once(lambda n: commands.create("nonconformity", values, actor=cast.daniel, once="one-form"))
    assert {r.pk for r in results if isinstance(r, Record)} == set(Record.objects.filter(type="nonconformity").values_list("pk", flat=True))
    assert Record.objects.filter(type="nonconformity").count() == 1
    assert NumberSequence.objects.get(prefix="NC").last == 1


def test_twenty_fixes_ending_at_once_move_their_problem_exactly_once(cast: Cast) -> None:
    problem = at("cause_found", cast)
    actions = [
        commands.create("action", {"title": f"Fix {n}", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=problem)
        for n in range(WRITERS)
    ]
    commands.move(problem, "approve_actions", actor=cast.daniel, values=answered("approve_actions", cast), signing=STRONG)
    results = all_at_once(lambda n: commands.move(actions[n], "complete", actor=cast.priya, values={"evidence": f"Seen {n}."}))
    assert all(isinstance(r, Record) for r in results), results
    problem.refresh_from_db()
    assert problem.status == "awaiting_effectiveness"
    assert Counter(e.verb for e in trail.history(problem.pk))["watch"] == 1
    trail.seal_pending()
    assert trail.verify().ok


def test_of_twenty_who_edit_one_field_one_is_heard_and_the_others_are_told(cast: Cast) -> None:
    problem = cast.problem(description="As it was seen.")
    results = all_at_once(
        lambda n: commands.edit(problem, {"description": f"Text of writer {n}."}, actor=cast.daniel, old={"description": "As it was seen."})
    )
    heard = [r for r in results if isinstance(r, Record)]
    told = [r for r in results if isinstance(r, Stale)]
    assert len(heard) == 1 and len(told) == WRITERS - 1, results
    assert all(t.theirs == {"description": heard[0].description} for t in told)
    assert [e.verb for e in trail.history(problem.pk)] == ["create", "edit"]


def test_twenty_who_comment_and_edit_other_fields_are_all_heard(cast: Cast) -> None:
    problem = cast.problem()
    fields = ("description", "place", "process", "requirement", "evidence", "gap", "containment", "correction", "consequences", "cause")

    def speak(n: int) -> Any:
        if n % 2:
            return commands.comment(problem, f"Comment {n}.", actor=cast.marek)
        return commands.edit(problem, {fields[n // 2]: f"Field {n}."}, actor=cast.daniel, old={fields[n // 2]: ""})

    results = all_at_once(speak)
    assert not [r for r in results if isinstance(r, BaseException)], results
    stands = get_type("nonconformity").model._default_manager.get(pk=problem.pk)
    assert stands.version == stands.sequence == WRITERS + 1
    assert all(getattr(stands, name) for name in fields) and stands.comments.count() == WRITERS // 2
    assert find(cast.daniel, "Field 18")[0].record.pk == problem.pk
    trail.seal_pending()
    assert trail.verify().ok


def test_of_many_who_move_one_record_one_does(cast: Cast) -> None:
    problem = cast.problem()
    values = answered("register", cast)
    results = all_at_once(lambda n: commands.move(problem, "register", actor=cast.daniel, values=values), 8)
    assert len([r for r in results if isinstance(r, Record)]) == 1, results
    assert all("is not possible while" in str(r) for r in results if isinstance(r, Refused))


# -- jobs -----------------------------------------------------------------------------------------------------------------------------

RAN: list[int] = []


@handles("test_counting")
def counting(job: Job, progress: Progress) -> dict[str, Any]:
    for n in range(int(job.arguments["to"])):
        progress.say(n, int(job.arguments["to"]), f"at {n}")
        RAN.append(n)
        if job.arguments.get("cancel_at") == n:
            cancel(job)
    return {"counted": job.arguments["to"]}


@handles("test_failing")
def failing(job: Job, progress: Progress) -> dict[str, Any]:
    if job.arguments["how"] == "refused":
        raise Refused("Row 7 has no title.")
    raise ZeroDivisionError("secret detail")


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    RAN.clear()


def test_a_job_runs_once_even_with_two_workers(cast: Cast) -> None:
    jobs = [ask_for("test_counting", cast.daniel.person, to=2) for _n in range(6)]

    def work(n: int) -> int:
        count = 0
        while run_next():
            count += 1
        return count

    assert sum(all_at_once(work, 2)) == len(jobs)
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)} and len(RAN) == 12


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_when_it_next_says_how_far_it_is(cast: Cast) -> None:
    waiting = ask_for("test_counting", cast.daniel.person, to=3)
    cancel(waiting)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled" and claim() is None
    ask_for("test_counting", cast.daniel.person, to=10, cancel_at=2)
    ended = run_next()
    assert ended is not None and (ended.state, RAN) == ("cancelled", [0, 1, 2])
    assert ended.result["sentence"].startswith("Stopped as you asked")


def test_a_killed_job_is_claimed_again_but_not_for_ever(cast: Cast) -> None:
    asked = ask_for("test_counting", cast.daniel.person, to=1)
    for attempt in (1, 2, 3):
        taken = claim()
        assert taken is not None and taken.pk == asked.pk and taken.attempts == attempt
        assert claim() is None, "it still beats"
        Job.objects.filter(pk=asked.pk).update(beat_at=now() - SILENT_FOR - timedelta(seconds=1))
    assert claim() is None
    asked.refresh_from_db()
    assert asked.state == "failed" and "three times" in asked.result["sentence"]


def test_a_failed_job_says_what_to_do_and_nothing_of_our_insides(cast: Cast) -> None:
    ask_for("test_failing", cast.daniel.person, how="refused")
    ask_for("test_failing", cast.daniel.person, how="broken")
    refused, broken = run_next(), run_next()
    assert refused is not None and (refused.state, refused.result) == ("failed", {"sentence": "Row 7 has no title."})
    assert broken is not None and broken.state == "failed" and "secret" not in broken.result["sentence"]
    assert str(broken.uid) in broken.result["sentence"] and broken.result["sentence"].endswith(".")


def test_a_job_asked_for_in_a_command_that_is_refused_is_not_there(cast: Cast) -> None:
    with pytest.raises(Refused), commands.command():
        ask_for("test_counting", cast.daniel.person, to=1)
        cast.problem(severity="huge")
    assert not Job.objects.exists()
    with pytest.raises(LookupError):
        ask_for("unheard_of", cast.daniel.person)

