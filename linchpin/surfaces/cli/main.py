"""The `linchpin` command."""

from __future__ import annotations

import click

from linchpin import __version__
from linchpin.surfaces.cli.bringing_in import bring_in
from linchpin.surfaces.cli.exporting import export
from linchpin.surfaces.cli.importing import import_
from linchpin.surfaces.cli.importing_documents import import_documents
from linchpin.surfaces.cli.installation import doctor, init, password, token
from linchpin.surfaces.cli.safekeeping import backup, restore, verify
from linchpin.surfaces.cli.serving import up, worker
from linchpin.surfaces.cli.showing import demo
from linchpin.surfaces.cli.studying import chart, study


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__)
def main() -> None:
    """Linchpin: the quality management system that leaders actually run.

    Everything of an installation lies in one folder, LINCHPIN_HOME (default: ./linchpin-home).

    \b
    First steps:
      linchpin demo && linchpin up                 look around the demo organization
      linchpin init --organization "Acme" --admin anna@acme.example
      linchpin up
    """


for command in (init, up, worker, bring_in, import_, import_documents, export, verify, backup, restore, demo, password, token, doctor, chart, study):
    main.add_command(command)
