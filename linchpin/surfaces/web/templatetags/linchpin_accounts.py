"""What the account pages need to know about this installation."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def mail_is_kept() -> bool:
    """Whether mail is written into the home's folder because no mail server is set up."""
    return not settings.EMAIL_HOST
