"""The shape of a profile: how one kind of file becomes records. Read from and written to TOML by `profiles`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from linchpin.exchange.reading.dates import Order
from linchpin.exchange.reading.numbers import Style

Match = Literal["upsert", "attach", "create"]
Repeated = Literal["refuse", "merge", "separate"]
Combine = Literal["labels", "space", "first"]
Merge = Literal["first", "join", "max", "same"]
When = Literal["always", "create", "blank"]

MATCHES = ("upsert", "attach", "create")
REPEATED = ("refuse", "merge", "separate")
COMBINES = ("labels", "space", "first")
MERGES = ("first", "join", "max", "same")
WHENS = ("always", "create", "blank")
ORDERS = ("", "dmy", "mdy", "ymd")
STYLES = ("", "point", "comma")
SPLITS = ("", "letters")
MARKUPS = ("", "html")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. `name` is what the profile calls it; `headers` are the headers it is known by.

    Where the table has no such column, its values may stand elsewhere: once in another sheet, in the cell right of the one that says `beside`;
    or at the beginning of the column `part_of`, before the text `until`.
    """

    name: str
    headers: tuple[str, ...] = ()
    required: bool = False
    beside: str = ""
    part_of: str = ""
    until: str = ""

    @property
    def known_by(self) -> tuple[str, ...]:
        return self.headers or (self.name,)


@dataclass(frozen=True, slots=True)
class Part:
    """What one column gives to a field, and how its cells are read before that.

    `values` maps a cell's text to a value (an empty one drops the cell; `*` stands for all others); `empty` lists texts that mean nothing;
    `markup = "html"` reads a web page's markup as its text;
    `split = "letters"` reads “ABE” as three values; `until` cuts the text before the first of these phrases; `shorten` at a word before so many characters.
    """

    column: str
    label: str = ""
    prefix: str = ""
    dates: Order = ""
    decimals: Style = ""
    values: Mapping[str, str] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    split: str = ""
    markup: str = ""
    until: tuple[str, ...] = ()
    shorten: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A field and the columns that feed it. `merge` decides between rows of one key, `combine` between columns of one row."""

    field: str
    parts: tuple[Part, ...]
    combine: Combine = "first"
    merge: Merge = "first"
    order: tuple[str, ...] = ()
    when: When = "always"


@dataclass(frozen=True, slots=True)
class Child:
    """Records made under each record. They appear when any of their fields is filled; their reference follows their parent's."""

    type: str
    targets: tuple[Target, ...]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of that kind to a record of that type, which the cell names by its reference, `within` what another column says."""

    kind: str
    type: str
    column: str
    empty: tuple[str, ...] = ()
    within: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """The record under which each record belongs, named by its reference in a column, `within` what another column says."""

    type: str
    column: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of file becomes records of one type. `header_row` 0 and an empty `sheet` are found by looking.

    `match`: `upsert` creates or updates by reference, `attach` only updates, `create` only creates.
    `repeated`: what rows of one key do: `refuse`, `merge`, or stand as `separate` records (only without a key).
    `within` names a column that says whose numbers those of the key are: a report, a customer. Where the file says it, references begin with it,
    so that the same number of two reports stays two records; where it does not, they stand alone.
    `unknown_into` names a text field that keeps columns which the profile does not know; without it they are left out, and said so.
    """

    name: str
    type: str
    title: str = ""
    about: str = ""
    sheet: str = ""
    header_row: int = 0
    match: Match = "upsert"
    key: tuple[str, ...] = ()
    repeated: Repeated = "refuse"
    within: str = ""
    unknown_into: str = ""
    left_out: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    targets: tuple[Target, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    links: tuple[Link, ...] = ()
    parent: Parent | None = None

    def all_targets(self) -> Iterator[Target]:
        yield from self.targets
        for child in self.children:
            yield from child.targets

    def used_columns(self) -> set[str]:
        """Names of the columns that give something to a record."""
        used = {part.column for target in self.all_targets() for part in target.parts}
        used |= set(self.key) | {link.column for link in self.links}
        used |= {named.column for named in (self.parent,) if named}
        return used | ({self.within} | {named.within for named in (*self.links, self.parent) if named}) - {""}
