"""Fields that the house adds to its record types: added, changed, retired, taken up again. Each change stands in the organization's trail."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import ADMINISTERING, write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.cleaning import as_text, cleaner, is_private, plain_text, said
from linchpin.kernel.records.custom import COLUMNS, LONGEST_CHOICE, PREFIX, field_of, refresh, write_rows
from linchpin.kernel.records.custom_models import CustomField, CustomValue
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed, Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType, get_type
from linchpin.kernel.search.indexing import folded
from linchpin.kernel.trail import Change

TOLD = ("label", "help", "unit", "decimals", "smallest", "largest", "choices", "required", "listed", "filtered", "place")
"""What of a field may be changed; its kind and its key stay."""
MOST = 40
"""Fields that a type may have besides its own."""
MOST_CHOICES = 100
MOST_DECIMALS = 6
BATCH = 2_000


def add_field(key: str, values: Mapping[str, Any], *, actor: Access) -> CustomField:
    """Add a field to the type from raw or typed values. Raises Refused, NotAllowed."""
    with command() as at:
        _defines(actor)
        record_type = get_type(key)
        standing = list(CustomField.objects.select_for_update().filter(type=key))
        if len(standing) >= MOST:
            raise Refused(never(_("%(what)s have %(n)s added fields: that is as many as there can be.") % {"what": record_type.plural(), "n": MOST}))
        row = CustomField(type=key, place=len(standing) + 1)
        _take(row, values, ("kind", *TOLD))
        _sound(row, record_type)
        row.key = _key_of(row.label, {other.key for other in standing})
        row.save()
        changes = [_change(row, name, None, getattr(row, name)) for name in ("kind", *TOLD) if getattr(row, name) not in (None, "", [], False)]
        _tell(row, "add_field", changes, actor, at)
        return row


def change_field(row: CustomField, values: Mapping[str, Any], *, actor: Access) -> CustomField:
    """Change what is given of a field; its key stays, and so does its kind. Raises Refused, NotAllowed."""
    with command() as at:
        _defines(actor)
        found = CustomField.objects.select_for_update().get(pk=row.pk)
        before = {name: getattr(found, name) for name in TOLD}
        if "kind" in values and str(values["kind"]) != found.kind:
            raise Refused(never(_("The kind of a field stays: values of another kind stand under it. Retire it and add another."), "kind"))
        _take(found, values, TOLD)
        _sound(found, get_type(found.type))
        changes = [_change(found, name, old, new) for name, old in before.items() if as_text(old) != as_text(new := getattr(found, name))]
        if not changes:
            return found
        found.save()
        _tell(found, "change_field", changes, actor, at)
        if before["filtered"] != found.filtered:
            _fill(found)
        return found


def retire_field(row: CustomField, *, actor: Access, reason: str) -> CustomField:
    """Nobody fills the field in any more; what stands in it stays readable. Raises Refused, NotAllowed."""
    with command() as at:
        _defines(actor)
        found = CustomField.objects.select_for_update().get(pk=row.pk)
        if not (why := said(reason, "reason")):
            raise Refused(never(_("Say why the field is no longer needed."), "reason"))
        if found.retired_at is not None:
            raise Refused(never(_("“%s” is retired already.") % found.label))
        found.retired_at = at
        found.save(update_fields=["retired_at"])
        _tell(found, "retire_field", [_change(found, "retired_at", None, at)], actor, at, why)
        _fill(found)
        return found


def take_up_field(row: CustomField, *, actor: Access) -> CustomField:
    """Fill a retired field in again, with the values it had. Raises Refused, NotAllowed."""
    with command() as at:
        _defines(actor)
        found = CustomField.objects.select_for_update().get(pk=row.pk)
        if found.retired_at is None:
            raise Refused(never(_("“%s” is in use: there is nothing to take up again.") % found.label))
        before, found.retired_at = found.retired_at, None
        _sound(found, get_type(found.type))
        found.save(update_fields=["retired_at"])
        _tell(found, "take_up_field", [_change(found, "retired_at", before, None)], actor, at)
        _fill(found)
        return found


def _defines(actor: Access) -> None:
    if not (actor.person.is_system or actor.has(*ADMINISTERING)):
        raise NotAllowed(_("Fields are added by the administrator and the quality manager."))


def _take(row: CustomField, values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Put the given values on the row, each cleaned as its column wants it."""
    refusals = [never(_("There is no “%s” of a field.") % name, name) for name in values if name not in ("kind", *TOLD)]
    for name in (name for name in names if name in values):
        try:
            setattr(row, name, _choices(values[name]) if name == "choices" else _cleaned(name, values[name]))
        except ValidationError as problem:
            refusals.append(never(" ".join(problem.messages), name))
    if refusals:
        raise Refused(*refusals)


def _cleaned(name: str, raw: Any) -> Any:
    field: Any = CustomField._meta.get_field(name)
    if name == "unit":  # € and % are units, though no words
        return field.formfield().clean(said(raw, name, words=False))
    value = cleaner(field)(raw.replace(",", ".") if name in ("smallest", "largest") and isinstance(raw, str) else raw)
    return field.get_default() if value is None and not field.null else value


def _choices(raw: Any) -> list[str]:
    """One per line, or a list; each once."""
    lines = raw.splitlines() if isinstance(raw, str) else [str(one) for one in raw or ()]
    return list(dict.fromkeys(line for line in (" ".join(plain_text(one).split()) for one in lines) if line))


def _sound(row: CustomField, record_type: RecordType) -> None:
    found = [*_label_faults(row, record_type), *_kind_faults(row)]
    if found:
        raise Refused(*found)


def _label_faults(row: CustomField, record_type: RecordType) -> list[Refusal]:
    others = CustomField.objects.filter(type=row.type, retired_at=None).exclude(pk=row.pk).values_list("label", flat=True)
    taken = {folded(label) for label in (*others, *(str(field.verbose_name) for field in record_type.declared.values()))}
    if not row.label:
        return [never(_("“%s” is empty: fill it in.") % _("Label"), "label")]
    words = {"what": record_type.plural(), "label": row.label}
    if folded(row.label) in taken:
        return [never(_("%(what)s have a field called “%(label)s” already: choose another label.") % words, "label")]
    return []


def _kind_faults(row: CustomField) -> list[Refusal]:
    found = []
    if row.kind == "choice" and not 2 <= len(row.choices) <= MOST_CHOICES:
        found.append(never(_("A choice needs 2 to %s lines, one for each.") % MOST_CHOICES, "choices"))
    if any(len(choice) > LONGEST_CHOICE for choice in row.choices):
        found.append(never(_("A choice has at most %s characters.") % LONGEST_CHOICE, "choices"))
    if row.decimals > MOST_DECIMALS:
        found.append(never(_("At most %s decimals are kept.") % MOST_DECIMALS, "decimals"))
    if row.smallest is not None and row.largest is not None and row.smallest > row.largest:
        found.append(never(_("The smallest value is larger than the largest: check both."), "smallest"))
    if row.filtered and row.kind not in COLUMNS:
        found.append(never(_("A text of several lines does not filter: search finds its words."), "filtered"))
    return found


def _key_of(label: str, taken: set[str]) -> str:
    """Made once from the first label, so that a machine and an import know the field by it for good."""
    base = PREFIX + (re.sub(r"[^a-z0-9]+", "_", folded(label)).strip("_")[:30] or "field")
    key, n = base, 1
    while key in taken:
        n += 1
        key = f"{base}_{n}"
    return key


def _change(row: CustomField, name: str, old: Any, new: Any) -> Change:
    return Change(f"{row.type}.{row.key}.{name}", as_text(old), as_text(new), is_private(CustomField._meta.get_field(name)))  # type: ignore[arg-type]


def _tell(row: CustomField, verb: str, changes: list[Change], actor: Access, at: datetime, reason: str = "") -> None:
    """The event, and the stamp by which every process learns that the fields are others now."""
    organization = Organization.objects.select_for_update().get()
    organization.fields_stamp = secrets.token_hex(16)
    write_down(organization, verb, changes, actor.person, at, reason)
    refresh(organization.fields_stamp)


def _fill(row: CustomField) -> None:
    """The typed rows of the field as its definition now wants them: all that have a value, or none."""
    CustomValue.objects.filter(field_id=row.pk).delete()
    if row.retired_at is not None or not row.filtered:
        return
    records, field = Record.objects.filter(type=row.type).exclude(custom={}).only("pk", "custom"), field_of(row)
    batch: list[Any] = []
    for record in records.iterator(BATCH):
        batch.append(record)
        if len(batch) == BATCH:
            write_rows(batch, [field], fresh=True)
            batch = []
    write_rows(batch, [field], fresh=True)
