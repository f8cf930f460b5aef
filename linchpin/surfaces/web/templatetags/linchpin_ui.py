"""What templates draw: the built front end's files and icons, and the small shapes of records."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from linchpin.surfaces.web import building, drawing, rows

register = template.Library()

register.simple_tag(building.assets)
register.simple_tag(building.built)
register.simple_tag(building.icon)
register.simple_tag(drawing.draw_choices, name="choices")
register.simple_tag(drawing.draw_due, name="due")
register.simple_tag(drawing.draw_status, name="status")
register.simple_tag(drawing.draw_tags, name="tags")
register.simple_tag(drawing.draw_entry, name="entry")
register.simple_tag(rows.draw_rows, name="lines")


class Always(template.Node):
    """What stands between `always` and `endalways`: drawn once per language and build, knowing nothing of the page, the request or the person."""

    def __init__(self, inside: template.NodeList) -> None:
        self.inside = inside
        self.known: dict[tuple[str | None, str], str] = {}

    def render(self, context: template.Context) -> Any:
        key = get_language(), building.built("icons.svg")
        if key not in self.known:
            alone = template.Context(autoescape=context.autoescape)
            alone.template, alone.render_context = context.template, context.render_context
            self.known[key] = self.inside.render(alone)
        return self.known[key]


@register.tag
def always(parser: Any, _token: Any) -> Always:
    """Words, icons and addresses that are the same on every page: `{% always %}…{% endalways %}`."""
    inside = parser.parse(("endalways",))
    parser.delete_first_token()
    return Always(inside)
