"""The fields that the house adds to a record type: what the page under Settings does, for machines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linchpin.kernel.commands.customizing import TOLD, add_field, change_field, retire_field, take_up_field
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.custom_models import CustomField
from linchpin.kernel.records.refusals import Missing
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import type_of
from linchpin.surfaces.api.house_schemas import AddedFieldEdit, AddedFieldIn, AddedFieldOut
from linchpin.surfaces.api.presenting import answer, moment

router = Router(tags=["the house"])


@router.get("/types/{key}/fields/", response=list[AddedFieldOut], operation_id="added_fields", summary="Added fields")
def fields(request: HttpRequest, key: str) -> HttpResponse:
    """The fields that the house added to the type, retired ones too. How a value is sent stands under /types/."""
    rows = CustomField.objects.filter(type=type_of(key).key).order_by("place", "pk")
    return answer([_field(row) for row in rows])


@router.post("/types/{key}/fields/", response={201: AddedFieldOut}, operation_id="add_field", summary="Add a field")
def add(request: HttpRequest, key: str, body: AddedFieldIn) -> HttpResponse:
    """Add a field: its key is made from the label, and stays when the label changes. For the administrator and the quality manager."""
    return answer(_field(add_field(type_of(key).key, body.model_dump(exclude_unset=True), actor=access(request))), 201)


@router.patch("/types/{key}/fields/{name}/", response=AddedFieldOut, operation_id="change_field", summary="Change or retire a field")
def change(request: HttpRequest, key: str, name: str, body: AddedFieldEdit) -> HttpResponse:
    """Change what is sent. `retired`: nobody fills it in any more (with a `reason`), or it is taken up again."""
    row = CustomField.objects.filter(type=type_of(key).key, key=name).first()
    if row is None:
        raise Missing(_("There is no such field."))
    actor, given = access(request), body.model_dump(exclude_unset=True)
    reason, retired = given.pop("reason", ""), given.pop("retired", None)
    if given:
        row = change_field(row, given, actor=actor)
    return answer(_field(_ended(row, retired, reason, actor)))


def _ended(row: CustomField, retired: bool | None, reason: str, actor: Access) -> CustomField:
    if retired is None or retired == (row.retired_at is not None):
        return row
    return retire_field(row, actor=actor, reason=reason) if retired else take_up_field(row, actor=actor)


def _field(row: CustomField) -> dict[str, Any]:
    return {"key": row.key, "kind": row.kind, "retired_at": moment(row.retired_at)} | {name: getattr(row, name) for name in TOLD}
