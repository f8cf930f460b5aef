"""The filters that show, in a register, what one import brought and what was found in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.exchange.findings import IDS
from linchpin.exchange.models import Import, Taken
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.filters import Filter
from linchpin.kernel.records.models import Phase, Provenance, Record
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


class ByFinding(Filter):
    """Says in its chip what was found; it is opened from the page of the files it is about."""

    def says(self, values: Sequence[str]) -> str:
        found = {
            "blamed": _("cause names only a person"), "came_back": _("came back"), "nobodys": _("open, and nobody’s"),
            "overdue": _("open beyond their date"), "dates": _("dates that cannot be"),
        }  # fmt: skip
        return ", ".join(str(found.get(value, value)) for value in values)


def by_finding() -> Filter:
    """Imported records that a finding counts, exactly those; with the filter “From the file” the rows behind its figure."""

    def apply(values: Sequence[str], access: Access) -> Q:
        if unknown := next((value for value in values if value not in IDS), ""):
            words = {"name": unknown, "known": ", ".join(IDS)}
            raise Refused(never(_("There is no finding “%(name)s”. There are: %(known)s.") % words, "finding"))
        imported = Record.objects.filter(provenance=Provenance.IMPORTED).exclude(phase=Phase.VOID)
        keys = list(imported.order_by("type").values_list("type", flat=True).distinct())
        return Q(pk__in={pk for value in values for key in keys for pk in IDS[value](imported, key)[0]})

    return ByFinding("finding", _("Found"), [], apply)
