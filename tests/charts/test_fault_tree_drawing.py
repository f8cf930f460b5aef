"""A fault tree is drawn so that nothing lies on anything else, however it has grown."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from linchpin.charts.fault_tree import LETTERS, Event, _Sheet, fault_tree_drawing, wrapped

texts = st.sampled_from(["Short", "The bath leaves too little oxide on the lot", "Eloxalschichtdickenmessungsprotokoll fehlt", "word " * 40])


def event(text: str, below: list[Event]) -> Event:
    return Event("CAU-2026-0001", text, "any" if below else "basic", tuple(below), note="CAU-2026-0001")


trees: Any = st.recursive(st.builds(lambda t: event(t, []), texts), lambda low: st.builds(event, texts, st.lists(low, min_size=1, max_size=4)), max_leaves=14)


@given(trees)
def test_no_two_events_lie_on_each_other_and_every_one_is_drawn(tree: Event) -> None:
    boxes = _Sheet(tree).boxes
    spaces = [(box.x - 78, box.y, box.x + 78, box.foot) for box in boxes]
    for place, one in enumerate(spaces):
        assert one[0] >= 0
        for other in spaces[place + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert fault_tree_drawing(tree, told="A tree").count('class="box"') == len(boxes)


def test_long_german_words_are_broken_and_markup_is_text() -> None:
    lines = wrapped("Eloxalschichtdickenmessungsprotokoll fehlt am Wareneingang")
    assert all(len(line) <= LETTERS for line in lines)
    assert "".join(line.removesuffix("-") for line in lines).replace(" ", "") == "EloxalschichtdickenmessungsprotokollfehltamWareneingang"
    drawn = fault_tree_drawing(Event("T", "<script>alert(1)</script>", "basic", href="#T"), told='"quoted"')
    assert "<script" not in drawn
    assert re.search(r'aria-label="&quot;quoted&quot;"', drawn)
