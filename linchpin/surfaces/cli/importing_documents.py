"""`linchpin import-documents`: a folder of documents becomes the master list."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from linchpin.surfaces.cli.booting import acting, booted

TAKEN, SOME_LEFT_OUT, UNUSABLE = 0, 3, 2


@click.command("import-documents")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--as", "email", default="", help="Who brings them in, by e-mail (default: the system itself).")
@click.option("--unit", default="", help="The unit they belong to, by name (default: the person's own).")
@click.option("--dry-run", is_flag=True, help="Only say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@booted
def import_documents(folder: Path, email: str, unit: str, dry_run: bool, as_json: bool) -> None:
    """Bring in a folder of documents: Markdown, Word, PDF, Excel, PowerPoint, pictures.

    Number, title, revision, author, reviewers, status and date are read from the lines between --- at the top of a Markdown file,
    else from its first heading and its name. Documents that are here already, by number, are left as they are; where the text is
    new, it waits as a draft. Nobody is told. Exits 0 when everything was taken, 3 when something was left out.

    \b
    Examples:
      linchpin import-documents ./qms --dry-run
      linchpin import-documents ./qms --as grace@example.org --unit Quality
    """
    from linchpin.exchange.documents.bringing import bring_in_documents, files_of
    from linchpin.kernel.people.models import Unit

    actor = acting(email)
    where = Unit.objects.filter(name__iexact=unit).first() if unit else None
    if unit and where is None:
        click.echo(f"There is no unit “{unit}”: give its name as in the product.", err=True)
        sys.exit(UNUSABLE)
    rows = bring_in_documents(files_of(folder), actor=actor, unit=where, dry_run=dry_run)
    counts = Counter(row.outcome for row in rows)
    if as_json:
        click.echo(json.dumps({"counts": dict(counts), "files": [row.as_dict() for row in rows], "dry_run": dry_run}, ensure_ascii=False))
    else:
        verb = "would be " if dry_run else ""
        click.echo(
            f"{len(rows)} files: {counts['created']} {verb}created, {counts['revised']} with a new text, {counts['unchanged']} unchanged, "
            f"{counts['left_out']} left out."
        )
        for row in rows:
            if row.said:
                click.echo(f"  {row.path}: {row.said}")
        click.echo("Nothing has been sent to anyone.")
    sys.exit(SOME_LEFT_OUT if counts["left_out"] else TAKEN)
