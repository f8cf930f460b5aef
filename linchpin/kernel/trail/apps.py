from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "linchpin.kernel.trail"
    label = "trail"
