"""A document from its draft until it is superseded: who decides, what is refused, what the clock does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.chapters.support.documents.models import Document
from linchpin.kernel import commands, trail
from linchpin.kernel.asking.reading import asked_of
from linchpin.kernel.commands.asking import name_audience
from linchpin.kernel.commands.clockwork import settle_by_time
from linchpin.kernel.commands.commenting import settle_comment
from linchpin.kernel.commands.reminding_units import let_remind
from linchpin.kernel.links.models import Link
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.notices.reminding import remind
from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.search.finding import find
from linchpin.kernel.signatures.content import is_valid
from tests.cast import Cast
from tests.support.documents import STRONG, approve, drafted, in_force, planned


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def test_approved_by_all_it_is_in_force_at_once_and_the_document_points_at_it(cast: Cast) -> None:
    document = in_force(cast)
    revision = document.effective
    assert (document.status, document.revision_label, document.in_force_on) == ("in_force", "A", clock.today())
    assert (revision.status, revision.approved_on, document.fingerprint) == ("effective", clock.today(), revision.fingerprint)
    assert document.due == document.original_due and document.due.year == clock.today().year + 2
    assert [e.verb for e in trail.history(revision.pk)][-4:] == ["approve", "sign", "all_approved", "take_effect"]
    assert all(is_valid(signature, revision) for signature in revision.signatures.all())
    trail.seal_pending()
    assert trail.verify().ok


def test_priya_does_not_approve_what_she_wrote(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    name_audience(revision, "approve", [cast.priya.person], actor=cast.daniel)
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "agree", actor=cast.marek)
    with pytest.raises(Refused, match="You wrote this revision: somebody else approves it"):
        commands.move(revision, "approve", actor=cast.priya, signing=STRONG)
    with pytest.raises(Refused, match="somebody else approves it"):
        commands.move(revision, "approve", actor=cast.priya, signing=STRONG, exception="Nobody is here on Sunday.")
    assert fresh(revision).status == "in_review"


def test_where_top_management_lets_the_duty_bend_it_is_declared_and_worn(cast: Cast) -> None:
    from linchpin.kernel.commands.exceptions import decide

    decide("document_author_is_not_approver", "with_reason", actor=cast.maeve)
    revision = drafted(cast, planned(cast))
    name_audience(revision, "approve", [cast.priya.person], actor=cast.daniel)
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "agree", actor=cast.marek)
    commands.move(revision, "approve", actor=cast.priya, signing=STRONG, exception="Nobody else is here on Sunday.")
    standing = fresh(revision)
    assert (standing.status, standing.exceptions, standing.declared_exceptions.get().declared_by) == ("effective", 1, cast.priya.person)


def test_an_approval_is_signed_with_a_password(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "agree", actor=cast.marek)
    with pytest.raises(Refused, match="Sign with your password or passkey"):
        commands.move(revision, "approve", actor=cast.daniel)


def test_nothing_is_approved_before_its_reviewers_have_answered_and_changes_are_settled(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    commands.move(revision, "submit", actor=cast.priya)
    with pytest.raises(Refused, match="Still being reviewed by Marek Zieliński"):
        commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)
    commands.move(revision, "ask_change", actor=cast.marek, reason="Name the borescope.")
    commands.move(revision, "agree", actor=cast.marek)
    with pytest.raises(Refused, match="1 change that was asked for is not settled yet"):
        commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)
    asked = revision.comments.get(kind="change")
    with pytest.raises(NotAllowed, match="settles what was asked for"):
        settle_comment(asked, "Done.", actor=cast.hanna)
    with pytest.raises(Refused, match="Say what became of it"):
        settle_comment(asked, " ", actor=cast.priya)
    settle_comment(asked, "Step 5 names it.", actor=cast.priya)
    with pytest.raises(Refused, match="settled already, by Priya Raman"):
        settle_comment(asked, "Again.", actor=cast.priya)
    commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)
    assert fresh(revision).status == "effective"
    trail.seal_pending()
    assert trail.verify().ok


def test_two_approvers_decide_side_by_side_and_both_must(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    name_audience(revision, "review", [], actor=cast.daniel)
    name_audience(revision, "approve", [cast.daniel.person, cast.hanna.person], actor=cast.daniel)
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "approve", actor=cast.hanna, signing=STRONG)
    assert fresh(revision).status == "in_review"
    commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)
    assert fresh(revision).status == "effective"


def test_an_approver_who_is_taken_off_the_list_holds_nothing_up(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    name_audience(revision, "review", [], actor=cast.daniel)
    name_audience(revision, "approve", [cast.daniel.person, cast.hanna.person], actor=cast.daniel)
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "approve", actor=cast.daniel, signing=STRONG)
    name_audience(revision, "approve", [cast.daniel.person], actor=cast.daniel)
    assert fresh(revision).status == "effective"


def test_the_text_is_closed_while_it_is_out_and_who_agreed_is_asked_anew_when_it_comes_back(cast: Cast) -> None:
    revision = drafted(cast, planned(cast))
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "agree", actor=cast.marek)
    with pytest.raises(Refused, match="give it back first to change its text"):
        commands.edit(revision, {"content": "Something else"}, actor=cast.priya)
    commands.move(revision, "give_back", actor=cast.priya, reason="The picture is missing.")
    commands.edit(revision, {"content": "Something else"}, actor=cast.priya)
    commands.move(revision, "submit", actor=cast.priya)
    assert [row.answer for row in asked_of(fresh(revision), "review")] == [""]
    signature = revision.signatures.get(move="agree")
    assert not is_valid(signature, fresh(revision))


@pytest.mark.parametrize(("values", "named", "sentence"), [
    ({"content": ""}, True, "There is nothing to review yet"),
    ({}, False, "Name at least one person who approves it"),
])  # fmt: skip
def test_what_is_not_ready_is_not_sent_to_review(cast: Cast, values: dict[str, Any], named: bool, sentence: str) -> None:
    revision = drafted(cast, planned(cast), **values)
    if not named:
        name_audience(revision, "approve", [], actor=cast.priya)
    with pytest.raises(Refused, match=sentence):
        commands.move(revision, "submit", actor=cast.priya)


def test_it_takes_effect_on_its_day_by_the_clock(cast: Cast) -> None:
    document = planned(cast)
    revision = drafted(cast, document, effective_from=clock.today() + timedelta(days=10))
    approve(cast, revision)
    assert (fresh(revision).status, fresh(document).status) == ("approved", "planned")
    assert settle_by_time() == 0
    with clock.standing_at(clock.now() + timedelta(days=10)):
        assert settle_by_time() == 1
    assert (fresh(revision).status, fresh(document).status) == ("effective", "in_force")


def test_the_next_revision_supersedes_the_one_before_and_there_is_never_a_second(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.priya.person])
    commands.move(document, "confirm", actor=cast.priya)
    before = document.effective
    with pytest.raises(Refused, match="Say what is new in this revision, and why"):
        commands.move(drafted(cast, document, change_note=""), "submit", actor=cast.priya)
    commands.move(document.children.get(revision__label="B"), "void", actor=cast.daniel, reason="Begun again.")
    after = approve(cast, drafted(cast, document, title="Deburring cross bores with tool 12"))
    standing = fresh(document)
    assert (fresh(before).status, fresh(before).ended_on) == ("superseded", clock.today())
    assert (standing.effective_id, standing.title, standing.revision_label) == (after.pk, "Deburring cross bores with tool 12", "B")
    assert standing.children.filter(status="effective").count() == 1
    assert (standing.round, standing.unconfirmed) == (2, 1)
    assert [row.answer for row in asked_of(standing, "confirm")] == [""]


def test_a_revision_that_asks_nobody_anew_leaves_what_was_confirmed(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.priya.person, cast.hanna.person])
    commands.move(document, "confirm", actor=cast.priya)
    approve(cast, drafted(cast, document, ask_again=False))
    standing = fresh(document)
    assert (standing.round, standing.unconfirmed, standing.revision_label) == (1, 1, "B")


def test_two_revisions_are_not_written_at_once_and_no_label_comes_twice(cast: Cast) -> None:
    document = in_force(cast)
    with pytest.raises(Refused, match="There was a revision A already"):
        drafted(cast, document, label="a")
    drafted(cast, document)
    with pytest.raises(Refused, match="Revision B is being written already"):
        drafted(cast, document)


def test_withdrawn_it_takes_its_revision_along_and_asks_nobody_any_more(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.priya.person])
    commands.move(document, "withdraw", actor=cast.marek, reason="The part runs out.")
    standing = fresh(document)
    assert (standing.status, standing.due, fresh(document.effective).status) == ("withdrawn", None, "withdrawn")
    assert list(asked_of(standing, "confirm")) == []


def test_a_temporary_instruction_lapses_by_itself_after_its_last_day(cast: Cast) -> None:
    document = in_force(cast, kind="temporary", lapses_on=clock.today() + timedelta(days=3))
    assert document.due is None
    with clock.standing_at(clock.now() + timedelta(days=3)):
        assert settle_by_time() == 0
    with clock.standing_at(clock.now() + timedelta(days=4)):
        assert settle_by_time() == 1
    assert (fresh(document).status, fresh(document.effective).status) == ("lapsed", "withdrawn")


@pytest.mark.parametrize(("values", "field", "sentence"), [
    ({"kind": "temporary"}, "lapses_on", "says until when it holds"),
    ({"kind": "temporary", "lapses_on": clock.today() + timedelta(days=15)}, "lapses_on", "for 14 days at most"),
    ({"lapses_on": clock.today() + timedelta(days=5)}, "lapses_on", "Only a temporary instruction has a last day"),
    ({"review_months": 37}, "review_months", "after 36 months at the latest"),
    ({"clauses": "7.5, 7.9"}, "clauses", "“7.9” is no clause of either edition"),
    ({"clauses": "7.5, chapter nine"}, "clauses", "“chapter nine” is no clause of either edition"),
])  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(cast: Cast, values: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        planned(cast, **values)
    assert field in refused.value.by_field()


def test_a_temporary_instruction_is_not_prolonged_for_ever(cast: Cast) -> None:
    document = planned(cast, kind="temporary", lapses_on=clock.today() + timedelta(days=14))
    with clock.standing_at(clock.now() + timedelta(days=10)), pytest.raises(Refused, match="make it an instruction instead"):
        commands.edit(document, {"lapses_on": clock.today() + timedelta(days=12)}, actor=cast.daniel)


def test_no_two_documents_bear_the_same_number_of_their_own(cast: Cast) -> None:
    first = planned(cast)
    with pytest.raises(Refused, match=f"“WI-MC-031” is {first.number} Deburring cross bores already"):
        planned(cast)
    other = planned(cast, reference="WI-MC-032")
    with pytest.raises(Refused, match="already: choose another"):
        commands.edit(other, {"reference": "WI-MC-031"}, actor=cast.daniel)
    assert commands.edit(other, {"purpose": "The same for 5540."}, actor=cast.daniel).reference == "WI-MC-032"


def test_its_owner_is_reminded_of_the_review_and_says_that_it_still_holds(cast: Cast) -> None:
    document = in_force(cast)
    day = document.due
    let_remind(cast.company, True, actor=cast.daniel)
    while remind(day) == 0:  # the first working day from the due date on
        day += timedelta(days=1)
    assert Notice.objects.filter(person=cast.marek.person, record=document, kind="reminder").exists()
    with clock.standing_at(clock.now() + timedelta(days=700)):
        commands.move(document, "review", actor=cast.marek)
    standing = fresh(document)
    assert standing.due > document.due and not standing.due_was_moved and standing.due_moves == 0


def test_it_is_found_by_what_its_revision_in_force_says_and_no_longer_by_the_old_text(cast: Cast) -> None:
    document = in_force(cast)
    approve(cast, drafted(cast, document, content="Use the quetzalcoatlus."))
    assert document.pk in {hit.record.pk for hit in find(cast.daniel, "quetzalcoatlus")}
    assert document.pk not in {hit.record.pk for hit in find(cast.daniel, "tool 4")}


def test_revisions_follow_their_document_when_it_becomes_confidential(cast: Cast) -> None:
    document = in_force(cast)
    commands.edit(document, {"confidentiality": "restricted", "unit": cast.lipnica}, actor=cast.daniel)
    revision = fresh(document.effective)
    assert (revision.confidentiality, revision.unit) == ("restricted", cast.lipnica)
    assert trail.history(revision.pk)[-1].verb == "edit"


def test_seun_says_that_it_is_not_how_we_do_it(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast)
    browser = browser_of("priya")
    page = browser.get(f"/report/?about={document.number}").content.decode()
    assert "Not how we do it?" in page and "WI-MC-031" in page
    browser.post("/report/", {"saw": "Step 2 is done with tool 12 for weeks now.", "about": document.number, "once": "say-so"})
    concern = Concern.objects.get()
    link = Link.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (concern.pk, document.pk, "about")
    assert "was said about it in" in browser.get(f"/document/{document.number}/").content.decode()


def test_what_is_written_apart_from_a_document_becomes_one_when_it_is_sent_to_review(cast: Cast) -> None:
    revision = commands.create("revision", {"title": "Greasing the spindle", "content": "Once a week."}, actor=cast.daniel)
    name_audience(revision, "approve", [cast.hanna.person], actor=cast.daniel)
    commands.move(revision, "submit", actor=cast.daniel)
    commands.move(revision, "approve", actor=cast.hanna, signing=STRONG)
    document = Document.objects.get()
    assert (document.title, document.effective_id, document.status) == ("Greasing the spindle", revision.pk, "in_force")
