"""`linchpin verify`, `linchpin backup` and `linchpin restore`."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import click

from linchpin.surfaces.cli.booting import boot, booted


@click.command()
@click.option("--export", "export", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Verify an export file, without the installation.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def verify(export: Path | None, as_json: bool) -> None:
    """Verify the trail: every event, every seal, every head. Exits 0 when it is whole, 1 at the first fault.

    \b
    Examples:
      linchpin verify
      linchpin verify --json
      linchpin verify --export linchpin-export.zip
    """
    if export is not None:
        from linchpin.kernel.trail.core import verify_export

        answer = verify_export(export)
    else:
        boot()
        from linchpin.kernel import trail

        answer = trail.verify()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(answer), ensure_ascii=False, default=str))
    else:
        click.echo(f"{answer.events} events, {answer.seals} seals: " + ("the trail is whole." if answer.ok else answer.first_fault["sentence"]))
    sys.exit(0 if answer.ok else 1)


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write (default: into the home's backups folder).")
@booted
def backup(output: Path | None) -> None:
    """Back up database, files and keys into one file, while everything runs; the copy is verified.

    \b
    Example:
      linchpin backup -o /mnt/backups/linchpin.zip
    """
    from linchpin.exchange.safekeeping import back_up

    made = back_up(output)
    click.echo(f"{made.path}: {made.events} events, {made.files} files, {made.size / 1e6:.1f} MB, verified.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what this home holds now (it is kept beside it).")
def restore(file: Path, replace: bool) -> None:
    """Restore a backup into this home, then verify it.

    \b
    Example:
      LINCHPIN_HOME=/srv/linchpin linchpin restore linchpin.zip
    """
    boot(migrate=False)
    from linchpin.exchange.safekeeping import restore as restore_into
    from linchpin.surfaces.cli.booting import refusals_as_sentences

    with refusals_as_sentences():
        made = restore_into(file, replace=replace)
    click.echo(f"Restored: {made.events} events, {made.files} files, verified.")
