"""The stories that the demonstration is remembered by, held against what is told of them, sentence by sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from linchpin.chapters.improvement.actions.models import Action
from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.chapters.support.documents.models import Document
from linchpin.demonstration.loading import Loaded
from linchpin.kernel import trail
from linchpin.kernel.comments.models import Comment
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.stage import Stage
from linchpin.kernel.records.models import DeclaredException, Record
from linchpin.kernel.signatures.models import Signature


def _problem(slug: str) -> Any:
    return Nonconformity.objects.select_related("owner", "verifier").get(reference=slug)


def _about(day: Any, months: float) -> bool:
    return abs((day - Stage(today(), {}, {}, 0).day(months)).days) < 12


def _revision(demo: Loaded, number: str, label: str) -> Any:
    return demo.records[number].children.get(revision__label=label).revision


def test_northlight_found_corrosion_on_six_brackets_and_412_parts_were_accounted_for(demo: Loaded) -> None:
    crisis = _problem("brightbath-escape")
    assert (crisis.status, crisis.severity, crisis.source) == ("closed", "critical", "complaint")
    assert _about(crisis.created_at.date(), -19)
    assert "six of forty brackets" in crisis.description
    assert "412 parts in 9 lots" in crisis.containment and "275 on hold" in crisis.containment and "137 delivered" in crisis.containment
    assert "after 22 hours" in crisis.containment and "Brightbath blocked" in crisis.containment
    assert "206 were stripped" in crisis.correction and "69 scrapped" in crisis.correction
    assert "96 came back" in crisis.correction and "41 fly on Northlight's concession" in crisis.correction
    assert "€312,400" in crisis.consequences


def test_its_cause_is_our_goods_in_check_and_an_acceptance_above_authority_not_the_supplier(demo: Loaded) -> None:
    crisis = _problem("brightbath-escape")
    assert "goods-in check" in crisis.cause and "above his authority" in crisis.cause and "supplier error" not in crisis.cause
    assert Signature.objects.filter(record_id=crisis.pk, move="accept_cause").exclude(signer_id=crisis.owner_id).exists()


def test_the_line_at_lipnica_ran_from_eight_months_ago_and_goods_in_measures_every_lot(demo: Loaded) -> None:
    crisis = _problem("brightbath-escape")
    line = Action.objects.get(parent_id=crisis.pk, owner__name="Boštjan Hribar")
    assert line.status == "verified" and line.done_on is not None and _about(line.done_on, -8)
    assert crisis.watched_until >= line.done_on + timedelta(days=180)
    plan = _revision(demo, "GI-07", "Rev F")
    assert (plan.status, _revision(demo, "GI-07", "Rev E").status) == ("effective", "superseded")
    assert "every lot" in plan.change_note


def test_retraining_eight_people_was_not_effective_and_hanna_said_so(demo: Loaded) -> None:
    burr = _problem("burr-pallas")
    (failed,) = burr.rounds
    assert (failed["result_count"], failed["result_n"], failed["cause"], failed["name"]) == (3, 118, "Instruction not followed", "Hanna Wieczorek")
    reopened = next(event for event in trail.history(burr.pk) if event.verb == "reopen")
    assert reopened.actor is not None and reopened.actor.name == "Hanna Wieczorek" and _about(reopened.at.date(), -11)
    assert Action.objects.filter(parent_id=burr.pk, title__startswith="Retrain eight people", status="verified").exists()


def test_the_new_cause_was_tested_and_none_of_162_lots_had_a_burr(demo: Loaded) -> None:
    burr = _problem("burr-pallas")
    assert "more than 30°" in burr.cause and "0.41" in burr.cause
    assert (burr.result_count, burr.result_n, burr.occurrences) == (0, 162, 150)
    assert "upper bound of the 95 % interval is 1.8 %" in burr.result
    assert "150 lots" in burr.rule and burr.status == "closed"
    verbs = [event.verb for event in trail.history(burr.pk)]
    assert verbs.index("reopen") < verbs.index("confirm") < verbs.index("close")
    assert {a.owner.name for a in Action.objects.filter(parent_id=burr.pk).select_related("owner")} >= {"Priya Raman", "Fergal Lavin"}
    assert Document.objects.get(reference="WI-DB-012").status == "withdrawn"


def test_seun_stopped_24_fittings_last_thursday_nothing_left_and_maeve_thanked_him(demo: Loaded) -> None:
    stop, report = _problem("seun-stop"), Concern.objects.get(reference="seun-stop-report")
    assert report.created_by.name == "Seun Adeyemi" and report.stop_line
    assert report.created_at.weekday() == 3 or (today() - report.created_at.date()).days < 9
    assert (stop.status, stop.on_hold) == ("contained", True)
    assert "All 24 on hold" in stop.containment and "nothing left the house" in stop.containment
    assert report.thanked_by is not None and report.thanked_by.name == "Maeve Brannigan" and "Seun" in report.thanks


def test_three_open_records_still_bear_the_name_of_gareth_who_left(demo: Loaded) -> None:
    left = Record.objects.open().filter(owner__name="Gareth Pell")
    assert set(left.values_list("reference", flat=True)) == {"sole-source-late", "gareth-contracts", "gareth-titanium"}
    assert all(record.due is not None and record.due < today() for record in left)


def test_boštjan_alone_on_a_sunday_issued_an_emergency_instruction_and_daniel_read_it_on_tuesday(demo: Loaded) -> None:
    instruction = Document.objects.get(reference="EI-3")
    revision = _revision(demo, "EI-3", "1")
    declared = DeclaredException.objects.select_related("declared_by", "checked_by").get(record_id=revision.pk)
    assert (instruction.kind, instruction.status) == ("temporary", "withdrawn")
    assert (declared.declared_by.name, declared.declared_at.weekday()) == ("Boštjan Hribar", 6)
    assert "alone" in declared.reason
    assert declared.checked_by is not None and declared.checked_by.name == "Daniel Petrov"
    assert declared.checked_at is not None and 2 <= (declared.checked_at - declared.declared_at).days + 1 <= 5
    bath = _problem("sunday-bath")
    assert bath.created_at.date() == declared.declared_at.date() and "EI-3" in bath.containment


def test_marek_refused_revision_c_because_its_photo_showed_a_scrapped_tool(demo: Loaded) -> None:
    revision = _revision(demo, "WI-MC-031", "C")
    asked = Comment.objects.select_related("author", "settled_by").get(record_id=revision.pk, kind="change")
    assert asked.author.name == "Marek Zieliński" and "scrapped" in asked.text
    assert asked.settled_by is not None and asked.settled_by.name == "Priya Raman"
    agreed = Signature.objects.get(record_id=revision.pk, move="agree", signer=asked.author)
    assert agreed.signed_at > asked.settled_at


def test_priya_tried_to_approve_her_own_text_and_daniel_did(demo: Loaded) -> None:
    revision = _revision(demo, "WI-MC-031", "C")
    assert Comment.objects.filter(record_id=revision.pk, author__name="Priya Raman", text__contains="somebody else approves it").exists()
    assert list(Signature.objects.filter(record_id=revision.pk, move="approve").values_list("signer__name", flat=True)) == ["Daniel Petrov"]
    assert revision.exceptions == 0


def test_a_document_of_daniels_list_opens_with_its_own_revision_and_whoever_the_list_named(demo: Loaded) -> None:
    client = Client()
    client.force_login(demo.people["daniel"].person)
    page = client.get(f"/document/{demo.records['WI-MC-001'].number}/").content.decode()
    assert "WI-MC-001" in page and "Revision Rev F" in page and "M. Zielinski" in page and "Marek Zieliński" in page
    late = client.get("/document/?due=overdue").content.decode()
    assert late.count("days over") == 6
    assert "imported, " not in late, "its own number has a column here"
