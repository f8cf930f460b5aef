from __future__ import annotations

from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "linchpin.kernel.links"
    label = "links"
