"""How a write begins: the queue of writers, one transaction, and the guard that knows whether a command is at work."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

in_command: ContextVar[bool] = ContextVar("in_command", default=False)
GUARDED_APPS = ("people", "records", "trail", "signatures", "links", "files", "comments", "asking")
WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """One write transaction. On SQLite writers queue at a file lock, because the busy handler starves them."""
    with contextlib.ExitStack() as stack:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            stack.enter_context(queued())
        stack.enter_context(transaction.atomic())
        yield


@contextlib.contextmanager
def queued() -> Iterator[None]:
    """The turn of one writer on SQLite: no other begins or commits within."""
    lock = os.open(Path(settings.HOME) / "writer.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def permitted() -> Iterator[None]:
    """Marks the block as a command's own: the guard lets its statements through."""
    token = in_command.set(True)
    try:
        yield
    finally:
        in_command.reset(token)


@cache
def guarded_tables() -> frozenset[str]:
    """Tables that only commands write: records of every type, people, trail, and what hangs on a record."""
    record = apps.get_model("records", "Record")
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in GUARDED_APPS or issubclass(model, record)
    ) - {"records_savedview"}


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuses every statement outside a command that would write a guarded table."""
    match = None if in_command.get() else WRITE.match(sql)
    if match and match[1] in guarded_tables():
        raise RuntimeError(f"{match[1]} is written outside linchpin.kernel.commands.")
    return execute(sql, params, many, context)


def install_guard(sender: Any = None, connection: Any = None, **_kwargs: Any) -> None:
    """Put the guard on a new database connection."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
