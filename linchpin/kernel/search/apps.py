from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "linchpin.kernel.search"
    label = "search"
