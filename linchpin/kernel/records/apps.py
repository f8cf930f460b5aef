from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class RecordsConfig(AppConfig):
    name = "linchpin.kernel.records"
    label = "records"

    def ready(self) -> None:
        from linchpin.kernel.people.stamps import on_stamp
        from linchpin.kernel.records import custom
        from linchpin.kernel.records.checking import TAG, every_type_is_sound, the_catalogue_is_sound  # models are loaded only now

        on_stamp(custom.refresh)
        checks.register(every_type_is_sound, TAG)
        checks.register(the_catalogue_is_sound, TAG)
