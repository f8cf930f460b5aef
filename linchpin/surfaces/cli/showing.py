"""`linchpin demo`: the demonstration, loaded and removed."""

from __future__ import annotations

import time

import click

from linchpin.surfaces.cli.booting import booted


@click.command()
@click.option("--remove", is_flag=True, help="Remove the demonstration wholly: database, files, keys and mail.")
@click.option("--yes", is_flag=True, help="Remove it without asking.")
@booted
def demo(remove: bool, yes: bool) -> None:
    """Load the demonstration, an aerospace supplier with two years of work behind it, or remove it again.

    \b
    Examples:
      linchpin demo && linchpin up
      linchpin demo --remove
    """
    _remove(yes) if remove else _load()


def _load() -> None:
    from linchpin.demonstration.loading import load
    from linchpin.kernel.people.models import Organization, Person
    from linchpin.kernel.records.models import Record
    from linchpin.kernel.records.registry import all_types

    began = time.monotonic()
    click.echo("Two years are being played, as if today were their end. This takes less than a minute.")
    load()
    counts = [(t.plural().lower(), Record.objects.filter(type=t.key)) for t in all_types() if t.listed]
    people = Person.objects.filter(state=Person.State.ACTIVE, employment__in=("employee", "agency")).count()
    made = ", ".join(f"{rows.count()} {name} ({rows.open().count()} open)" for name, rows in counts)
    click.echo(f"{Organization.objects.get().name} is there after {time.monotonic() - began:.0f} s: {people} people, {made}.")
    click.echo("Everybody's password is “linchpin”. Start it with “linchpin up”, then open http://localhost:8000 and choose who you are.")
    click.echo("When you have seen enough: linchpin demo --remove")


def _remove(yes: bool) -> None:
    from linchpin.demonstration.removing import remove

    if not yes:
        click.confirm("Database, files, keys and mail of this demonstration are removed for ever. Go on?", abort=True)
    remove()
    click.echo("The demonstration is gone. Start your own with “linchpin init”.")
