from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "linchpin.kernel.records"
    label = "records"
