"""Who has let a record wait for so long that somebody else may answer."""

from __future__ import annotations

from typing import Any

from linchpin.kernel.asking.models import Asked
from linchpin.kernel.commands.handing_over import may_take_over
from linchpin.kernel.commands.house_rules import house_rule
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.registry import RecordType


def overdue_askings(record: Any, record_type: RecordType, access: Access) -> list[tuple[Asked, str]]:
    """Unanswered askings of single people that this person may take over, each with how it is called."""
    duties = [duty for duty, asking in record_type.askings.items() if not asking.groups and record.status in asking.states]
    if not duties:
        return []
    rows = list(Asked.objects.filter(record_id=record.pk, duty__in=duties, answer=Asked.Answer.OPEN).select_related("person").order_by("id"))
    after = house_rule("take_over_after") if rows else 0
    return [(row, str(record_type.askings[row.duty].label)) for row in rows if may_take_over(access, row, record, after)]
