"""Which language a person is spoken to in, where no request says so."""

from __future__ import annotations

from django.conf import settings

from linchpin.kernel.people.models import Person


def language_of(person: Person) -> str:
    """Their own choice, else that of their unit, else that of the house."""
    return person.language or person.unit.language or str(settings.LANGUAGE_CODE)
