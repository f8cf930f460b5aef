"""What templates draw: the built front end's files and icons, and the small shapes of records."""

from __future__ import annotations

from django import template

from linchpin.surfaces.web import building, drawing

register = template.Library()

register.simple_tag(building.assets)
register.simple_tag(building.built)
register.simple_tag(building.icon)
register.simple_tag(drawing.draw_due, name="due")
register.simple_tag(drawing.draw_status, name="status")
register.simple_tag(drawing.draw_tags, name="tags")
