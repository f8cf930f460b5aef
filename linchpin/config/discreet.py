"""Addresses that are secrets themselves never reach the log: whoever reads it could use them."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"/(mailed|slip|feeds|reset/key)/[^/\s\"?]+")


class Discreet(logging.Filter):
    """Says `/mailed/…/` instead of the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = SECRET.sub(r"/\1/…", said), ()
        return True
