"""Comments with names in them, links both ways, saved views, and moves that the calendar makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.clockwork import settle_by_time
from linchpin.kernel.links.reading import links_of
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.clock import now, standing_at
from linchpin.kernel.records.models import SavedView
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused
from tests.cast import Cast
from tests.kernel.refusing import STRONG, answered, at

Browser = Callable[[str], Any]


@pytest.mark.parametrize(("text", "called"), [
    ("@Priya, please look", {"Priya Raman"}),
    ("@Priya Raman and @Seun Adeyemi: look", {"Priya Raman", "Seun Adeyemi"}),
    ("@priya raman", {"Priya Raman"}),
    ("ask @Aoife Ní Dhomhnaill", {"Aoife Ní Dhomhnaill"}),
    ("mail priya@dunmallow.example", set()),
    ("@Nobody knows, @@Priya, @Pri", set()),
])  # fmt: skip
def test_whoever_is_called_by_name_is_told(text: str, called: set[str], cast: Cast) -> None:
    problem = cast.problem()
    made = commands.comment(problem, text, actor=cast.daniel)
    assert {p.name for p in made.mentions.all()} == called
    assert set(Notice.objects.filter(kind="comment").values_list("person__name", flat=True)) == called


def test_the_owner_hears_what_is_said_but_not_what_they_said_themselves(cast: Cast) -> None:
    problem = cast.problem(owner=cast.marek.person)
    Notice.objects.all().delete()
    commands.comment(problem, "How does it stand?", actor=cast.daniel)
    commands.comment(problem, "The tool is ordered.", actor=cast.marek)
    assert list(Notice.objects.values_list("person__name", flat=True)) == ["Marek Zieliński"]


def test_nobody_is_called_to_what_they_may_not_read(cast: Cast) -> None:
    problem = cast.problem(confidentiality="restricted")
    made = commands.comment(problem, "@Seun saw it first, @Maeve knows", actor=cast.daniel)
    assert [p.name for p in made.mentions.all()] == ["Maeve Brannigan"]


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "Write something first"), (" \n ", "Write something first"), ("\x07", "control characters"), ("<script>alert(1)</script>", "HTML is not taken"),
    ("a" * 100_001, "100,000"),
])  # fmt: skip
def test_a_comment_is_refused_for(text: str, sentence: str, cast: Cast) -> None:
    with pytest.raises(Refused, match=sentence) as said:
        commands.comment(cast.problem(), text, actor=cast.daniel)
    assert "text" in said.value.by_field()


def test_a_thumb_is_a_comment(cast: Cast) -> None:
    assert commands.comment(cast.problem(), "👍", actor=cast.daniel).text == "👍"


def test_the_external_auditor_reads_and_says_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="You may read NC-"):
        commands.comment(cast.problem(), "Interesting.", actor=cast.kateřina)


# -- links ----------------------------------------------------------------------------------------------------------------------------


def test_a_link_reads_from_both_ends_and_stands_once(cast: Cast) -> None:
    first, second = cast.problem(), cast.problem()
    made = commands.link(second, first, "repeats", actor=cast.daniel)
    assert commands.link(second, first, "repeats", actor=cast.daniel).pk == made.pk
    assert [(one.words, one.record.pk) for one in links_of(second, cast.daniel)] == [("came back from", first.pk)]
    assert [(one.words, one.record.pk) for one in links_of(first, cast.daniel)] == [("came back as", second.pk)]
    assert [e.verb for e in trail.history(second.pk)] == ["create", "link"]
    commands.unlink(made, actor=cast.daniel, reason="Another bore.")
    assert not links_of(first, cast.daniel) and trail.history(second.pk)[-1].reason == "Another bore."


def test_links_are_refused_to_itself_of_no_kind_and_to_what_is_void(cast: Cast) -> None:
    first, second = cast.problem(), cast.problem()
    with pytest.raises(Refused, match="cannot be linked to itself"):
        commands.link(first, first, "related", actor=cast.daniel)
    with pytest.raises(Refused, match="Choose one of: became"):
        commands.link(first, second, "loves", actor=cast.daniel)
    void = commands.move(second, "void", actor=cast.daniel, reason="A duplicate.")
    for source, target in ((first, void), (void, first)):
        with pytest.raises(Refused, match="One of the two is void"):
            commands.link(source, target, "related", actor=cast.daniel)


def test_a_link_does_not_tell_of_a_hidden_record(cast: Cast) -> None:
    seen, hidden = cast.problem(), cast.problem(confidentiality="restricted", title="Secret burr")
    commands.link(seen, hidden, "causes", actor=cast.daniel)
    assert not links_of(seen, cast.priya) and len(links_of(seen, cast.maeve)) == 1
    with pytest.raises(Missing):
        commands.link(seen, hidden, "related", actor=cast.marek)


# -- saved views ----------------------------------------------------------------------------------------------------------------------


def test_a_view_is_ones_own_unless_it_is_shared(cast: Cast, browser_of: Browser) -> None:
    daniel, marek = browser_of("daniel"), browser_of("marek")
    for name, shared in (("My burrs", ""), ("All burrs", "on")):
        daniel.post("/nonconformity/views/", {"name": name, "query": "severity=major&sort=due&after=xyz&csrfmiddlewaretoken=abc", "shared": shared})
    assert SavedView.objects.get(name="My burrs").query == "severity=major&sort=due"
    page = marek.get("/nonconformity/").content.decode()
    assert "All burrs" in page and "My burrs" not in page
    theirs = SavedView.objects.get(name="All burrs")
    assert marek.post(f"/nonconformity/views/{theirs.pk}/drop/").status_code == 404
    assert daniel.post(f"/nonconformity/views/{theirs.pk}/drop/").status_code == 302
    assert not SavedView.objects.filter(pk=theirs.pk).exists()
    assert daniel.post("/nonconformity/views/", {"name": "  ", "query": ""}).status_code == 422


# -- the calendar ---------------------------------------------------------------------------------------------------------------------


def test_what_follows_by_itself_happens_once_however_often_the_clock_comes(cast: Cast) -> None:
    problem = at("actions_approved", cast)
    assert settle_by_time() == 0, "its fix is not done"
    commands.move(problem.children.get(), "complete", actor=cast.priya, values={"evidence": "Runs."})
    with standing_at(now() + timedelta(days=400)):
        assert settle_by_time() == 0, "it moved with its fix already, and waits for a person now"
    assert [e.verb for e in trail.history(problem.pk)].count("watch") == 1


def test_a_cancelled_last_fix_moves_the_problem_too(cast: Cast) -> None:
    problem = at("cause_found", cast)
    fixes = [commands.create("action", {"title": f"Fix {n}", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=problem)
             for n in range(2)]  # fmt: skip
    commands.move(problem, "approve_actions", actor=cast.daniel, values=answered("approve_actions", cast), signing=STRONG)
    commands.move(fixes[0], "complete", actor=cast.priya, values={"evidence": "Runs."})
    commands.move(fixes[1], "cancel", actor=cast.daniel, reason="Not needed.")
    problem.refresh_from_db()
    assert problem.status == "awaiting_effectiveness"


def test_a_report_is_fixed_when_its_problem_closes_and_the_finder_is_heard(cast: Cast) -> None:
    from linchpin.kernel.records.registry import get_type
    from tests.contract.walking import walk_to

    report = walk_to(get_type("concern"), "fixed", cast)
    assert [e.actor.is_system for e in trail.history(report.pk) if e.verb == "finish"] == [True]
