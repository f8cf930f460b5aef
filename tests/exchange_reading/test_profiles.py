"""Profiles are files that people share: they read back exactly, and every mistake in one is a sentence."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.exchange.importable import importable
from linchpin.exchange.reading.profile_writing import dumps
from linchpin.exchange.reading.profiles import check, loads, shipped
from linchpin.exchange.reading.shapes import Child, Column, Link, Parent, Part, Profile, Target
from linchpin.kernel.records.refusals import Refused

FULL = Profile(
    "my-list", "nonconformity", title="Mein „Register“", about='two\nlines, a "quote" and a back\\slash', sheet="Form", header_row=3,
    match="attach", key=("No",), repeated="merge", unknown_into="description", left_out=("Sum",),
    columns=(Column("No", ("No", "Nr."), True), Column("Text"), Column("Class"), Column("Sum")),
    targets=(
        Target("title", (Part("Text", prefix="Finding ", shorten=100, until=("Federal Agency:",)),), when="create"),
        Target("severity", (Part("Class", values={"A 1": "major", "*": ""}, empty=("N/A",)),), merge="max", order=("major", "minor")),
        Target("description", (Part("Text", label="Said"), Part("Class", label="Class", split="letters")), combine="labels", merge="join"),
        Target("occurred", (Part("Class", dates="dmy"),)),
    ),
    constants={"source": "external_audit"},
    children=(Child("action", (
        Target("title", (Part("Text"),)), Target("what", (Part("Text"), Part("Class")), combine="space", merge="join"),
    ), {"kind": "corrective"}),),
    links=(Link("repeats", "nonconformity", "Text", ("N/A",)),), parent=Parent("nonconformity", "No"),
)  # fmt: skip
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
SIMPLE = """
name = "simple"
type = "nonconformity"
repeated = "separate"
[[columns]]
name = "Problem"
[[fields]]
field = "title"
column = "Problem"
"""


def sentences(text: str) -> str:
    with pytest.raises(Refused) as refused:
        loads(text)
    return str(refused.value)


def test_a_profile_with_everything_reads_back() -> None:
    assert loads(dumps(FULL)) == FULL


@settings(max_examples=150, deadline=None)
@given(TEXT, st.dictionaries(TEXT, TEXT, max_size=3))
def test_any_text_reads_back(text: str, values: dict[str, str]) -> None:
    profile = Profile("any", "nonconformity", title=text, repeated="separate", columns=(Column("c", (text,)),),
                      targets=(Target("title", (Part("c", prefix=text, values=values),)),), constants={"place": text})  # fmt: skip
    written = dumps(profile)
    tomllib.loads(written)
    assert loads(written) == profile


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("name = ", "nom = "), "does not know “nom”"),
        (('name = "simple"', 'name = "../etc"'), "cannot name a profile"),
        (('"separate"', '"sometimes"'), "it can be: refuse, merge, separate"),
        (('"separate"', "3"), "wrong kind of value"),
        (('"separate"', '"merge"'), "only be merged by a key"),
        (('column = "Problem"', 'column = "Issue"'), "does not list it under columns"),
        (('column = "Problem"', 'collumn = "Problem"'), "does not know “collumn”"),
        (('type = "nonconformity"', ""), "lacks a setting"),
        (("[[columns]]", "[columns]"), "list of tables"),
        (("[[fields]]", "[[fields"), "no valid TOML"),
    ],
)
def test_every_mistake_in_a_profile_is_a_sentence(change: tuple[str, str], says: str) -> None:
    assert loads(SIMPLE).name == "simple"
    assert says in sentences(SIMPLE.replace(*change, 1))


def test_a_profile_is_checked_against_the_fields_it_fills(fields) -> None:
    assert check(loads(SIMPLE), fields) == []
    profile = replace(
        loads(SIMPLE), constants={"severity": "enormous", "colour": "red"}, unknown_into="severity",
        targets=(Target("occurred", (Part("Problem"),), merge="join"),), links=(Link("repeats", "spaceship", "Problem"),),
    )  # fmt: skip
    found = " ".join(check(profile, fields))
    for says in ("no field “colour”", "none of: Critical", "only text can be joined", "no record type “spaceship”"):
        assert says in found
    assert "name a text field" in found
    assert "Nothing fills “Title”" in found


def test_the_shipped_profiles_fit_the_record_types() -> None:
    known = importable()
    profiles = shipped()
    assert set(profiles) >= {"fac-findings", "fac-findings-text", "fac-corrective-actions", "fac-audits", "nasa-lessons"}
    for profile in profiles.values():
        assert check(profile, known) == []
        assert loads(dumps(profile)) == profile
