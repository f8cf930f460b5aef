"""Bringing Django up for a command, with the database at the newest migration."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def boot(*, migrate: bool = True) -> None:
    """Set Django up; unless told otherwise bring the database to the newest migration first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linchpin.config.settings")
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """A refusal ends the command with its sentences on the error stream and exit code 2, never with a traceback."""
    from linchpin.kernel.records.refusals import Refused

    try:
        yield
    except Refused as refused:
        for refusal in refused.refusals:
            click.echo(refusal.sentence, err=True)
        sys.exit(2)


@contextmanager
def damage_as_a_sentence() -> Iterator[None]:
    """A database that does not answer or cannot be read ends the command with a sentence and exit code 2."""
    from django.db import DatabaseError, OperationalError

    try:
        yield
    except OperationalError as problem:
        click.echo(f"The database does not answer: {str(problem).strip()}", err=True)
        sys.exit(2)
    except DatabaseError as problem:
        click.echo(f"The database cannot be read: {problem}. Put a backup back with “linchpin restore FILE --replace”.", err=True)
        sys.exit(2)


def booted(command: Command) -> Command:
    """Decorator of a command that works on an installation."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with damage_as_a_sentence():
            boot()
        with refusals_as_sentences():
            return command(*args, **kwargs)

    return cast(Command, wrapper)


def acting(email: str) -> Any:
    """The access of the person with that e-mail; without one, of the system. Ends the command when there is nobody."""
    from linchpin.kernel.commands.settling import system_access
    from linchpin.kernel.people.grants import access_of
    from linchpin.kernel.people.models import Organization, Person

    if not Organization.objects.exists():
        raise click.ClickException("There is no organization here yet: run “linchpin init” or “linchpin demo” first.")
    if not email:
        return system_access()
    person = Person.objects.select_related("unit").filter(email=email.lower()).first()
    if person is None:
        raise click.ClickException(f"Nobody here has the e-mail {email}.")
    return access_of(person)
