"""Draw a sample by somebody's own seed, on the record of the visit: what is drawn from, and what came out, stand in the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.files.checking import check
from linchpin.kernel.files.storing import store
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.trail import Change

LONGEST_SEED = 100
MOST = 500
PURPOSE, VERB = "population", "draw"
Member = tuple[str, str]
"""A record's uid and number."""
Keep = Callable[[Sequence[Member]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Population:
    """What is drawn from: how it is called, and its members by uid. `text` is the file whose SHA-256 stands in the trail."""

    name: str
    members: tuple[Member, ...]

    @property
    def text(self) -> str:
        return "".join(f"{uid} {number}\n" for uid, number in self.members)

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def population(name: str, members: Sequence[Member]) -> Population:
    """The members in the order of their uids, so that the same records always give the same file."""
    return Population(name, tuple(sorted((str(uid), number) for uid, number in members)))


def rank(seed: str, uid: str) -> str:
    """SHA-256 (hex) over the seed, a line break and the record's uid: the smallest are drawn."""
    return sha256(f"{seed}\n{uid}".encode()).hexdigest()


def drawn_from(of: Population, seed: str, n: int) -> list[Member]:
    """The n members of the smallest rank, smallest first."""
    return sorted(of.members, key=lambda member: rank(seed, member[0]))[:n]


def draw(record: Any, of: Population, *, seed: str, n: int, actor: Access, keep: Keep | None = None) -> list[Member]:
    """Draw n, keep the population as a file of the record, and write the draw into its trail: each one stays.

    `keep` says what the record's own fields keep of what was drawn. Raises Refused, NotAllowed.
    """
    seed = said(seed, "seed").strip()
    with command() as at:
        found, record_type = for_verb(record, VERB, actor)
        if not found.is_open:
            raise Refused(never(_("%s is over: nothing more is drawn for it.") % found.number))
        if not seed or len(seed) > LONGEST_SEED or "\n" in seed:
            raise Refused(never(_("Give a seed of your own: any words or digits, at most %s characters.") % LONGEST_SEED, "seed"))
        if not of.members:
            raise Refused(never(_("There is nothing to draw from: choose another population."), "population"))
        if not 1 <= n <= min(MOST, len(of.members)):
            most = min(MOST, len(of.members))
            raise Refused(never(_("Draw from 1 to %s: so many there are at most.") % most, "n"))
        chosen = drawn_from(of, seed, n)
        text = ContentFile(of.text.encode(), name=f"population-{of.digest[:12]}.txt")
        store(check(text), found, actor.person, PURPOSE, at)
        told = {"population": of.name, "population_sha256": of.digest, "population_n": str(len(of.members)), "seed": seed, "n": str(n)}
        also = [Change(name, None, value) for name, value in told.items()]
        also.append(Change("drawn", None, "\n".join(f"{uid} {number}" for uid, number in chosen)))
        update(found, record_type, keep(chosen) if keep else {}, actor=actor, verb=VERB, at=at, also=also)
        settle(found, record_type)
        return chosen
