"""The rules hold in every record of the demonstration: it was played through commands, not written into tables."""

from __future__ import annotations

from datetime import timedelta

from linchpin.chapters.improvement.actions.models import Action
from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.demonstration.loading import Loaded
from linchpin.kernel import trail
from linchpin.kernel.records.models import Record
from linchpin.kernel.signatures.models import Signature
from linchpin.kernel.trail.models import Event


def test_the_trail_is_whole(demo: Loaded) -> None:
    trail.seal_pending()
    answer = trail.verify()
    assert answer.ok, answer.first_fault
    assert answer.events > 3_000


def test_nobody_confirmed_their_own_fix(demo: Loaded) -> None:
    confirmed = Signature.objects.filter(move="confirm", record__type="nonconformity").select_related("record")
    assert confirmed.count() > 20
    for signature in confirmed:
        owners = {signature.record.owner_id, *Record.objects.filter(parent_id=signature.record_id).values_list("owner_id", flat=True)}
        assert signature.signer_id not in owners, signature.record.number


def test_nobody_accepted_the_cause_of_their_own_problem(demo: Loaded) -> None:
    for signature in Signature.objects.filter(move="accept_cause").select_related("record"):
        assert signature.signer_id != signature.record.owner_id, signature.record.number


def test_nobody_verified_their_own_action_but_as_a_declared_exception(demo: Loaded) -> None:
    verified = Action.objects.exclude(verified_by=None)
    assert verified.count() > 50
    assert [action.reference for action in verified if action.verified_by_id == action.owner_id] == ["uv-lamp"]
    assert verified.get(reference="uv-lamp").exceptions == 1


def test_nobody_approved_what_they_wrote_but_as_a_declared_exception(demo: Loaded) -> None:
    approved = Signature.objects.filter(move="approve", record__type="revision").select_related("record__revision__parent")
    assert approved.count() > 15
    own = [s.record.parent.reference for s in approved if s.signer_id == s.record.owner_id]
    assert own == ["EI-3"]


def test_own_quick_fixes_were_confirmed_by_oneself_only_as_a_declared_exception(demo: Loaded) -> None:
    for signature in Signature.objects.filter(move="close_without_fix").select_related("record"):
        assert (signature.signer_id == signature.record.owner_id) == bool(signature.record.exceptions), signature.record.number


def test_every_effective_fix_was_watched_for_its_time_or_its_number(demo: Loaded) -> None:
    for problem in Nonconformity.objects.filter(status__in=("effective", "closed"), provenance="entered"):
        signed = Signature.objects.filter(record_id=problem.pk, move="confirm").latest("signed_at")
        reached = problem.occurrences and problem.result_n and problem.result_n >= problem.occurrences
        assert reached or signed.signed_at.date() >= problem.watched_until, problem.number


def test_every_lasting_fix_was_done_before_its_problem_was_closed(demo: Loaded) -> None:
    assert not Action.objects.open().filter(parent__phase="done").exists()


def test_numbers_follow_the_order_of_time_without_a_gap(demo: Loaded) -> None:
    for key in ("nonconformity", "action", "concern"):
        rows = list(Record.objects.filter(type=key).order_by("serial").values_list("created_at", "number", "provenance"))
        entered = [at for at, _number, provenance in rows if provenance == "entered"]
        assert entered == sorted(entered)
        by_year: dict[str, list[int]] = {}
        for _at, number, _provenance in rows:
            _prefix, year, count = str(number).split("-")
            by_year.setdefault(year, []).append(int(count))
        assert all(counts == list(range(1, len(counts) + 1)) for counts in by_year.values())


def test_the_same_requirement_in_the_same_process_is_never_broken_twice_unmarked(demo: Loaded) -> None:
    seen: dict[tuple[str, str], Nonconformity] = {}
    for problem in Nonconformity.objects.exclude(requirement="").order_by("created_at"):
        key = (problem.process, problem.requirement.casefold())
        before = seen.get(key)
        assert before is None or problem.repeat or problem.created_at - before.created_at > timedelta(days=365), problem.title
        seen[key] = problem


def test_every_event_was_made_by_somebody_who_was_there(demo: Loaded) -> None:
    gareth = demo.people["gareth"].person
    gareth.refresh_from_db()
    assert not Event.objects.filter(actor=gareth, at__date__gt=gareth.end).exists()
