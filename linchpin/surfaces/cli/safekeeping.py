"""`linchpin verify`, `linchpin backup` and `linchpin restore`."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import click

from linchpin.surfaces.cli.booting import boot, booted, refusals_as_sentences

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--export", "export", type=EXISTING, help="Verify an export file, without the installation.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--keep", type=click.Path(dir_okay=False, path_type=Path), help="Write the newest seal into this file, to be kept outside (“-”: print it).")
@click.option("--held", type=EXISTING, help="Check against a seal that was kept outside.")
def verify(export: Path | None, as_json: bool, keep: Path | None, held: Path | None) -> None:
    """Verify the trail: every event, every seal, every head. Exits 0 when it is whole, 1 at the first fault.

    Whoever owns the whole machine can put back or rewrite the whole database. A seal that is held elsewhere (a file, an
    e-mail to the auditor) shows that too: write it with --keep, and later check against it with --held.

    \b
    Examples:
      linchpin verify --json
      linchpin verify --keep /media/stick/seal.json
      linchpin verify --held /media/stick/seal.json
      linchpin verify --export linchpin-export.zip --held seal.json
    """
    seal = _held(held)
    answer = _of_export(export, seal) if export else _of_installation(seal)
    if keep:
        if export:
            raise click.UsageError("--keep writes the seal of an installation, not of an export.")
        _keep(keep, answer.ok)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(answer), ensure_ascii=False, default=str))
    elif str(keep) != "-" or not answer.ok:
        click.echo(f"{answer.events} events, {answer.seals} seals: " + ("the trail is whole." if answer.ok else answer.first_fault["sentence"]))
        if answer.ok and answer.erased:
            click.echo(f"{answer.erased} private texts were purged or erased lawfully, each told by an event.")
        if export and not held:
            click.echo(f"The seals are signed by {', '.join(answer.held_by) or 'nobody'}: compare this key with the one you were given.", err=True)
    sys.exit(0 if answer.ok else 1)


def _of_export(path: Path, seal: dict[str, Any] | None) -> Any:
    from linchpin.kernel.trail.core import verify_export

    try:
        return verify_export(path, held_by=seal["key"] if seal else None, held=(seal["number"], seal["hash"]) if seal else None)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem


def _of_installation(seal: dict[str, Any] | None) -> Any:
    boot()
    from linchpin.kernel import trail
    from linchpin.kernel.trail.models import Event

    if not Event.objects.exists():
        from django.conf import settings

        raise click.ClickException(f"There is nothing to verify in {settings.HOME}: no event was ever written here. Is LINCHPIN_HOME right?")
    return trail.verify(held=(seal["number"], seal["hash"]) if seal else None)


def _held(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {"number": int(told["number"]), "hash": str(told["hash"]), "key": str(told["key"])}
    except (ValueError, KeyError, TypeError) as problem:
        raise click.ClickException(f"{path} is not a seal that “linchpin verify --keep” wrote.") from problem


def _keep(path: Path, whole: bool) -> None:
    """Write the newest seal down; never that of a trail which is not whole."""
    from linchpin.exchange.whole_files import written_whole
    from linchpin.kernel.trail import newest_seal

    if not whole:
        click.echo("The seal was not written: the trail is not whole.", err=True)
        return
    text = json.dumps(newest_seal(), ensure_ascii=False, indent=1) + "\n"
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    with refusals_as_sentences(), written_whole(path) as out:
        out.write(text.encode())


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write, or the folder (default: the home's folder “backups”).")
@booted
def backup(output: Path | None) -> None:
    """Back up database, files and keys into one file, while everything runs; the copy is verified.

    It holds everything, keys and passwords' hashes too: keep it as safe as the installation. When something was erased
    lawfully, erasures.jsonl beside it says what an older backup must forget again: keep it with the backups.

    \b
    Example:
      linchpin backup -o /mnt/backups/
    """
    from linchpin.exchange.safekeeping import back_up

    made = back_up(output)
    click.echo(f"{made.path}: {made.events} events, {made.files} files, {made.size / 1e6:.1f} MB" + ("" if made.fault else ", verified") + ".")
    _end_with(made.fault, "The backup was written, but the trail in it is not whole")


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--replace", is_flag=True, help="Replace what this home holds now (it is kept beside it).")
def restore(file: Path, replace: bool) -> None:
    """Restore a backup, or bring in a full export, into this home, then verify it. Stop Linchpin first.

    \b
    Examples:
      LINCHPIN_HOME=/srv/linchpin linchpin restore linchpin-2026-11-02T101400Z.zip
      LINCHPIN_HOME=/srv/other LINCHPIN_DATABASE_URL=postgresql:///linchpin linchpin restore linchpin-export.zip
    """
    boot(migrate=False)
    from linchpin.exchange.safekeeping import restore as restore_into

    with refusals_as_sentences():
        made = restore_into(file, replace=replace)
    click.echo(f"Restored: {made.events} events, {made.files} files" + ("" if made.fault else ", verified") + ".")
    if made.erased_again:
        click.echo(f"{made.erased_again} texts that had been erased since were erased again.")
    if made.kept:
        click.echo(f"What stood here before is kept in {made.kept}.")
    if made.kind == "linchpin-export":
        click.echo("Passwords do not travel: set one with “linchpin password --for E-MAIL”.")
    _end_with(made.fault, "It was restored as it was saved: the trail was not whole then")


def _end_with(fault: str, sentence: str) -> None:
    if fault:
        click.echo(f"{sentence}: {fault}", err=True)
        sys.exit(1)
