"""`linchpin demo`: the demonstration, loaded and removed."""

from __future__ import annotations

import time
from pathlib import Path

import click

from linchpin.surfaces.cli.booting import booted


@click.command()
@click.option("--pack", default="dunmallow", metavar="NAME", help="Whom to show: dunmallow (240 people, the default) or hollin (six).")
@click.option("--remove", is_flag=True, help="Remove the demonstration wholly: database, files, keys and mail.")
@click.option("--yes", is_flag=True, help="Remove it without asking.")
@click.option("--percent", type=click.Path(path_type=Path), hidden=True, help="A file that says, while it is loaded, how much of it is.")
@booted
def demo(pack: str, remove: bool, yes: bool, percent: Path | None) -> None:
    """Load a demonstration, or remove it again: an aerospace supplier of 240 with two years of work behind it, or a firm of six.

    \b
    Examples:
      linchpin demo && linchpin up
      linchpin demo --pack hollin
      linchpin demo --remove
    """
    _remove(yes) if remove else _load(pack, percent)


def _load(pack: str, percent: Path | None) -> None:
    from linchpin.demonstration.loading import load
    from linchpin.demonstration.packs import PACKS
    from linchpin.kernel.people.models import Organization, Person
    from linchpin.kernel.records.models import Record
    from linchpin.kernel.records.registry import all_types

    if pack not in PACKS:
        raise click.BadParameter(f"There is no such demonstration: choose one of {', '.join(PACKS)}.", param_hint="--pack")
    began = time.monotonic()
    click.echo(PACKS[pack].said)
    load(pack, passed=(lambda n: percent.write_text(str(n))) if percent else lambda _n: 0)
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
