"""The filter that shows, in a register, what one import brought."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.exchange.models import Import, Taken
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.filters import Filter
from linchpin.kernel.records.refusals import Refused, never


class FromImport(Filter):
    """Names the file in its chip; it has no list of choices, because imports are opened from their own page."""

    def says(self, values: Sequence[str]) -> str:
        return ", ".join(Import.objects.filter(uid__in=_uids(values)).values_list("name", flat=True))


def from_import() -> Filter:
    """Records that one of the named imports made, changed or found as they were."""

    def apply(values: Sequence[str], access: Access) -> Q:
        return Q(pk__in=Taken.objects.filter(source__uid__in=_uids(values)).values("record_id"))

    return FromImport("import", _("From the file"), [], apply)


def _uids(values: Sequence[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(value) for value in values]
    except ValueError as problem:
        raise Refused(never(_("There is no such import: open it from the page “Bring in data”."), "import")) from problem
