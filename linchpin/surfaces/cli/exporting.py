"""`linchpin export`: one register as a table, or everything as one archive."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import click

from linchpin.surfaces.cli.booting import acting, booted


@click.command()
@click.option("--type", "key", default="", help="The register, for example nonconformity. Without it: everything, as one archive.")
@click.option("--format", "ending", type=click.Choice(["csv", "xlsx", "jsonl"]), help="Of a register (default: what the file's name ends with, else csv).")
@click.option("--filter", "filters", multiple=True, metavar="NAME=VALUE", help="As in the register's address; may be given several times.")
@click.option("--sort", default="-number", show_default=True, help="As in the register's address; a minus before it turns it around.")
@click.option("--as", "email", default="", help="Whose register: what this person may see (default: all records).")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write; “-” is standard output.")
@booted
def export(key: str, ending: str | None, filters: tuple[str, ...], sort: str, email: str, output: Path) -> None:
    """Write a register as a table, or everything there is as an archive that goes into an empty Linchpin.

    \b
    Examples:
      linchpin export --type nonconformity --filter severity=major --filter phase=open -o open-majors.xlsx
      linchpin export --type action --as marek@example.org --format jsonl -o -
      linchpin export -o everything.zip
    """
    if not key:
        if ending or filters or email:
            raise click.UsageError("--format, --filter and --as are for one register: name it with --type.")
        _everything(output)
        return
    _register(key, ending or output.suffix.removeprefix("."), _chosen(filters), sort, email, output)


def _everything(output: Path) -> None:
    from linchpin.exchange.archive import write_archive

    acting("")
    made = write_archive(output)
    click.echo(f"{made.path}: {made.events} events, {made.rows} rows, {made.files} files, {made.size / 1e6:.1f} MB, verified.")


def _register(key: str, ending: str, chosen: dict[str, list[str]], sort: str, email: str, output: Path) -> None:
    from linchpin.exchange.whole_files import written_whole
    from linchpin.exchange.writing_out import TYPES_OF_FILE, write_register
    from linchpin.kernel.records.listing import Asked
    from linchpin.kernel.records.registry import all_types, get_type, has_type

    if not has_type(key):
        raise click.ClickException(f"There is no register “{key}”. There are: {', '.join(t.key for t in all_types())}.")
    kind = ending if ending in TYPES_OF_FILE else "csv"
    access, asked = acting(email), Asked(chosen, sort)
    if str(output) == "-":
        write_register(get_type(key), asked, access, kind, sys.stdout.buffer)
        return
    with written_whole(output) as out:
        count = write_register(get_type(key), asked, access, kind, out)
    click.echo(f"{output}: {count} records.")


def _chosen(filters: tuple[str, ...]) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = defaultdict(list)
    for given in filters:
        name, equals, value = given.partition("=")
        if not equals:
            raise click.UsageError(f"Write a filter as NAME=VALUE, not as “{given}”.")
        chosen[name].append(value)
    return dict(chosen)
