"""The told stories, as an auditor would read them."""

from __future__ import annotations

from typing import Any

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.comparing import compare, text_of
from linchpin.chapters.support.revisions.reading import before
from linchpin.demonstration.loading import Loaded
from linchpin.kernel import trail
from linchpin.kernel.asking.reading import coverage_of
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.people.clock import today
from linchpin.kernel.records.models import Record
from linchpin.kernel.signatures.models import Signature


def _problem(slug: str) -> Any:
    return Nonconformity.objects.select_related("owner", "verifier").get(reference=slug)


def test_told_records_are_found_by_their_slug(demo: Loaded) -> None:
    assert {"brightbath-escape", "burr-pallas", "seun-stop", "sunday-bath", "third-inspector", "EI-3", "GI-07"} <= set(demo.records)
    found = dict(Record.objects.filter(reference__in=demo.records).values_list("reference", "pk"))
    assert found == {slug: record.pk for slug, record in demo.records.items()}


def test_advice_about_blaming_people_was_passed_and_stays_visible(demo: Loaded) -> None:
    accepted = [e for e in trail.history(_problem("burr-pallas").pk) if e.verb == "accept_cause"]
    assert len(accepted) == 2
    assert any(change.field == "passed_advice" for change in accepted[0].changes)
    assert not any(change.field == "passed_advice" for change in accepted[1].changes)


def test_what_was_counted_came_back_and_got_a_lasting_fix(demo: Loaded) -> None:
    first, again = _problem("wrong-revision"), _problem("wrong-revision-again")
    assert (first.status, first.lasting_fix) == ("closed_no_fix", "no")
    assert again.prior_reference == first.number
    assert (again.repeat, again.lasting_fix, again.status) == (True, "yes", "closed")


def test_matejas_question_waits_for_maeve(demo: Loaded) -> None:
    asked = demo.records["third-inspector"]
    asked.refresh_from_db()
    assert (asked.status, asked.owner.name, asked.created_by.name) == ("open", "Maeve Brannigan", "Mateja Kovačič")
    assert 7 <= (today() - asked.created_at.date()).days <= 12


def test_people_are_called_by_name_in_comments(demo: Loaded) -> None:
    called = Comment.objects.filter(mentions__name="Daniel Petrov")
    assert called.exists()
    assert Comment.objects.count() >= 20


def test_leaders_thank_in_their_own_words(demo: Loaded) -> None:
    thanked = Concern.objects.exclude(thanks="")
    assert thanked.count() > 100
    assert thanked.filter(thanked_by__name="Maeve Brannigan").exists()


def test_who_owns_a_cause_was_refused_and_asked_another(demo: Loaded) -> None:
    asks = Comment.objects.filter(record_id=demo.records["burr-pallas"].pk, text__contains="I was told")
    assert asks.filter(author__name="Marek Zieliński").exists()
    accepted = Signature.objects.filter(record_id=demo.records["burr-pallas"].pk, move="accept_cause")
    assert {s.signer.name for s in accepted} == {"Daniel Petrov"}


def test_the_documents_are_such_as_a_quality_manager_keeps(demo: Loaded) -> None:
    """One superseded with every word compared, one in review with a change still asked for, some past their review, one that will lapse."""
    deburring = demo.records["WI-MC-031"].children.get(revision__label="D").revision
    old = before(deburring)
    assert (old.label, old.status, deburring.status) == ("C", "superseded", "effective")
    assert any(line.kind == "changed" for line in compare(text_of(old) or "", text_of(deburring) or ""))
    waiting = demo.records["WI-AS-015"].children.get(revision__label="08")
    assert waiting.status == "in_review" and Comment.objects.filter(record=waiting, kind="change", settled_at=None).count() == 1
    kept = Document.objects.filter(status="in_force")
    assert kept.count() > 10 and kept.filter(due__lt=today()).count() >= 4
    assert kept.get(kind="temporary").lapses_on > today()
    policy = Document.objects.get(reference="QP-001")
    everybody, units = coverage_of(policy, "confirm")
    assert everybody.asked > 230 and everybody.witnessed > 50 < everybody.done and len(units) > 20
