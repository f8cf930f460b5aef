"""The product as it is run, with the cast in it, and a browser in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.accounts.serving import Served, serving
from tests.journeys.walking import Walk

QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", *QUIET]}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running installation of their own for the journeys of one file."""
    with serving(tmp_path_factory.mktemp("home"), worker=True) as running:
        yield running


@pytest.fixture
def walk(page: Page, served: Served) -> Walk:
    return Walk(page, served.url)
