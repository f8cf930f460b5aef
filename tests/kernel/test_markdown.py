"""What becomes of a text between its author and a reader's browser."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linchpin.kernel.records.markdown import TAGS, rendered

PIECES = ["<", ">", "</", "<!--", "-->", "<script>", "</script>", "<b onclick=x>", "![a](x)", "[a](javascript:x)", "`", "```\n", "\n", "\n\n", "# ", "> ",
          "- ", "|", "|-|-|", "&lt;", "<![CDATA[", "<?", "<a href='x'>", "é", "*", "  ", "\t", "\\", "\""]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("# Deburr\n###### Last", "<h2>Deburr</h2>\n<h6>Last</h6>"),
        ("a <b onclick=x>bold</b> word", "<p>a &lt;b onclick=x&gt;bold&lt;/b&gt; word</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<div>\n*x*\n</div>", "<p>&lt;div&gt;\n<em>x</em>\n&lt;/div&gt;</p>"),
        ("`<i>` stays", "<p><code>&lt;i&gt;</code> stays</p>"),
        ("seen <!-- for authors --> by all", "<p>seen  by all</p>"),
        ("one <!-- that never ends", "<p>one &lt;!-- that never ends</p>"),
        ("~~old~~", "<p><del>old</del></p>"),
    ],
)
def test_html_of_an_author_is_read_as_it_was_written(written: str, read: str) -> None:
    assert rendered(written).strip() == read


def test_a_picture_from_elsewhere_is_a_link_and_a_script_is_none() -> None:
    assert '<a href="https://a.example/b.png"' in rendered('![the rack](https://a.example/b.png "t")')
    assert "javascript" not in rendered("[click](javascript:alert(1)) ![x](javascript:alert(1))")


def test_a_table_scrolls_by_itself() -> None:
    assert '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>' in rendered("|a|b|\n|-|-:|\n|1|2|")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join))
def test_whatever_is_written_only_tags_of_the_house_are_sent(text: str) -> None:
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z][^\s>/]*)", rendered(text))} <= TAGS | {"div"}
    assert not re.search(r"<[^>]*\son\w+=", rendered(text))


@pytest.mark.parametrize("deep", [">" * 50_000, "- > " * 20_000, "1. " * 20_000, "> 1. - " * 20_000])
def test_quotes_and_lists_within_each_other_end_somewhere(deep: str) -> None:
    """To clean fifty thousand of them would take a quarter of a minute."""
    assert len(re.findall("<(?:blockquote|ul|ol)", rendered(deep))) <= 60
