from __future__ import annotations

from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "linchpin.kernel.asking"
    label = "asking"
