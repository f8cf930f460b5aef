"""A text that is opened in the editor and saved comes back as it was, and what is written anew reads the same."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from linchpin.exchange.documents.front_matter import split
from linchpin.kernel.records.markdown import rendered
from tests.support.editing import bundled, opened_and_saved

REAL = Path(__file__).resolve().parents[2] / "../shared/data/documents"
WHOLE = """Intro in two
lines, *wrapped*.

* a list with stars
  1. and numbers below
     - [ ] to do
     - [x] done

Under a line
============

1) by a bracket, `co|de`
2) two  \n   lines

| Tool | Speed | `a\\|b` |
|:-----|------:|:-------:|
| 4    | 12    | **x**   |

<!-- A remark to authors. -->

> Quoted, [linked](https://example.com "there") and <https://example.com/auto>.

    code by indent

~~~nc
G0 X12 ``` Z4
~~~

***

~~old~~ **bold *and* `code`** 5 * 3 < 4 & a_b_c [REDACTED] &copy; last<!-- inside -->.
"""
LEFT_TO_THE_SOURCE = {
    "front": "---\nid: SOP-1\n---\n\nText.",
    "references": "See [there][1].\n\n[1]: https://example.com",
    "remarks": "One <!-- begins\n\nand ends --> two.",
    "other": "A link without words: [](somewhere).",
}
INLINE = re.compile(r"</?(?:em|strong|a|code|del)\b[^>]*>")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("editor"))


def reads(text: str) -> tuple[str, Counter[str]]:
    """What a reader gets of it: the words with their blocks, and how many tags of each kind; white space and the order of bold and links aside."""
    html = rendered(text)
    words = re.sub(r"\s+", " ", INLINE.sub("", html)).replace("> <", "><").strip()
    return words, Counter(re.findall(r"<(\w+)", html))


def test_what_nobody_changed_comes_back_to_the_letter_and_written_anew_it_reads_the_same(bundle: Path) -> None:
    texts = [WHOLE, WHOLE + "\n\n", "", "# Only a heading", "- [ ] \n- two", "One\n\n\n\n\nTwo"]
    for text, became in zip(texts, opened_and_saved(bundle, texts), strict=True):
        assert became.get("saved") == text and reads(became["anew"]) == reads(text), became


def test_what_only_the_source_can_hold_is_left_to_it_with_its_reason(bundle: Path) -> None:
    assert [became.get("reason") for became in opened_and_saved(bundle, list(LEFT_TO_THE_SOURCE.values()))] == list(LEFT_TO_THE_SOURCE)


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/documents is not here")
def test_real_documents_of_two_quality_systems_lose_nothing(bundle: Path) -> None:
    whole = [path.read_text() for path in sorted(REAL.rglob("*.md"))]
    texts = whole + [split(text)[1] for text in whole]
    became = opened_and_saved(bundle, texts)
    held = [(text, one) for text, one in zip(texts, became, strict=True) if "saved" in one]
    assert all(one["saved"] == text and reads(one["anew"]) == reads(text) for text, one in held)
    assert len(held) >= 0.75 * len(texts), Counter(one.get("reason") for one in became)
