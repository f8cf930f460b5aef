"""Small words of the templates: short days and initials."""

from __future__ import annotations

import re

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from linchpin.surfaces.web.drawing import short_day

register = template.Library()
PART_NUMBER = re.compile(r"\S*\d-\w\S*")
SENTENCE = re.compile(r"(?<=[.?!])\s+")


register.filter(short_day)


@register.filter
def initials_of(name: str) -> str:
    """`Aoife Ní Dhomhnaill` → `AD`."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else str(name)[:2].upper()


@register.filter
def given_name(name: str) -> str:
    """`Maeve Brannigan` → `Maeve`."""
    return str(name).partition(" ")[0]


@register.filter
def in_sentence(label: str) -> str:
    """`Problem` → `problem`, as it stands inside a sentence; German keeps its capitals."""
    text = str(label)
    return text if translation.get_language() == "de" else text[:1].lower() + text[1:]


@register.filter
def first_sentence(text: str) -> str:
    """The first sentence, with its full stop or question mark."""
    return SENTENCE.split(str(text), maxsplit=1)[0]


@register.filter
def further_sentences(text: str) -> str:
    """What follows the first sentence; empty when nothing does."""
    return " ".join(SENTENCE.split(str(text), maxsplit=1)[1:])


@register.filter
def as_heading(text: str) -> str:
    """A sentence as a heading: without its full stop."""
    return str(text).removesuffix(".")


@register.filter
def as_written(text: str) -> SafeString:
    """A text with its line breaks; what is safe HTML already (rendered Markdown) as it is."""
    return text if isinstance(text, SafeString) else linebreaksbr(str(text), autoescape=True)


@register.filter
def kept_together(text: str) -> SafeString:
    """Part numbers like 5531-03 are not broken at their hyphen."""
    whole = PART_NUMBER.sub(lambda found: f'<span class="nb">{found[0]}</span>', escape(text))
    return mark_safe(whole)  # noqa: S308  escaped above
