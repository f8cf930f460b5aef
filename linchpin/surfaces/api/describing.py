"""The OpenAPI description: what the framework knows, spelled out for every record type of the registry."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any

from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE
from ninja.schema import Schema

from linchpin.kernel.records import further
from linchpin.kernel.records.filters import filters_of
from linchpin.kernel.records.listing import sorts_of
from linchpin.kernel.records.models import Confidentiality, Phase, Provenance
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.surfaces.api.payloads import Json, read_schema_of, values_schema
from linchpin.surfaces.api.presenting import computed_fields
from linchpin.surfaces.api.schemas import Problem, RecordReference, Reference

MARK = "x-per-type"
OTHER_TAGS = ("on a record", "across the registers", "the house", "telling others", "files brought in together")
IF_MATCH: Json = {
    "in": "header", "name": "If-Match", "required": False, "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "description": "The ETag of the record as you read it: if it was changed meanwhile, nothing is done (412).",
}  # fmt: skip
IDEMPOTENCY: Json = {
    "in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "A key of your own: the same request sent again is done once. With another request it is refused (422).",
}  # fmt: skip
HEADERS: dict[str, list[Json]] = {"create": [IDEMPOTENCY], "edit": [IF_MATCH], "move": [IF_MATCH, IDEMPOTENCY]}


class DescribedAPI(NinjaAPI):
    """The API whose description has a path, a body and an answer per record type."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> Any:
        """In English whoever asks first: the description is one for all, until the house adds a field."""
        stamp = further.now().stamp
        if stamp not in self._described:
            with translation.override("en"):
                self._described = {stamp: described(super().get_openapi_schema())}
        return self._described[stamp]

    @cached_property
    def _described(self) -> dict[str, Any]:
        return {}


def described(document: Any) -> Any:
    """The framework's document, with each operation marked `x-per-type` written out for every type."""
    schemas: Json = document["components"]["schemas"]
    for model in (Problem, Reference, RecordReference):
        _add(schemas, model)
    paths: Json = {}
    for path, operations in document["paths"].items():
        if any(MARK in one for one in operations.values()):
            for record_type in all_types():
                paths[path.replace("{type}", record_type.key)] = {m: _for_type(one, record_type) for m, one in operations.items()}
        else:
            paths[path] = operations
    for record_type in all_types():
        _add_shapes(schemas, record_type)
    for operations in paths.values():
        for one in operations.values():
            _finish(one)
    for name in ("RecordOut", "RecordPage", "CreateIn", "EditIn", "MoveIn"):
        schemas.pop(name, None)
    document["paths"] = dict(sorted(paths.items()))
    document["tags"] = [{"name": name} for name in (*(one.label("standard") for one in all_types()), *OTHER_TAGS)]
    return document


def _add(schemas: Json, model: type[Schema]) -> None:
    found = model.model_json_schema(ref_template=REF_TEMPLATE, mode="serialization")
    for name, inner in found.pop("$defs", {}).items():
        schemas[name] = inner
    schemas[model.__name__] = found


def _name(record_type: RecordType) -> str:
    return record_type.model.__name__


def _for_type(operation: Json, record_type: RecordType) -> Json:
    """A copy of the operation whose bodies and answers are those of the type."""
    one, name, verb = copy.deepcopy(operation), _name(record_type), operation["operationId"]
    one.pop(MARK)
    one["operationId"] = f"{record_type.key}_{verb}"
    one["tags"] = [record_type.label("standard")]
    one["parameters"] = [p for p in one["parameters"] if p["name"] != "type"] + HEADERS.get(verb, [])
    if verb == "list":
        one["parameters"] += _list_parameters(record_type)
    for response in one["responses"].values():
        if "RecordPage" in str(response) or "RecordOut" in str(response):
            shape = f"{name}Page" if verb == "list" else name
            response["content"] = {"application/json": {"schema": {"$ref": REF_TEMPLATE.format(model=shape)}}}
            if verb != "list":
                response["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version."}}
    if "requestBody" in one:
        one["requestBody"]["content"]["application/json"]["schema"] = {"$ref": REF_TEMPLATE.format(model=f"{name}{verb.title()}")}
    return one


def _list_parameters(record_type: RecordType) -> list[Json]:
    sorts = sorts_of(record_type)
    size = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
    parameters = [
        _query("sort", {"type": "string", "enum": [*sorts, *(f"-{name}" for name in sorts)], "default": "-number"}, "“-” for descending."),
        _query("size", size, "Rows of a page."),
        _query("cursor", {"type": "string"}, "From `next` or `previous` of a page."),
    ]
    for one in filters_of(record_type).values():
        item: Json = {"type": "string"}
        if one.choices and all(value not in ("me", "none") for value, _label in one.choices):
            item["enum"] = [str(value) for value, _label in one.choices]
        elif one.name == "since":
            item["format"] = "date"
        parameters.append(_query(one.name, {"type": "array", "items": item}, str(one.label)) | {"style": "form", "explode": True})
    return parameters


def _query(name: str, schema: Json, description: str) -> Json:
    return {"in": "query", "name": name, "required": False, "schema": schema, "description": description}


def _add_shapes(schemas: Json, record_type: RecordType) -> None:
    """The type's own schemas: as read, its page, and what create, edit and move take."""
    name, fields = _name(record_type), record_type.fields
    read = copy.deepcopy(schemas["RecordOut"])
    read["title"], read["description"] = name, str(record_type.purpose)
    own: Json = {
        "type": {"const": record_type.key},
        "status": {"type": "string", "enum": [str(v) for v in record_type.lifecycle.states.values]},
        "phase": {"type": "string", "enum": list(Phase.values)},
        "provenance": {"type": "string", "enum": list(Provenance.values)},
        "values": _object({n: read_schema_of(f) for n, f in fields.items()}),
        "computed": _object({f.name: read_schema_of(f) for f in computed_fields(record_type)}),
    }
    own["values"]["properties"]["confidentiality"]["enum"] = list(Confidentiality.values)
    read["properties"] |= own
    schemas[name] = read
    page = copy.deepcopy(schemas["RecordPage"])
    page["title"], page["properties"]["items"]["items"] = f"{name}Page", {"$ref": REF_TEMPLATE.format(model=name)}
    schemas[f"{name}Page"] = page
    required = [n for n in record_type.needed if n in fields]
    _add_body(schemas, f"{name}Create", "CreateIn", values_schema(record_type, fields, required))
    _add_body(schemas, f"{name}Edit", "EditIn", values_schema(record_type, fields))
    asked = {n for t in record_type.lifecycle.transitions if not t.automatic for n in t.asks}
    _add_body(schemas, f"{name}Move", "MoveIn", values_schema(record_type, [n for n in fields if n in asked]))
    names = [t.name for t in record_type.lifecycle.transitions if not t.automatic]
    schemas[f"{name}Move"]["properties"]["name"] = {"type": "string", "enum": names}


def _object(properties: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(properties)}


def _add_body(schemas: Json, name: str, shape: str, values: Json) -> None:
    body = copy.deepcopy(schemas[shape])
    body["title"], body["properties"]["values"] = name, values
    schemas[name] = body


def _finish(operation: Json) -> None:
    """What every operation has: refusals as problems, and the record types as choices."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in ("type", "key") and parameter["in"] == "path":
            parameter["schema"]["enum"] = [one.key for one in all_types()]
    operation["responses"] = {str(code): response for code, response in operation["responses"].items()}
    if operation["operationId"] == "download":
        operation["responses"] = {"200": {"description": "OK", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}
    problems = {"application/problem+json": {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}}
    operation["responses"]["4XX"] = {"description": "A refusal, in sentences", "content": problems}
