"""Pages go compressed to whoever takes it, and differently long each time; pages that show a secret do not."""

from __future__ import annotations

import gzip
from typing import Any

from django.test import Client

from tests.cast import Cast

GZIP = {"accept-encoding": "gzip, br"}


def test_a_register_is_compressed_and_an_account_is_not(cast: Cast, browser_of: Any) -> None:
    daniel: Client = browser_of("daniel")
    plain, packed = daniel.get("/nonconformity/"), daniel.get("/nonconformity/", headers=GZIP)
    assert "Content-Encoding" not in plain and packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) * 3 < len(plain.content) and b"<h1" in gzip.decompress(packed.content)
    assert len({len(daniel.get("/nonconformity/", headers=GZIP).content) for _n in range(8)}) > 1, "the length tells nothing exact"
    for path in ("/account/", "/settings/webhooks/"):
        assert "Content-Encoding" not in daniel.get(path, headers=GZIP), path
