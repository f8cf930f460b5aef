"""By what a register is ordered: a column of the record's tables, or the typed rows of a field that the house added."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from linchpin.kernel.records.custom import COLUMNS
from linchpin.kernel.records.custom_models import CustomValue


class ByColumn:
    """Rows of the record's own tables, ordered by one of their columns."""

    record = "pk"
    """Where the record's id is read."""

    def __init__(self, rows: QuerySet[Any], column: str) -> None:
        field: Any = rows.model._meta.get_field(column)
        self.rows, self.column, self.nullable = rows, column, bool(field.null)
        self.key = self.bare = "pk" if field in rows.model._meta.local_fields else "id"
        """What orders records of the same value, and those without one."""

    def having(self) -> QuerySet[Any]:
        """Those with a value."""
        return self.rows.filter(**{f"{self.column}__isnull": False}) if self.nullable else self.rows

    def lacking(self) -> QuerySet[Any]:
        """Those without."""
        return self.rows.filter(**{f"{self.column}__isnull": True})


class ByAdded:
    """The typed rows of an added field, walked along their index; each asks whether its record is among those wanted."""

    record, key, bare, nullable = "record_id", "record_id", "id", True

    def __init__(self, rows: QuerySet[Any], field: Any) -> None:
        self.rows, self.column = rows, COLUMNS[field.custom.kind]
        self.values = CustomValue.objects.filter(field_id=field.custom.pk)

    def having(self) -> QuerySet[Any]:
        return self.values.filter(Exists(self.rows.filter(pk=OuterRef("record_id"))))

    def lacking(self) -> QuerySet[Any]:
        return self.rows.filter(~Exists(self.values.filter(record_id=OuterRef("pk"))))


Order = ByColumn | ByAdded
