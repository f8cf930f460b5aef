"""What a page says of a file that arrived: one card for each, with what it is, how well it is understood, and what is still asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.exchange.arrivals.comparing import same_numbers
from linchpin.exchange.arrivals.describing import files_here, standing_of
from linchpin.exchange.arrivals.taking_over import rows_for_others, waiting_for_files, waits_for_an_answer
from linchpin.exchange.arrivals.who_is_who import WhoIsWho
from linchpin.exchange.findings import Counted, Finding
from linchpin.exchange.models import Arrival, ArrivedFile, Import
from linchpin.exchange.naming import PERSON
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import get_type, has_type

PEOPLE, DOCUMENTS, KEPT = ArrivedFile.PEOPLE, ArrivedFile.DOCUMENTS, ArrivedFile.KEPT
OPEN, TAKEN, UNDONE = ArrivedFile.State.OPEN, ArrivedFile.State.TAKEN, ArrivedFile.State.UNDONE
UNSURE = 70
LISTED = 8


@dataclass(slots=True)
class Card:
    """One file, or all documents of a heap together."""

    file: ArrivedFile
    becomes: str
    heading: str
    count: int = 0
    counted: str = ""
    facts: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    who: str = ""
    wrong: str = ""
    held: bool = False
    open: bool = True
    taken: bool = False
    undone: bool = False
    unsure: bool = False
    url: str = ""
    look: str = ""
    rejected: int = 0
    rejected_url: str = ""
    remarks: list[str] = field(default_factory=list)
    lines: list[tuple[str, str, str]] = field(default_factory=list)


def cards_of(arrival: Arrival, access: Access) -> list[Card]:
    """Tables and lists one by one, documents together; those that wait for somebody first."""
    files = files_here(arrival)
    waiting, same = waiting_for_files(files), same_numbers(files)
    documents = [file for file in files if file.becomes == DOCUMENTS]
    cards = [_card(file, access) for file in files if file.becomes != DOCUMENTS]
    for card in cards:
        card.facts += [text for text, other in same.get(card.file.pk, ()) if not other]
        card.remarks = [text for text, other in same.get(card.file.pk, ()) if other]
        if card.open and not card.held and card.file.pk in waiting:
            card.facts.append(_("it waits for a file that waits for an answer"))
    if documents:
        cards.append(_documents(documents))
    return sorted(cards, key=lambda card: (not card.held, not card.wrong))


def _card(file: ArrivedFile, access: Access) -> Card:
    source = file.source
    becomes = source.type if source else file.becomes
    card = Card(file, becomes, file.name, wrong=file.notes.get("wrong", ""), unsure=file.sure < UNSURE and file.state == ArrivedFile.State.OPEN)
    standing = standing_of(file)
    card.open, card.taken, card.undone = (standing == state for state in (OPEN, TAKEN, UNDONE))
    card.held = card.open and waits_for_an_answer(file)
    if source is not None and has_type(becomes):
        _records(card, source, access)
    elif becomes == PEOPLE and file.counts:
        _people(card)
    elif becomes == KEPT:
        card.facts = [_kept(file)]
    return card


def _records(card: Card, source: Import, access: Access) -> None:
    record_type, counts = get_type(source.type), source.counts
    labels = access.person.labels
    new, rejected = counts.get("new", 0), counts.get("rejected", 0)
    waiting = rows_for_others(source) if card.open else 0
    card.count = new + counts.get("changed", 0) + counts.get("unchanged", 0) + waiting if counts else max(0, card.file.notes.get("long", 1) - 1)
    card.url = reverse("import_stand" if source.state != Import.State.OPEN else "import_columns", args=[source.uid])
    card.look = reverse("import_columns", args=[source.uid])
    card.rejected = max(0, rejected - waiting) if not card.held else 0
    if card.held and counts:
        card.count = counts.get("read", 0) - counts.get("blank", 0)
    card.rejected_url = reverse("import_rejected", args=[source.uid]) if rejected and card.taken else ""
    card.counted = (record_type.label(labels) if card.count == 1 else record_type.plural(labels)).lower()
    if card.open:
        card.facts = [_columns(card.file), *_of_rows(counts)]
        if waiting:
            said = ngettext("%s row belongs to a record of another file", "%s rows belong to records of other files", waiting) % waiting
            card.facts.append(said)
        card.asked = list(card.file.notes.get("about", [])) if card.held else []
    else:
        told = {"new": _("%s new"), "changed": _("%s changed"), "unchanged": _("%s as before")}
        card.facts = [text % counts[name] for name, text in told.items() if counts.get(name)] or [_("%s new") % 0]


def ask_on_cards(cards: list[Card], who: WhoIsWho) -> None:
    """Say on each open card how many of its rows name people whom nobody surely knows, and ask for the most frequent one."""
    asked = {question.text for question in who.asked if question.kind == PERSON}
    for card in cards:
        if not card.open or card.file.source is None or card.wrong:
            continue
        named = {text: n for text, n in card.file.source.notes.get("names", {}).get(PERSON, {}).items() if text in asked}
        if named:
            words = {"n": sum(named.values()), "who": max(named, key=lambda text: named[text])}
            card.who = ngettext("%(n)s owner is not clear: who is %(who)s?", "%(n)s owners are not clear: who is %(who)s?", words["n"]) % words


def _columns(file: ArrivedFile) -> str:
    words = {"n": file.notes.get("understood", 0), "all": file.notes.get("columns", 0)}
    return _("%(n)s of %(all)s columns understood") % words


def _of_rows(counts: dict[str, Any]) -> list[str]:
    merged = counts.get("merged", 0)
    return [ngettext("%s row belongs to another one", "%s rows belong to another one", merged) % merged] if merged else []


def _people(card: Card) -> None:
    file, counts = card.file, card.file.counts
    card.count = counts.get("new", 0) + counts.get("changed", 0) + counts.get("unchanged", 0)
    card.counted = ngettext("person", "people", card.count)
    card.rejected = counts.get("rejected", 0)
    card.look = card.url = reverse("arrived_people", args=[file.arrival.uid, file.uid])
    card.facts = [_columns(file)] if card.open else []
    known = {"new": _("%s new"), "changed": _("%s changed"), "unchanged": _("%s as before")}
    card.facts += [text % counts[name] for name, text in known.items() if counts.get(name)]
    card.rejected_url = reverse("arrived_not_taken", args=[file.arrival.uid, file.uid]) if file.notes.get("not_taken") else ""


def _kept(file: ArrivedFile) -> str:
    if file.sure == 100 or not file.name:
        return str(_("No table and no document that can be read here. It is kept as it came."))
    return str(_("Goals have no place here yet. The file is kept as it came, and you find it here again."))


def _documents(files: list[ArrivedFile]) -> Card:
    first = next((file for file in files if file.state == ArrivedFile.State.TAKEN), files[0])
    card = Card(first, DOCUMENTS, _("Documents"), len(files), ngettext("document", "documents", len(files)))
    card.open = any(file.state == ArrivedFile.State.OPEN for file in files)
    card.taken = any(file.state == ArrivedFile.State.TAKEN for file in files)
    card.undone = not card.open and not card.taken
    if card.taken:
        made = sum(file.counts.get("created", 0) for file in files)
        card.facts = [_("%s new") % made, *([_("%s as before") % (len(files) - made)] if made < len(files) else [])]
    else:
        card.facts = [_("Number, title, revision and date are read from each file")]
    for file in files:
        number = file.notes.get("number", "")
        url = f"/document/{number}/" if number else reverse("arrived_file", args=[file.arrival.uid, file.uid])
        card.lines.append((file.notes.get("title") or file.name, url, file.notes.get("wrong", "")))
    card.lines.sort(key=lambda line: not line[2])
    return card


@dataclass(frozen=True, slots=True)
class Door:
    """One figure of a finding: n of N of what, and where its rows are."""

    n: int
    among: int
    what: str
    url: str


def shown_findings(found: list[Finding], sources: list[Import]) -> list[tuple[Finding, list[Door]]]:
    """Each finding about the imports with the doors to its rows."""
    return [(one, [_door(one, counted, sources) for counted in one.counted]) for one in found]


def _door(one: Finding, counted: Counted, sources: list[Import]) -> Door:
    if counted.source is not None:
        url = reverse("import_stand", args=[counted.source.uid]) + f"?show={one.key}#rows"
        return Door(counted.n, counted.among, _("lines of %s") % counted.source.name, url)
    query = urlencode([("finding", one.key), *(("import", str(source.uid)) for source in sources)])
    return Door(counted.n, counted.among, get_type(counted.type).plural().lower(), f"{reverse('register', args=[counted.type])}?{query}")


def known_now(access: Access) -> list[tuple[int, str]]:
    """The picture of what is known here: people, and the records that the person may see, by how many there are."""
    people = Person.objects.exclude(employment=Person.Employment.SYSTEM).exclude(state=Person.State.LEFT)
    known = [(people.count(), ngettext("person", "people", people.count()))]
    seen = Record.objects.visible_to(access).exclude(phase=Phase.VOID).order_by("type").values_list("type").annotate(n=Count("pk"))
    for key, count in seen:
        if has_type(key) and get_type(key).listed:
            known.append((count, (get_type(key).label() if count == 1 else get_type(key).plural()).lower()))
    return known
