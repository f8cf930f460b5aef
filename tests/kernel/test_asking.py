"""Who is asked for something on a record: by name, by unit, by role; who may witness; what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.asking.models import Asked
from linchpin.kernel.asking.reading import asked_of, coverage_of, waiting_in
from linchpin.kernel.commands.asking import ask_newcomers, name_audience, witness
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.waiting import at_rest, waiting_for
from tests.cast import Cast
from tests.support.documents import in_force, planned


def names(record: Any, duty: str = "confirm") -> set[str]:
    return {row.person.name.split()[0] for row in asked_of(record, duty)}


def test_a_unit_means_everybody_in_it_and_a_role_whoever_has_it(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.machining, "auditor"])
    assert names(document) == {"Marek", "Priya", "Seun", "Hanna"}
    assert document.unconfirmed == 4


def test_whoever_is_asked_finds_it_on_their_list_until_they_have_confirmed(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.priya.person])
    assert [(record.number, words) for record, words in waiting_for(cast.priya)] == [(document.number, "Read and confirm")]
    commands.move(document, "confirm", actor=cast.priya)
    assert waiting_for(cast.priya) == []
    (signature,) = document.signatures.all()
    assert (signature.signer, signature.strength, signature.fields) == (cast.priya.person, "confirm", ["effective", "fingerprint", "revision_label"])
    document.refresh_from_db()
    assert document.unconfirmed == 0
    with pytest.raises(NotAllowed, match="is for: whoever is asked"):
        commands.move(document, "confirm", actor=cast.priya)


def test_nobody_confirms_for_others(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.priya.person])
    for stranger in (cast.daniel, cast.marek, cast.maeve):
        with pytest.raises(NotAllowed):
            commands.move(document, "confirm", actor=stranger)


def test_marek_was_there_when_seun_was_told_and_it_counts_apart(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.machining])
    witness(document, "confirm", [cast.seun.person, cast.priya.person], actor=cast.marek, said_so="At the board.")
    everybody, (machining,) = coverage_of(document, "confirm")
    assert (machining.asked, machining.done, machining.witnessed, everybody.waiting) == (3, 0, 2, 1)
    assert [person.name for person in waiting_in(document, "confirm", [cast.machining.pk], cast.maeve.person)] == ["Marek Zieliński"]
    event = next(e for e in trail.history(document.pk) if e.verb == "witness")
    assert (event.actor, event.reason) == (cast.marek.person, "At the board.")
    assert document.signatures.get(move="witness").signer == cast.marek.person
    trail.seal_pending()
    assert trail.verify().ok


def test_a_witness_leads_those_who_were_there_and_is_none_of_them(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.machining, cast.hanna.person])
    with pytest.raises(Refused, match="Your own name is not for you to witness"):
        witness(document, "confirm", [cast.marek.person], actor=cast.marek)
    with pytest.raises(NotAllowed, match="Hanna Wieczorek works in another area"):
        witness(document, "confirm", [cast.hanna.person], actor=cast.marek)
    with pytest.raises(NotAllowed, match="works in another area"):
        witness(document, "confirm", [cast.seun.person], actor=cast.priya)
    with pytest.raises(Refused, match="Tick who was there"):
        witness(document, "confirm", [], actor=cast.marek)
    with pytest.raises(Refused, match="is not asked, or has confirmed already"):
        witness(document, "confirm", [cast.boštjan.person], actor=cast.daniel)
    assert not Asked.objects.filter(answer="witnessed").exists()


def test_whoever_joins_a_unit_later_is_asked_by_the_clock_and_only_once(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.machining])
    edit_subject(cast.hanna.person, {"unit": cast.machining}, actor=cast.system)
    assert (ask_newcomers(), ask_newcomers()) == (1, 0)
    assert "Hanna" in names(document)
    document.refresh_from_db()
    assert document.unconfirmed == 4


def test_who_is_taken_off_the_list_is_asked_no_more_and_who_answered_stays(cast: Cast) -> None:
    document = in_force(cast, read_by=[cast.priya.person, cast.hanna.person])
    commands.move(document, "confirm", actor=cast.priya)
    name_audience(document, "confirm", [cast.marek.person], actor=cast.daniel)
    assert names(document) == {"Priya", "Marek"}
    assert waiting_for(cast.hanna) == []


@pytest.mark.parametrize(("named", "sentence"), [
    (lambda cast: ["emperor"], "There is no role “emperor”"),
    (lambda cast: [edit_subject(cast.hanna.person, {"state": "left"}, actor=cast.system)], "is no longer active"),
])  # fmt: skip
def test_who_cannot_be_asked_is_refused_in_a_sentence(cast: Cast, named: Any, sentence: str) -> None:
    document = in_force(cast)
    with pytest.raises(Refused, match=sentence):
        name_audience(document, "confirm", named(cast), actor=cast.daniel)


def test_who_may_not_read_it_is_not_asked_to(cast: Cast) -> None:
    document = planned(cast, confidentiality="restricted")
    with pytest.raises(Refused, match="Boštjan Hribar may not read this"):
        name_audience(document, "confirm", [cast.boštjan.person], actor=cast.daniel)


def test_approvers_are_people_and_no_unit(cast: Cast) -> None:
    revision = in_force(cast).effective
    with pytest.raises(Refused, match="Nobody is asked for “confirm” here"):
        name_audience(revision, "confirm", [cast.priya.person], actor=cast.daniel)


def test_a_document_in_force_waits_for_nobody_until_its_review_comes_near(cast: Cast) -> None:
    document = in_force(cast)
    rows = type(document).objects
    assert not rows.exclude(at_rest(document.due.replace(year=document.due.year - 1))).exists()
    assert rows.exclude(at_rest(document.due)).get() == document
