"""The clauses that an audit says it will look at: typed as people write them, read as numbers of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linchpin import standard
from linchpin.kernel.records.refusals import Refusal, never

BETWEEN = re.compile(r"[\s,;]+")


def named_clauses(text: str) -> list[str]:
    """“8.4, 7.1.5” as numbers, each once."""
    return [one for one in dict.fromkeys(BETWEEN.split(text)) if one]


def clauses_exist(values: Mapping[str, Any]) -> Iterator[Refusal]:
    edition = values.get("edition")
    for number in named_clauses(values.get("clauses") or ""):
        if number not in standard.numbers():
            yield never(_("“%s” is no clause of ISO 9001: write numbers such as 8.4, 7.1.5.") % number[:20], "clauses")
        elif edition in standard.EDITIONS and number not in standard.catalogue(edition).clauses:
            words = {"number": number, "edition": standard.catalogue(edition).name}
            yield never(_("%(number)s is no clause of %(edition)s: choose the other edition, or another clause.") % words, "clauses")
