"""A profile as TOML text that reads back to the same profile. Only what differs from the defaults is written."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from linchpin.exchange.reading.shapes import Profile, Target

NESTED = {"columns", "targets", "children", "links", "parent", "parts", "constants"}


def dumps(profile: Profile) -> str:
    """The TOML text of the profile."""
    lines = list(_settings(profile))
    for column in profile.columns:
        lines += ["", "[[columns]]", *_settings(column)]
    for target in profile.targets:
        lines += ["", *_target(target, "fields")]
    lines += _constants(profile.constants, "[constants]")
    for child in profile.children:
        lines += ["", "[[children]]", *_settings(child)]
        lines += _constants(child.constants, "[children.constants]")
        for target in child.targets:
            lines += ["", *_target(target, "children.fields")]
    for link in profile.links:
        lines += ["", "[[links]]", *_settings(link)]
    if profile.parent:
        lines += ["", "[parent]", *_settings(profile.parent)]
    return "\n".join(lines) + "\n"


def _target(target: Target, where: str) -> Iterator[str]:
    yield f"[[{where}]]"
    yield from _settings(target)
    if len(target.parts) == 1:
        yield from _settings(target.parts[0])
        return
    for part in target.parts:
        yield f"[[{where}.from]]"
        yield from _settings(part)


def _constants(constants: Any, heading: str) -> list[str]:
    return ["", heading, *(f"{_key(k)} = {_value(v)}" for k, v in constants.items())] if constants else []


def _settings(shape: Any) -> Iterator[str]:
    for field in dataclasses.fields(shape):
        value = getattr(shape, field.name)
        default = field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
        if field.name not in NESTED and value != default:
            yield f"{field.name} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # JSON's strings are TOML's basic strings but for the delete character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return "[" + ", ".join(_value(item) for item in value) + "]"


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _value(key)
