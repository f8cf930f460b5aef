from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linchpin.exchange"
    label = "exchange"

    def ready(self) -> None:
        import linchpin.exchange.arrivals.taking_over
        import linchpin.exchange.long_work  # noqa: F401  its handlers of jobs
        from linchpin.exchange.forgetting import forget_person, forget_purged, replace_in_rows
        from linchpin.exchange.origin import by_finding, from_import
        from linchpin.kernel.commands.erasing_people import also_forget
        from linchpin.kernel.commands.purged_content import also_purge
        from linchpin.kernel.commands.replacing_names import also_replace
        from linchpin.kernel.records.filters import offer_filter

        offer_filter(from_import)
        offer_filter(by_finding)
        also_purge(forget_purged)
        also_forget(forget_person)
        also_replace(replace_in_rows)
