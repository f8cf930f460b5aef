"""Which event of a faulty chain was edited, deleted, inserted or reordered first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from linchpin.kernel.trail.core.faults import Fault, Head, Row, event_fault, missing_fault
from linchpin.kernel.trail.core.hashing import START, event_hash, event_mac

LeafOf = Callable[[Row], str | None]
"""The hash that a seal holds for an event; None where no seal covers it, "" where one must."""


class Chain:
    """One chain under suspicion. `key` is the installation's secret, or None outside it."""

    def __init__(self, head: Head | None, rows: Sequence[Row], key: bytes | None, leaf_of: LeafOf) -> None:
        self.head, self.rows, self.key, self.leaf_of = head, rows, key, leaf_of
        self.chain = head.chain if head else rows[0].chain
        self.name = head.name if head else f"{rows[0].kind} {self.chain}"

    def first_fault(self) -> Fault | None:
        """The first event that is not as it was written, or what is wrong with the head; None if all is well."""
        previous = START
        for place, row in enumerate(self.rows, start=1):
            if fault := self._forged(row, place, previous) or self._misplaced(row, place) or self._relabeled(row, place):
                return fault
            if row.previous != previous:
                return self._cut(row, place)
            previous = row.hash
        return self._headless() if self.head is None else self._beheaded(self.head, previous)

    def _authentic(self, row: Row) -> bool:
        if event_hash(row.previous, row.body) != row.hash:
            return False
        return self.leaf_of(row) in (None, row.hash) and (self.key is None or event_mac(self.key, row.hash) == row.mac)

    def _holder(self, place: int, other: Row) -> Row | None:
        """Another event that was written for the place."""
        return next((r for r in self.rows if r is not other and self._written_for(r) == place and self._authentic(r)), None)

    def _written_for(self, row: Row) -> int | None:
        told = row.told()
        return told.get("sequence") if told.get("chain") == self.chain else None

    def _forged(self, row: Row, place: int, previous: str) -> Fault | None:
        if self._authentic(row):
            return None
        matches = event_hash(row.previous, row.body) == row.hash
        holder = self._holder(place, row)
        if (holder and holder.previous == previous) or (matches and not self.leaf_of(row)):
            return event_fault("inserted", row, self.name, "this installation did not write it.")
        if matches:
            return event_fault("edited", row, self.name, "its hash was made again, and not by this installation.")
        return event_fault("edited", row, self.name, "its content no longer matches its hash.")

    def _misplaced(self, row: Row, place: int) -> Fault | None:
        written_for = self._written_for(row)
        if written_for == place:
            twin = self._holder(place, row)
            if twin and self.leaf_of(row) is None and self.leaf_of(twin) is not None:
                return event_fault("inserted", row, self.name, "another event was written for its place.")
            return None
        if written_for is None:
            return event_fault("inserted", row, self.name, "it was written for another chain.")
        if written_for < place:
            return event_fault("inserted", row, self.name, f"it is event {written_for} once more.")
        if self._holder(place, row):
            return event_fault("reordered", row, self.name, f"it was written as event {written_for}.")
        why = f"event {written_for} stands in its place."
        return missing_fault(self.chain, self.name, place, row.id, why)

    def _relabeled(self, row: Row, place: int) -> Fault | None:
        told = row.told()
        columns = {"sequence": place, "actor": row.actor, "at": row.at, "record": row.record, "subject": row.kind, "verb": row.verb}
        wrong = [name for name, value in columns.items() if told.get(name) != value]
        if row.sequence != place and "sequence" not in wrong:
            wrong.append("sequence")
        if self.head and row.kind == "record" and self.head.row != row.record and "record" not in wrong:
            wrong.append("record")
        if not wrong:
            return None
        return event_fault("edited", row, self.name, f"its {wrong[0]} no longer matches what was hashed.")

    def _cut(self, row: Row, place: int) -> Fault:
        """The event is genuine and in its place, but follows another hash than the one before it has."""
        if place == 1:
            return event_fault("edited", row, self.name, "a first event follows none.")
        return event_fault("edited", self.rows[place - 2], self.name, f"event {place} follows another content.")

    def _headless(self) -> Fault:
        why = f"{self.name} was deleted: its events are there, its own row is not."
        return Fault("head_deleted", why, self.chain, self.name, near=self.rows[0].id)

    def _beheaded(self, head: Head, last: str) -> Fault | None:
        count = len(self.rows)
        near = self.rows[-1].id if self.rows else 0
        if head.sequence > count:
            return missing_fault(self.chain, self.name, count + 1, near, f"the {head.kind} counts {head.sequence} events.")
        if not self.rows:
            sentence = f"{self.name} was inserted: no event tells of it."
            return Fault("head_inserted", sentence, self.chain, self.name)
        if head.sequence < count or head.hash != last:
            sentence = f"{self.name}: its row says another newest event than the trail, {self.rows[-1]}."
            return Fault("head_edited", sentence, self.chain, self.name, near=near)
        return None
