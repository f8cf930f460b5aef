"""Whatever anybody tries, in whatever order, what must never happen does not happen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linchpin.kernel import commands, trail
from linchpin.kernel.commands import Signing
from linchpin.kernel.people.clock import now, standing_at
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import NumberSequence, Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType, all_types, get_type
from linchpin.kernel.signatures.content import is_valid
from tests.cast import Cast
from tests.contract.test_moves import is_a_sentence
from tests.contract.walking import answers, fresh, raise_one

PEOPLE = ("daniel", "marek", "hanna", "aoife", "priya", "maeve", "norbert", "seun")
MODES = ("never", "when_alone", "with_reason")
bounded = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

attempts = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(["move", "move", "move", "move", "move", "edit", "fix", "child", "comment", "later"]),
        st.integers(0, 30),
        st.booleans(),
        st.booleans(),
    ),
    min_size=10,
    max_size=45,
)


class Trial:
    """One record, and the attempts made on it. Time only goes on."""

    def __init__(self, kind: RecordType, cast: Cast) -> None:
        self.kind, self.cast, self.record, self.day = kind, cast, raise_one(kind, cast), 0

    def make(self, who: str, what: str, n: int, passed: bool, bend: bool) -> None:
        actor: Access = getattr(self.cast, who)
        try:
            with standing_at(now() + timedelta(days=self.day)):
                getattr(self, f"_{what}")(actor, n, passed, "Nobody else is here." if bend else "")
        except Refused as refused:
            in_sentences(refused)

    def _move(self, actor: Access, n: int, passed: bool, exception: str) -> None:
        """Mostly a move that leads on from here, sometimes any other."""
        moves = [m for m in self.kind.lifecycle.moves_from(fresh(self.kind, self.record).status) if not m.automatic and m.name != "void"]
        move = moves[n % len(moves)] if moves and n < 28 else self.kind.lifecycle.transitions[n % len(self.kind.lifecycle.transitions)]
        values = answers(self.kind, move, self.cast)
        if n % 7 == 3 and values:
            values.pop(next(iter(values)))
        if "verifier" in values:
            values["verifier"] = getattr(self.cast, PEOPLE[n % 5]).person
        commands.move(
            self.record, move.name, actor=actor, values=values, reason="Agreed." if n % 5 else "", passed=passed, exception=exception,
            signing=Signing(reauthenticated=n % 11 != 0, second=self.cast.aoife.person),
        )  # fmt: skip

    def _edit(self, actor: Access, n: int, passed: bool, exception: str) -> None:
        owner = getattr(self.cast, PEOPLE[n % 5]).person
        values = [{"owner": owner}, {"title": f"Title {n}"}, {"title": "!"}, {"unit": self.cast.lipnica}, {"due": "2027-01-04"}][n % 5]
        commands.edit(self.record, values, actor=actor, reason="Agreed." if passed else "")

    def _fix(self, actor: Access, n: int, passed: bool, exception: str) -> None:
        owner = getattr(self.cast, PEOPLE[n % 5]).person
        values = {"title": f"Fix {n}", "kind": ("corrective", "correction")[n % 2], "owner": owner}
        commands.create("action", values, actor=actor, parent=self.record)

    def _child(self, actor: Access, n: int, passed: bool, exception: str) -> None:
        children = list(Record.objects.filter(parent=self.record).order_by("id"))
        if children:
            child = get_type("action").model._default_manager.get(pk=children[n % len(children)].pk)
            move = ("complete", "verify", "return", "cancel")[n % 4]
            transition = get_type("action").lifecycle.transition(move)
            assert transition is not None
            values = answers(get_type("action"), transition, self.cast)
            commands.move(child, move, actor=actor, values=values, reason="Agreed.", exception=exception)

    def _comment(self, actor: Access, n: int, passed: bool, exception: str) -> None:
        commands.comment(self.record, "Seen." if n % 3 else " ", actor=actor)

    def _later(self, actor: Access, n: int, passed: bool, exception: str) -> None:
        self.day += n


def in_sentences(refused: Refused, name: str = "") -> None:
    assert all(is_a_sentence(r.sentence) for r in refused.refusals), refused
    assert not name or set(refused.by_field()) == {name}


def check_whole(kind: RecordType, record: Any) -> None:
    """What holds after every attempt."""
    stands = fresh(kind, record)
    assert stands.phase == kind.lifecycle.phase(stands.status)
    assert stands.status in kind.lifecycle.states.values
    events = trail.history(record.pk)
    assert [e.sequence for e in events] == list(range(1, len(events) + 1)) and events[-1].hash == stands.head
    named = {t.name: t for t in kind.lifecycle.transitions}
    status = kind.lifecycle.initial
    for event in events[1:]:
        changes = {c.field: c for c in event.changes}
        if event.verb in named:
            assert status in named[event.verb].source, f"{event.verb} from {status}"
        if "status" in changes:
            assert event.verb in named, f"the status was changed by {event.verb}"
            assert (changes["status"].old, changes["status"].new) == (status, named[event.verb].target_from(status))
            status = changes["status"].new or ""
    assert status == stands.status
    assert stands.declared_exceptions.count() == stands.exceptions


def check_problem(problem: Any) -> None:
    """No corrective action counts as effective before somebody other than its owner verified it, or declared that openly."""
    for event in trail.history(problem.pk):
        if event.verb == "confirm":
            owners = _owners_at(problem, event)
            openly = any(c.field == "declared_exception" for c in event.changes)
            assert event.actor.pk not in owners or openly, f"{event.actor} confirmed their own fix"
    if problem.phase == "done":
        assert not problem.children.filter(phase__in=("draft", "open")).exists()
    if problem.status in ("effective", "closed"):
        assert problem.result and problem.measure and problem.rule and problem.verifier_id
        assert problem.signatures.filter(move="confirm").exists()
    if problem.status == "closed_no_fix":
        assert problem.lasting_fix == "no" and problem.lasting_fix_reason
    for action in problem.children.filter(type="action", status="verified").select_related("action"):
        verified = next(e for e in trail.history(action.pk) if e.verb == "verify")
        owner_then = _value_before(action, "owner", verified)
        openly = any(c.field == "declared_exception" for c in verified.changes)
        assert str(verified.actor.uid) != owner_then or openly, f"{verified.actor} verified their own action"


def _value_before(record: Any, name: str, event: Any) -> str:
    """What the trail says stood in the field when the event came."""
    value = ""
    for earlier in trail.history(record.pk):
        if earlier.id >= event.id:
            break
        value = next((c.new or "" for c in earlier.changes if c.field == name), value)
    return value


def _owners_at(problem: Any, event: Any) -> set[int]:
    standing = [problem, *problem.children.filter(type="action").exclude(phase="void")]
    uids = {_value_before(record, "owner", event) for record in standing} - {""}
    return set(Person.objects.filter(uid__in=uids).values_list("pk", flat=True))


def play(kind: RecordType, cast: Cast, tried: list[Any], mode: str) -> None:
    """Play the attempts, then look at everything; nothing of it is kept."""
    with transaction.atomic():
        for duty in {duty for one in all_types() for duty in one.duties}:
            commands.exceptions.decide(duty, mode, actor=cast.maeve)
        trial = Trial(kind, cast)
        for attempt in tried:
            trial.make(*attempt)
        check_whole(kind, trial.record)
        stands = fresh(kind, trial.record)
        if kind.key == "nonconformity":
            check_problem(stands)
        for signature in stands.signatures.all():
            if signature.version == stands.version:
                assert is_valid(signature, stands)
        for sequence in NumberSequence.objects.all():
            given_out = Record.objects.filter(number__startswith=f"{sequence.prefix}-{sequence.year}-").count()
            assert given_out == sequence.last, "numbers have a gap"
        trail.seal_pending()
        assert trail.verify().ok
        transaction.set_rollback(True)


@bounded
@given(tried=attempts, mode=st.sampled_from(MODES))
def test_no_sequence_of_moves_breaks_a_problem(cast: Cast, tried: list[Any], mode: str) -> None:
    play(get_type("nonconformity"), cast, tried, mode)


@settings(bounded, max_examples=10)
@given(tried=attempts, kind=st.sampled_from([one for one in all_types() if one.key != "nonconformity"]), mode=st.sampled_from(MODES))
def test_no_sequence_of_moves_breaks_any_other_record(cast: Cast, tried: list[Any], kind: RecordType, mode: str) -> None:
    play(kind, cast, tried, mode)


@settings(bounded, max_examples=40)
@given(data=st.data())
def test_any_text_is_kept_as_it_was_cleaned_or_refused_in_a_sentence(cast: Cast, data: st.DataObject) -> None:
    """No text brings the house down: it is refused beside its field, or it is read back as it was typed, cleaned."""
    text = data.draw(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
    with transaction.atomic():
        for name in ("title", "description"):
            try:
                problem = cast.problem(**{name: text})
            except Refused as refused:
                in_sentences(refused, name)
                continue
            kept = getattr(fresh(get_type("nonconformity"), problem), name)
            assert kept == getattr(problem, name)
            assert commands.edit(problem, {name: kept}, actor=cast.daniel).version == 1, "cleaning twice changes nothing"
        for say in (lambda: commands.comment(cast.problem(), text, actor=cast.daniel), lambda: _void(cast, text)):
            try:
                say()
            except Refused as refused:
                in_sentences(refused)
        transaction.set_rollback(True)


def _void(cast: Cast, reason: str) -> Any:
    return commands.move(cast.problem(), "void", actor=cast.daniel, reason=reason)
