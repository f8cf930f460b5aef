"""The clauses of both editions: whole, in order, mapped to each other, and no text longer than a paraphrase."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from typing import Any

import pytest

from linchpin import standard
from linchpin.standard.catalogue import written


def test_the_catalogue_is_sound() -> None:
    assert standard.faults() == []


def test_every_edition_has_the_clauses_of_the_harmonized_structure() -> None:
    for edition in standard.EDITIONS:
        found = standard.catalogue(edition)
        assert [number for number, one in found.clauses.items() if one.level == 1] == ["4", "5", "6", "7", "8", "9", "10"]
        assert all(one.parent == "" or one.parent in found.clauses for one in found.clauses.values())
        assert {"4.4.1", "5.1.1", "7.1.5.2", "8.2.3.1", "9.3.3", "10.2.2"} <= set(found.clauses)


def test_what_moved_is_found_in_the_other_edition() -> None:
    early, late = (standard.catalogue(edition).clauses for edition in standard.EDITIONS)
    assert "10.3" in early and "10.3" not in late and early["10.3"].other == ("10.1",) and late["10.1"].other == ("10.1", "10.3")
    assert "6.1.3" in late and "6.1.3" not in early and early["6.1.2"].other == ("6.1.2", "6.1.3") and late["6.1.3"].other == ("6.1.2",)
    for here, there in ((early, late), (late, early)):
        for one in here.values():
            assert one.other and set(one.other) <= set(there), one.number
            assert any(one.number in there[number].other for number in one.other), one.number


def test_titles_and_items_are_those_of_their_edition() -> None:
    early, late = (standard.catalogue(edition).clauses for edition in standard.EDITIONS)
    assert (early["9.3.3"].title, late["9.3.3"].title) == ("Management review outputs", "Management review results")
    assert (early["10.1"].title, late["10.1"].title) == ("Improvement: general", "Continual improvement")
    assert early["4.1"].amended and not late["4.1"].amended
    assert [item.letter for item in early["7.3"].items] == ["a", "b", "c", "d"]
    assert [item.new for item in late["7.3"].items] == [False, False, False, False, True]
    assert not any(item.letter for one in late.values() for item in one.items), "the letters of 2026 are not certain"


def test_what_changed_says_how_sure_it_is() -> None:
    late = standard.catalogue("2026")
    letters = next(change for change in late.clauses["5.1.1"].changes if change.kind == "structure")
    assert letters.confidence == "medium" and "inferred" in letters.doubt
    assert not late.clauses["10.2"].altered and late.clauses["10.1"].altered and late.clauses["6.3"].changes[0].kind == "requirement"
    assert {change.at for change in late.beside} == {"Clause 3", "Annex A", "Annex B"}


EVIDENCE = [
    ("10.2", "10.2", "2015", True), ("10.2", "10.2.1", "2015", True), ("10.2.1", "10.2", "2026", True), ("10.2", "10", "2015", True),
    ("10.2", "10.1", "2015", False), ("10.3", "10.1", "2026", True), ("10.3", "10.1", "2015", False), ("6.1.3", "6.1.2", "2015", True),
    ("6.1.2", "6.1.3", "2026", True), ("10", "10.2", "2015", False), ("1", "10", "2015", False), ("8.7", "8.7.2", "2026", True),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "number", "edition", "is_evidence"), EVIDENCE)
def test_a_declared_clause_is_evidence_for(declared: str, number: str, edition: str, is_evidence: bool) -> None:
    assert standard.evidences(declared, number, edition) is is_evidence


def spoilt(spoil: Any) -> list[str]:
    data = copy.deepcopy(dict(written()))
    spoil({row["number"]: row for row in data["clause"]}, data)
    return standard.faults(data)


SPOILT = {
    "a number out of order": (lambda clauses, data: data["clause"].insert(0, data["clause"].pop()), "out of order"),
    "a number that is none": (lambda clauses, data: clauses["10.2"].update(number="10.x"), "“10.x” is no clause number"),
    "a clause without the one above": (lambda clauses, data: data["clause"].remove(clauses["4.4"]), "Clause 4.4.1 has no clause above it"),
    "a text as long as the standard's": (lambda clauses, data: clauses["10.2"].update(text="word " * 31), "has 31 words; from 1 to 30 are wanted"),
    "an empty text": (lambda clauses, data: clauses["10.2"].update(text=" "), "has 0 words"),
    "a word that nothing reads": (lambda clauses, data: clauses["10.2"].update(titel="x"), "has a “titel”, which nothing reads"),
    "an unknown thing to keep": (lambda clauses, data: clauses["10.2"].update(keeps=["paper"]), "keeps a “paper”"),
    "an unknown edition": (lambda clauses, data: clauses["10.2"].update(since="2027"), "“2027” is no edition"),
    "a clause that becomes nothing": (lambda clauses, data: clauses["10.2"].update(becomes=["10.3"]), "becomes 10.3, which is not in 2026"),
    "a change of an unknown kind": (lambda clauses, data: data["change"][0].update(kind="big"), "a kind and a confidence that are known"),
    "a change of no clause": (lambda clauses, data: data["change"][1].pop("in_2026"), "names no clause of each edition"),
    "a change of a clause that is not there": (lambda clauses, data: data["change"][1].update(in_2026=["10.3"]), "names 10.3, which is not in 2026"),
    "one edition": (lambda clauses, data: data["edition"].pop(), "The editions must be 2015 and 2026"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_the_start_is_refused_for(what: str) -> None:
    spoil, sentence = SPOILT[what]
    assert any(sentence in fault and fault.endswith(".") for fault in spoilt(spoil)), spoilt(spoil)


def test_the_catalogue_is_read_without_the_rest_of_the_product() -> None:
    program = "import sys; from linchpin import standard; standard.catalogue('2015'); print([m for m in sys.modules if m.startswith(('django', 'linchpin.k'))])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_no_paraphrase_repeats_another() -> None:
    texts = [one.text for one in standard.catalogue("2015").clauses.values()]
    assert len(texts) == len(set(texts))
    assert not any(re.search(r"\bshall\b", text) for text in texts), "the standard's own verb is not ours"
