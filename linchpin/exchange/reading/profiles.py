"""Profiles as TOML: reading with a sentence for every mistake, checking against the fields they fill, and the ones shipped."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from linchpin.exchange.reading import shapes
from linchpin.exchange.reading.fields import Fields
from linchpin.exchange.reading.problems import Unreadable
from linchpin.exchange.reading.shapes import Child, Column, Link, Parent, Part, Profile, Target
from linchpin.exchange.reading.values import read
from linchpin.kernel.records.refusals import Refused

SHIPPED = Path(__file__).resolve().parents[1] / "profiles"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,78}[a-z0-9]")
LARGEST = 200_000
ALLOWED: dict[tuple[type, str], tuple[str, ...]] = {
    (Profile, "match"): shapes.MATCHES,
    (Profile, "repeated"): shapes.REPEATED,
    (Target, "combine"): shapes.COMBINES,
    (Target, "merge"): shapes.MERGES,
    (Target, "when"): shapes.WHENS,
    (Part, "dates"): shapes.ORDERS,
    (Part, "decimals"): shapes.STYLES,
    (Part, "split"): shapes.SPLITS,
    (Part, "markup"): shapes.MARKUPS,
}
KEYS = {"targets": "fields", "parts": "from"}
"""Names in the file where they differ from those in the program."""

Shape = TypeVar("Shape")


def shipped() -> dict[str, Profile]:
    """The profiles that come with the product, by name."""
    found = [load(path) for path in sorted(SHIPPED.glob("*.toml"))]
    return {profile.name: profile for profile in found}


def load(path: Path) -> Profile:
    """The profile in the file. Raises Refused."""
    return loads(path.read_text("utf-8"))


def loads(text: str) -> Profile:
    """The profile that the TOML text describes. Raises Refused with one sentence per mistake's place."""
    if len(text) > LARGEST:
        raise Refused(_("The profile is longer than 200,000 characters: that is no profile."))
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(_("The profile is no valid TOML: %s.") % str(error).rstrip(".")) from error
    profile = _profile(raw)
    if not NAME.fullmatch(profile.name):
        raise Refused(_("“%s” cannot name a profile: use small letters, digits and hyphens.") % profile.name)
    if mistakes := list(_own_mistakes(profile)):
        raise Refused(*mistakes)
    return profile


def check(profile: Profile, fields: Mapping[str, Fields]) -> list[str]:
    """What keeps the profile from filling these fields (by type), as sentences; empty when nothing does."""
    mistakes = list(_own_mistakes(profile))
    mistakes += _against(profile.type, profile.targets, profile.constants, fields)
    for child in profile.children:
        mistakes += _against(child.type, child.targets, child.constants, fields)
    types = [link.type for link in profile.links] + ([profile.parent.type] if profile.parent else [])
    mistakes += [_("There is no record type “%s”.") % key for key in types if key not in fields]
    known = fields.get(profile.type, {})
    if profile.unknown_into and not (profile.unknown_into in known and known[profile.unknown_into].is_text):
        mistakes.append(_("Unknown columns cannot be kept in “%s”: name a text field.") % profile.unknown_into)
    if profile.match != "attach" and known:
        given = {target.field for target in profile.targets} | set(profile.constants)
        needed = {name: field for name, field in known.items() if field.required and not field.has_default}
        mistakes += [_("Nothing fills “%s”, which every new record needs.") % field.label for name, field in needed.items() if name not in given]
    return mistakes


def _against(type_key: str, targets: tuple[Target, ...], constants: Mapping[str, str], fields: Mapping[str, Fields]) -> Iterator[str]:
    if type_key not in fields:
        yield _("There is no record type “%s”.") % type_key
        return
    known = fields[type_key]
    for name in [*(target.field for target in targets), *constants]:
        if name not in known:
            yield _("There is no field “%(field)s” in “%(type)s”.") % {"field": name, "type": type_key}
    for target in targets:
        if target.field in known and not known[target.field].is_text and (target.merge == "join" or target.combine != "first"):
            yield _("“%s” takes one value: only text can be joined.") % known[target.field].label
    values = [(t.field, v) for t in targets for p in t.parts for v in p.values.values() if v and not p.split]
    for name, text in [*values, *constants.items()]:
        try:
            if name in known:
                read(text, known[name], Part(""))
        except Unreadable as problem:
            yield f"{known[name].label}: {problem}"


def _own_mistakes(profile: Profile) -> Iterator[str]:
    """What is wrong with the profile in itself."""
    names = [column.name for column in profile.columns]
    if len(set(names)) != len(names):
        yield _("The profile names a column twice.")
    for name in sorted(profile.used_columns() | set(profile.left_out)):
        if name not in names:
            yield _("The profile uses the column “%s” but does not list it under columns.") % name
    for targets in (profile.targets, *(child.targets for child in profile.children)):
        filled = [target.field for target in targets]
        for name in sorted({name for name in filled if filled.count(name) > 1}):
            yield _("The profile fills “%s” twice: list its columns in one place.") % name
    if profile.match == "attach" and not profile.key:
        yield _("A profile that only updates records needs a key to find them by.")
    if profile.repeated == "merge" and not profile.key:
        yield _("Rows can only be merged by a key: name it.")
    if profile.repeated == "separate" and profile.key:
        yield _("Rows with one key cannot stand as separate records: choose refuse or merge.")


def _profile(raw: Mapping[str, Any]) -> Profile:
    nested: dict[str, Any] = {
        "columns": tuple(_shape(Column, table, "columns") for table in _tables(raw, "columns")),
        "targets": _targets(raw),
        "children": tuple(_shape(Child, t, "children", targets=_targets(t)) for t in _tables(raw, "children")),
        "links": tuple(_shape(Link, table, "links") for table in _tables(raw, "links")),
        "parent": _shape(Parent, raw["parent"], "parent") if isinstance(raw.get("parent"), dict) else None,
    }
    return _shape(Profile, raw, "profile", **nested)


def _targets(raw: Mapping[str, Any]) -> tuple[Target, ...]:
    return tuple(_target(table) for table in _tables(raw, "fields"))


def _target(raw: Mapping[str, Any]) -> Target:
    """A field; the settings of its only column may stand beside the field's own."""
    if "from" in raw:
        return _shape(Target, raw, "fields", parts=tuple(_shape(Part, table, "from") for table in _tables(raw, "from")))
    own = {f.name for f in dataclasses.fields(Target)} - {"parts"}
    part = _shape(Part, {key: value for key, value in raw.items() if key not in own}, "fields")
    return _shape(Target, {key: value for key, value in raw.items() if key in own}, "fields", parts=(part,))


def _shape(cls: type[Shape], raw: Any, where: str, **nested: Any) -> Shape:
    """An instance from a TOML table. Raises Refused for unknown, missing or wrongly typed keys."""
    fields = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    given = {key: value for key, value in raw.items() if key not in {KEYS.get(name, name) for name in nested}}
    for key, value in given.items():
        if key not in fields or key in nested:
            raise Refused(_("The profile does not know “%(key)s” under %(where)s.") % {"key": key, "where": where})
        given[key] = _typed(value, str(fields[key].type), f"{where}.{key}")
        if (allowed := ALLOWED.get((cls, key))) and given[key] not in allowed:
            raise Refused(_("%(where)s is “%(value)s”; it can be: %(allowed)s.")
                          % {"where": f"{where}.{key}", "value": value, "allowed": ", ".join(filter(None, allowed))})  # fmt: skip
    try:
        return cls(**given, **nested)
    except TypeError as error:
        raise Refused(_("The profile lacks a setting under %(where)s: %(what)s.") % {"where": where, "what": error}) from error


def _typed(value: Any, kind: str, where: str) -> Any:
    if kind.startswith("tuple") and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if kind.startswith("Mapping") and isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return value
    if kind in ("bool", "int") and type(value).__name__ == kind:
        return value
    if isinstance(value, str) and not kind.startswith(("tuple", "Mapping", "bool", "int")):
        return value
    raise Refused(_("%(where)s has the wrong kind of value: “%(value)s”.") % {"where": where, "value": value})


def _tables(raw: Mapping[str, Any], key: str) -> list[Any]:
    tables = raw.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise Refused(_("“%(key)s” is a list of tables: write [[%(key)s]].") % {"key": key})
    return tables
