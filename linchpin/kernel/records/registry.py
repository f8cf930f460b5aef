"""What a record type declares, and the registry that every surface is made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.db.models import Field, Model, Q
from django.utils.functional import classproperty

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.records import further
from linchpin.kernel.records.lifecycle import CREATOR, OWNER, Asking, Lifecycle
from linchpin.kernel.records.refusals import Refusal
from linchpin.kernel.records.words import VOCABULARY, Word, say

Check = Callable[[Mapping[str, Any]], Iterator[Refusal]]
"""Cross-field check of cleaned values (all fields of the record after the write)."""

READERS = (
    Role.EVERYONE, Role.LINE_MANAGER, Role.PROCESS_OWNER, Role.AUDITOR, Role.LEAD_AUDITOR,
    Role.QUALITY_MANAGER, Role.TOP_MANAGER, Role.DOCUMENT_CONTROLLER, Role.EXTERNAL_AUDITOR,
)  # fmt: skip
MANAGERS = (Role.QUALITY_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER)

DEFAULT_ACCESS: dict[str, tuple[str, ...]] = {
    "read": READERS,
    "read_restricted": (Role.QUALITY_MANAGER, Role.TOP_MANAGER),
    "create": (*MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR, Role.TOP_MANAGER),
    "edit": (OWNER, *MANAGERS),
    "agree_date": (OWNER, Role.LINE_MANAGER, Role.QUALITY_MANAGER, Role.TOP_MANAGER),
    "comment": (OWNER, CREATOR, *(role for role in READERS if role != Role.EXTERNAL_AUDITOR)),
    "attach": (OWNER, CREATOR, *MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR),
    "link": (OWNER, *MANAGERS, Role.AUDITOR, Role.LEAD_AUDITOR),
    "import": (Role.QUALITY_MANAGER,),
    "draw": (),
}
"""Verb → who, where a type does not say otherwise. `owner` and `creator` are relations; the rest are roles."""

ADDED = "record.added"
"""The section of what the house added."""
COMMON_FIELDS = ("title", "owner", "unit", "due", "confidentiality", "reference")


class RecordType:
    """A type of record, declared once; forms, lists, API, import, export, permissions and tests come from it."""

    key: ClassVar[str]
    prefix: ClassVar[str]
    model: ClassVar[type[Model]]
    lifecycle: ClassVar[Lifecycle]
    icon: ClassVar[str] = "file-text"
    clauses: ClassVar[tuple[str, ...]] = ()
    clause_field: ClassVar[str] = ""
    """A field of its own in which each record names the clause that it speaks for, besides those that the type declares."""
    proving: ClassVar[tuple[str, ...]] = ()
    """States in which a record speaks for the clause it names; without any, in all but void."""
    fresh_for: ClassVar[int] = 12
    """Months after which its newest record is old as evidence: the interval in which it is looked at again (model, section 43)."""
    purpose: ClassVar[Any] = ""
    worked_example: ClassVar[Any] = ""
    sections: ClassVar[Mapping[str, Sequence[str]]]
    create_fields: ClassVar[Sequence[str]]
    list_columns: ClassVar[Sequence[str]]
    filters: ClassVar[Sequence[str]] = ("status", "unit", "owner")
    searched: ClassVar[Sequence[str]] = ()
    access: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    checks: ClassVar[tuple[Check, ...]] = ()
    parents: ClassVar[tuple[str, ...]] = ()
    synonyms: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    brought: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Own fields that nobody types here but old data bring along, each with the headers it is known by."""
    required: ClassVar[tuple[str, ...]] = ("title",)
    urgent: ClassVar[Q] = Q(pk__in=())
    """Which of them are urgent: all reminders come in half the time (model, section 0.4)."""
    duties: ClassVar[tuple[str, ...]] = ()
    """Separations of duties that its rules know; top management decides how far each may bend."""
    askings: ClassVar[Mapping[str, Asking]] = {}
    """What people are asked for on a record (to review it, to have read it), by the name of the duty."""
    questioned: ClassVar[tuple[str, ...]] = ()
    """States in which questions about a record may be written; such a type keeps their hash in `questions_sha256`."""
    initial: ClassVar[Mapping[str, Any]] = {}
    """What a new one begins with, where nobody says otherwise."""
    once: ClassVar[tuple[str, ...]] = ()
    """Fields in which no two records of the type say the same."""
    guests: ClassVar[tuple[str, ...]] = ()
    """What guests may do with such a record besides reading it: elsewhere they write nothing, whatever their relation to it. A type that names
    anything here is open to them whatever registers their invitation is for."""
    listed: ClassVar[bool] = True
    """Whether its register stands in the navigation; what only lives below another type is found there."""
    lists: ClassVar[Mapping[str, tuple[Any, tuple[str, ...]]]] = {}
    """Lists that only this type has: by the name of their address the label, and whose job they are."""
    keeps: ClassVar[tuple[str, ...]] = ()
    """Kinds of links that lead here and have a list of their own on its page (`LinkKind.apart`)."""
    page_template: ClassVar[str] = "linchpin/record.html"
    words: ClassVar[Mapping[str, Word]] = {}
    """Labels of its own that the vocabulary does not hold yet: its name, its sections, its stations."""

    @classproperty
    def chapter(cls) -> str:
        """The standard's chapter: the folder the type lives in."""
        parts = cls.__module__.split(".")
        return parts[parts.index("chapters") + 1] if "chapters" in parts else "improvement"

    def label(self, labels: str = "plain") -> str:
        return say(self.key, labels)

    def plural(self, labels: str = "plain") -> str:
        return say(f"{self.key}.plural", labels)

    def who(self, verb: str) -> tuple[str, ...]:
        """Roles and relations that may do `verb`. Whoever is named in the record speaks and attaches: they were asked to."""
        return self._who[verb]

    @cached_property
    def _who(self) -> dict[str, tuple[str, ...]]:
        named = dict.fromkeys(("comment", "attach"), self.names_people)
        return {verb: (*map(str, self.access.get(verb, usual)), *named.get(verb, ())) for verb, usual in DEFAULT_ACCESS.items()}

    @property
    def shape(self) -> str:
        """What stays the same as long as the type has the same fields: whoever keeps something made of them keeps it under this."""
        return further.now().stamp

    @property
    def added(self) -> Mapping[str, Any]:
        """The fields that the house added, by name, in their order."""
        return further.active(self.key)

    @property
    def all_added(self) -> Mapping[str, Any]:
        """Those and the retired ones."""
        return {**self.added, **self.retired}

    @property
    def retired(self) -> Mapping[str, Any]:
        """Fields that the house added once and that are read still."""
        return further.retired(self.key)

    @property
    def fields(self) -> dict[str, Field[Any, Any]]:
        """Every field that a person may write, by name: the common ones, the type's own editable ones, and those that the house added."""
        added = further.active(self.key)
        return {**self.declared, **added} if added else self.declared

    def field(self, name: str) -> Any:
        """The field of that name, whether a table has it or the house added it, even if retired. Raises FieldDoesNotExist."""
        return further.known(self.key, name) or self.model._meta.get_field(name)

    @property
    def needed(self) -> tuple[str, ...]:
        """What whoever fills in a form may not leave empty: what the type requires, and the house."""
        return (*self.required, *self.asked_by_house)

    @property
    def asked_by_house(self) -> tuple[str, ...]:
        """Added fields that a new record needs. Old data come in without them: that is a gap, and shown as one."""
        return tuple(name for name, field in self.added.items() if field.custom.required and not field.blank)

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the form of a new one."""
        return (*self.create_fields, *self.added)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its register."""
        return (*self.list_columns, *(name for name, field in self.added.items() if field.custom.listed))

    @property
    def parts(self) -> Mapping[str, Sequence[str]]:
        """The sections of its page; what the house added stands in one of its own. Retired fields are read there, not written."""
        further_names = tuple(self.all_added)
        return {**self.sections, ADDED: further_names} if further_names else self.sections

    @cached_property
    def declared(self) -> dict[str, Field[Any, Any]]:
        """The writable fields that stand in the tables, by name."""
        own = {f.name for f in self.model._meta.local_fields if f.editable and not f.primary_key}
        names = [f.name for f in self.model._meta.concrete_fields if f.name in COMMON_FIELDS or f.name in own]
        return {name: self.model._meta.get_field(name) for name in names}  # type: ignore[misc]

    @property
    def references(self) -> tuple[str, ...]:
        """Names of the writable fields that refer to a person or a unit."""
        return tuple(name for name, field in self.fields.items() if field.is_relation)

    @cached_property
    def names_people(self) -> tuple[str, ...]:
        """The type's own writable fields that name a person, as who confirms it: being named there gives reading."""
        return tuple(n for n, f in self.declared.items() if f.is_relation and n in self.own_fields and self.model._meta.get_field(n).related_model is Person)

    @cached_property
    def own_fields(self) -> frozenset[str]:
        """Names of all concrete fields that stand in the type's own table."""
        return frozenset(f.name for f in self.model._meta.local_concrete_fields if not f.primary_key)

    def field_label(self, name: str) -> str:
        return str(self.field(name).verbose_name)

    def search_text(self, record: Any) -> str:
        """What the full-text index holds besides number and title."""
        return "\n".join(str(getattr(record, name)) for name in self.searched if getattr(record, name))

    def prepare(self, record: Any, actor: Any) -> None:
        """Fill in what a new record computes from the rest, before it is saved."""

    def prepare_many(self, records: Sequence[Any], actor: Any) -> None:
        """The same for many; a type whose `prepare` asks the database overrides it to ask once."""
        for record in records:
            self.prepare(record, actor)

    def paper_copy(self, record: Any, stored: Any) -> bytes | None:
        """A file of the record as it goes on paper, with what it is written on every page; None where it goes as it is. Raises Refused."""
        return None

    def against(self, record: Any, changed: Mapping[str, Any], actor: Access) -> list[Refusal]:
        """What speaks against this person changing these fields of the record, which is given as it stands."""
        return []

    def derived(self, record: Any, touched: Collection[str]) -> Mapping[str, Any]:
        """Computed fields as they follow from the record, on which the `touched` fields stand as changed."""
        return {}

    def begun(self, parent: Any) -> Mapping[str, Any]:
        """What stands in the form of a new one below this parent; whoever fills it in may change it."""
        return {}

    def page(self, record: Any, access: Access) -> Mapping[str, Any]:
        """What its own `page_template` shows besides what every record's page has."""
        return {}

    def followers(self, record: Any, changed: Mapping[str, Any]) -> Iterable[tuple[Any, Mapping[str, Any]]]:
        """Records that take over something of what was changed on this one, each with its values."""
        return []

    def beside(self, record: Any) -> Collection[str]:
        """Fields that this record has no use for: left empty, its page does not speak of them."""
        return ()

    def frozen(self, record: Any) -> Mapping[str, str]:
        """Fields that may no longer be edited, each with the sentence that says why."""
        return {}

    def dependents(self, record: Any) -> Iterable[Any]:
        """Records whose automatic moves may follow from a change of this one; by default its parent."""
        return [record.parent] if record.parent_id else []


_types: dict[str, RecordType] = {}
Declared = TypeVar("Declared", bound=RecordType)


def register(declared: type[Declared]) -> type[Declared]:
    """Class decorator: make the type known to every surface. A key is registered once."""
    if declared.key in _types and type(_types[declared.key]) is not declared:
        raise ValueError(f"The record type {declared.key} is registered twice.")
    declared.model.TYPE_KEY = declared.key  # type: ignore[attr-defined]
    VOCABULARY.update(declared.words)
    _types[declared.key] = declared()
    return declared


def all_types() -> list[RecordType]:
    """Every registered type, in the order of registration."""
    return list(_types.values())


def get_type(key: str) -> RecordType:
    """The type of that key. Raises KeyError when there is none."""
    return _types[key]


def has_type(key: str) -> bool:
    return key in _types
