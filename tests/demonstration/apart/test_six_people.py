"""Hollin Instruments, six people: what the second person means where the owner is also buyer, process owner and quality manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.chapters.support.documents.models import Document
from linchpin.demonstration.loading import Loaded, load
from linchpin.kernel import trail
from linchpin.kernel.commands import move
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records.models import DeclaredException, DutyRule, Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.signatures.models import Signature

EMPLOYED = Person.objects.filter(employment="employee", state="active")


@pytest.fixture(scope="module")
def fourteen_months(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Loaded]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load("hollin")
        transaction.set_rollback(True)


@pytest.fixture
def hollin(fourteen_months: Loaded, db: Any) -> Loaded:
    return fourteen_months


def _problem(hollin: Loaded, slug: str) -> Any:
    return Nonconformity.objects.select_related("owner", "verifier").get(pk=hollin.records[slug].pk)


def test_six_people_work_there_and_ruth_leads_buys_and_answers_for_quality(hollin: Loaded) -> None:
    assert Organization.objects.get().name == "Hollin Instruments"
    assert set(EMPLOYED.values_list("name", flat=True)) == {"Ruth Hollin", "Owen Prysor", "Mina Sadowska", "Tobias Ekwall", "Farah Mirza", "Col Whitby"}
    ruth = hollin.people["ruth"]
    assert ruth.person.position == "Owner, and buyer"
    assert all(ruth.has(role) for role in ("top_manager", "quality_manager", "process_owner"))


def test_nobody_decided_anything_about_the_duties_so_the_default_holds(hollin: Loaded) -> None:
    assert not DutyRule.objects.exists()


def test_ruth_alone_confirmed_her_own_quick_fix_with_a_reason_after_she_was_refused(hollin: Loaded) -> None:
    oil = _problem(hollin, "wrong-oil")
    declared = oil.declared_exceptions.get()
    assert (oil.owner.name, oil.status, oil.exceptions, declared.declared_by.name) == ("Ruth Hollin", "closed_no_fix", 1, "Ruth Hollin")
    assert "nobody in the house yet" in declared.reason
    assert "somebody else confirms" in declared.sentence


def test_ruth_approved_what_she_wrote_because_nobody_else_may_approve_for_the_office(hollin: Loaded) -> None:
    revision = hollin.records["PC-1"].children.get(type="revision")
    assert revision.declared_exceptions.get().duty == "document_author_is_not_approver"
    assert Signature.objects.get(record_id=revision.pk, move="approve").signer.name == "Ruth Hollin"


def test_mina_looked_at_both_within_ten_working_days(hollin: Loaded) -> None:
    declared = list(DeclaredException.objects.select_related("checked_by", "declared_by"))
    assert len(declared) == 2
    for one in declared:
        assert one.check_due == add_working_days(one.declared_at.date(), 10, "GB")
        assert one.checked_by is not None and one.checked_by.name == "Mina Sadowska"
        assert one.checked_at is not None and one.checked_at.date() <= one.check_due
        assert len(one.finding) > 40


def test_since_mina_may_confirm_ruth_is_refused_even_with_a_reason(hollin: Loaded) -> None:
    """The test is whether anyone else is eligible: with two of them the default is strict."""
    edition = _problem(hollin, "old-edition")
    assert (edition.owner.name, edition.status, edition.exceptions) == ("Ruth Hollin", "closed_no_fix", 0)
    assert Signature.objects.get(record_id=edition.pk, move="close_without_fix").signer.name == "Mina Sadowska"
    assert Comment.objects.filter(record_id=edition.pk, author__name="Ruth Hollin", text__contains="not possible any more").exists()


def test_in_the_workshop_there_were_always_two_so_owen_never_goes_alone(hollin: Loaded) -> None:
    leak = _problem(hollin, "leaking-joint")
    assert (leak.owner.name, leak.status, leak.verifier.name, leak.exceptions) == ("Owen Prysor", "closed", "Mina Sadowska", 0)
    accepted = Signature.objects.get(record_id=leak.pk, move="accept_cause")
    assert accepted.signer.name == "Ruth Hollin"
    assert (leak.result_count, leak.result_n) == (0, 318)
    action = hollin.records["solder-station"]
    assert Signature.objects.get(record_id=action.pk, move="verify").signer.name == "Ruth Hollin"


def test_owen_is_refused_his_own_drift_today_whatever_his_reason(hollin: Loaded) -> None:
    drift = _problem(hollin, "reference-drift")
    tobias = hollin.people["tobias"]
    values = {"correction": "Reference gauge adjusted.", "lasting_fix": "no", "lasting_fix_reason": "It was the heat."}
    with pytest.raises(Refused, match="somebody else confirms"):
        move(drift, "close_without_fix", actor=tobias, values=values, exception="It is Friday evening.")


def test_mina_may_not_audit_where_she_works_so_gwen_came_from_outside(hollin: Loaded) -> None:
    audit = Audit.objects.select_related("owner").get(reference="audit-office")
    assert (audit.owner.name, audit.status) == ("Gwen Aldous", "reported")
    assert audit.owner.employment == "contractor"
    assert audit.exceptions == 0
    found = _problem(hollin, "changes-by-phone")
    assert (found.source, found.status, found.owner.name) == ("internal_audit", "awaiting_effectiveness", "Mina Sadowska")
    assert audit.children.filter(status="good_practice", title__contains="declared exceptions").exists()


def test_col_has_no_e_mail_stopped_the_laboratory_and_was_thanked_by_ruth(hollin: Loaded) -> None:
    report = Record.objects.get(reference="col-drift").concern
    assert report.created_by.name == "Col Whitby" and report.created_by.email is None and report.stop_line
    assert report.thanked_by.name == "Ruth Hollin"
    assert _problem(hollin, "reference-drift").status == "contained"


def test_all_six_have_read_the_policy_col_in_owens_presence(hollin: Loaded) -> None:
    policy = Document.objects.get(reference="HQ-1")
    assert (policy.status, policy.unconfirmed) == ("in_force", 1), "Gwen works for the house too and has not read it"
    assert Signature.objects.filter(record_id=policy.pk, move="witness", signer__name="Owen Prysor").count() == 1


def test_the_pages_show_the_badge_the_check_and_the_count(hollin: Loaded) -> None:
    client = Client()
    client.force_login(hollin.people["ruth"].person)
    record = client.get(f"/nonconformity/{hollin.records['wrong-oil'].number}/").content.decode()
    assert "Declared exceptions" in record and "Mina Sadowska, " in record and "three seconds. The order sheet" in record
    register = client.get("/nonconformity/?exception=yes").content.decode()
    assert "Silicone oil" in register and "Marrow Brewing" not in register
    rules = client.get("/rules/").content.decode()
    assert "Only when nobody else is eligible" in rules
    assert "Whoever wrote a document does not approve it." in rules and "Nobody audits where they work or lead." in rules
    assert rules.count("Looked at by Mina Sadowska") == 2


def test_the_house_has_no_other_worries_than_a_house_of_six_has(hollin: Loaded) -> None:
    assert Nonconformity.objects.count() == 5 and Nonconformity.objects.open().count() == 2
    assert Document.objects.open().count() == 8
    assert not Document.objects.filter(due__lt=today()).exists()
    assert Record.objects.filter(created_at__date__gt=today()).count() == 0
    trail.seal_pending()
    assert trail.verify().ok


def test_ruth_was_told_what_waits_and_mina_that_she_should_look(hollin: Loaded) -> None:
    assert Notice.objects.filter(kind="exception", person__name="Mina Sadowska").count() == 1, "of the first one nobody could be told yet"
