"""A token at work, and what a refusal says."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from typing import Any

from django.test import Client

API = "/api/v1"


class Caller:
    """Somebody's token at work: `caller.get("/me/")`, `caller.post("/nonconformity/", {...})`."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(_full(path), query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("PATCH", path, body, headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(_full(path))

    def raw(self, method: str, path: str, body: bytes, content_type: str = "application/json") -> Any:
        return self.client.generic(method, _full(path), body, content_type=content_type)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        text = json.dumps({} if body is None else body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, _full(path), text, content_type="application/json", headers=named)


def _full(path: str) -> str:
    return path if path.startswith(API) else API + path


def sentences(response: Any) -> str:
    """The refusals of a problem in one text."""
    assert response["Content-Type"] == "application/problem+json", response.content
    return str(response.json()["detail"])


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Typed values as they are sent: people, units and records by uid, days as text."""
    return {name: _one(value) for name, value in values.items()}


def _one(value: Any) -> Any:
    if hasattr(value, "uid"):
        return str(value.uid)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, decimal.Decimal) else value
