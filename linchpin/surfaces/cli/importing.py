"""`linchpin import`: a spreadsheet becomes records."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from linchpin.surfaces.cli.booting import acting, booted

TAKEN, REJECTED, UNUSABLE = 0, 3, 2
MOST_SHOWN = 50


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--type", "key", default="", help="What the rows become: nonconformity, action, concern … (default: what the profile says).")
@click.option("--profile", "profile_name", default="", help="A profile by name (shipped or saved), or a TOML file. Without one the columns are guessed.")
@click.option("--sheet", default="", help="The sheet to read (default: the one that fits).")
@click.option("--header-row", default=0, help="The row that names the columns (default: found by looking).")
@click.option("--as", "email", default="", help="Who brings it in, by e-mail (default: the system itself).")
@click.option("--unit", default="", help="Where records belong for which the file names no unit (default: the person's own).")
@click.option("--dry-run", is_flag=True, help="Only rehearse: say what would happen, and change nothing.")
@click.option("--all-or-none", is_flag=True, help="Take nothing if a single row cannot be taken.")
@click.option("--overwrite", is_flag=True, help="Also overwrite what people changed here since an earlier import.")
@click.option("--accept-guesses", is_flag=True, help="Do not ask: take what was guessed; cells that cannot be read are rejected one by one.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@booted
def import_(file: Path, key: str, profile_name: str, **options: Any) -> None:
    """Bring in a spreadsheet (.xlsx, .csv or .tsv), and say what became of every row.

    Rows that are here already (found by their own number) are updated or left as they are: the same file twice changes nothing
    the second time. Exits 0 when every row was taken, 3 when some were rejected, 2 when the file could not be used.

    \b
    Examples:
      linchpin import CAR-log.xlsx --type nonconformity --dry-run
      linchpin import CAR-log.xlsx --type nonconformity --accept-guesses --as daniel@example.org
      linchpin import findings.xlsx --profile fac-findings
      linchpin import actions.csv --profile ./our-actions.toml --all-or-none --json
    """
    from linchpin.exchange.bringing import bring_in

    actor = acting(options["email"])
    done = bring_in(
        file, key, profile_name, actor=actor, sheet=options["sheet"], header_row=options["header_row"], unit=options["unit"],
        dry_run=options["dry_run"], all_or_none=options["all_or_none"], overwrite=options["overwrite"], accept_guesses=options["accept_guesses"],
    )  # fmt: skip
    if done.questions:
        _ask(done.questions, options["as_json"])
        sys.exit(UNUSABLE)
    if options["as_json"]:
        click.echo(json.dumps(done.as_dict(), ensure_ascii=False))
    else:
        _tell(done)
    sys.exit(REJECTED if done.counts["rejected"] else TAKEN)


def _ask(questions: list[Any], as_json: bool) -> None:
    if as_json:
        asked = [{"about": q.about, "column": q.letter, "question": q.sentence, "options": list(q.options), "suggested": q.suggested} for q in questions]
        click.echo(json.dumps({"questions": asked}, ensure_ascii=False))
        return
    click.echo("The file cannot be understood without an answer to:", err=True)
    for question in questions[:MOST_SHOWN]:
        options = " / ".join(str(label) for _value, label in question.options[:12])
        likely = dict(question.options)[question.suggested] if question.suggested else ""
        click.echo(f"  {question.sentence} [{options}]" + (f" Likely: {likely}." if likely else ""), err=True)
    click.echo("Answer in a profile (--profile), or take the likely answers with --accept-guesses.", err=True)


def _tell(done: Any) -> None:
    counts = done.counts
    for warning in done.warnings:
        click.echo(f"Note: {warning}")
    if done.guessed:
        click.echo("Understood as: " + "; ".join(f"{header} → {field}" for header, field in done.guessed))
    verb = "would be " if done.dry_run else ""
    click.echo(
        f"{counts['rows']} rows: {counts['created']} {verb}created, {counts['updated']} {verb}updated, {counts['unchanged']} unchanged, "
        f"{counts['merged']} merged, {counts['rejected']} rejected, {counts['blank']} blank."
    )
    for letter, header, filled in done.left_out:
        click.echo(f"Left out: column {letter} “{header}” ({filled} cells).")
    for problem in done.errors[:MOST_SHOWN]:
        where = f"row {problem['row']}" + (f", column {problem['column']} “{problem['header']}”" if problem["column"] else "")
        click.echo(f"{where}: {problem['message']}" + ("" if problem["blocking"] else " (taken all the same)"))
    if len(done.errors) > MOST_SHOWN:
        click.echo(f"… and {len(done.errors) - MOST_SHOWN} more: see them all with --json.")
    if done.refused:
        click.echo(done.refused)
    elif not done.dry_run and counts["rejected"] < counts["rows"]:
        click.echo("Nothing has been sent to anyone.")
