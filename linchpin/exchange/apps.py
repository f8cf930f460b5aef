from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linchpin.exchange"
    label = "exchange"

    def ready(self) -> None:
        import linchpin.exchange.long_work  # noqa: F401  its handlers of jobs
        from linchpin.exchange.origin import from_import
        from linchpin.kernel.records.filters import offer_filter

        offer_filter(from_import)
