from __future__ import annotations

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "linchpin.kernel.signatures"
    label = "signatures"
