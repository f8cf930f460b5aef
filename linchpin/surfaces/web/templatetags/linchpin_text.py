"""Small words of the templates: short days and initials."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import formats

from linchpin.kernel.records.cleaning import today

register = template.Library()


@register.filter
def short_day(day: date | None) -> str:
    """`27 Nov`, with the year when it is not this one."""
    if day is None:
        return ""
    return formats.date_format(day, "j M" if day.year == today().year else "j M Y")


@register.filter
def initials_of(name: str) -> str:
    """`Aoife Ní Dhomhnaill` → `AD`."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else str(name)[:2].upper()
