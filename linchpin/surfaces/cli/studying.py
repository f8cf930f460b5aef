"""`linchpin chart` and `linchpin study`: statistics on a spreadsheet, without an installation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

KINDS = ("xmr", "xbar-r", "xbar-s", "p", "np", "c", "u", "p-prime", "u-prime", "ewma", "cusum", "g", "t", "run")
STUDIES = ("grr", "capability", "survey", "effect", "means", "pareto", "trend", "change-points", "agreement")
UNUSABLE = 2

Command = Callable[..., Any]


def reading_options(command: Command) -> Command:
    """Options that say which rows of which sheet to read, and how to answer."""
    for option in (
        click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only these rows; may be given several times."),
        click.option("--sheet", default="", help="The sheet of an .xlsx file (default: the first)."),
        click.option("--header-row", default=0, help="The row that names the columns (default: the first that is not empty)."),
        click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON."),
        click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Draw a picture: .svg, .png, or .json for its specification."),
        click.option("--theme", type=click.Choice(["light", "dark", "print"]), default="light", help="Colors of the picture."),
        click.option("--unit", default="", help="Unit of the values, for the picture."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="The kind of chart.")
@click.option("--value", "value", multiple=True, required=True, help="Column of the values or counts. Several: each row is a subgroup of them.")
@click.option("--size", default="", help="Column of the sizes, or one number for all (p, np, u charts).")
@click.option("--subgroup", default="", help="Column that names the subgroup of each value (xbar charts).")
@click.option("--label", default="", help="Column to name the points by, such as the month.")
@click.option("--baseline", type=int, help="Estimate the limits from the first so many points, and judge the rest by them.")
@click.option("--stage", type=int, multiple=True, help="Number of the point with which a new stage begins.")
@click.option("--exclude", type=int, multiple=True, help="Number of a point to leave out of the estimate; it is still shown and judged.")
@click.option("--rules", default=None, help="process-behavior, attribute, limits, western-electric, nelson or none; anhoej or perla for run charts.")
@click.option("--constants", "constants_as", type=click.Choice(["exact", "table"]), default="exact", help="Exact constants, or rounded as printed in books.")
@click.option("--exact-limits", is_flag=True, help="Limits by the binomial, Poisson or geometric distribution instead of 3 sigma (p, np, c, u, g).")
@click.option("--target", type=float, help="Target (ewma, cusum); estimated without one.")
@click.option("--sigma", type=float, help="Standard deviation of a point (ewma, cusum); estimated without one.")
@click.option("--weight", type=float, default=0.2, show_default=True, help="Weight of the newest point (ewma).")
@reading_options
def chart(file: Path, **options: Any) -> None:
    """Draw a control chart of a .csv, .tsv or .xlsx file, and say what it signals.

    \b
    Examples:
      linchpin chart complaints.csv --kind xmr --value days --label month
      linchpin chart rings.csv --kind xbar-r --value diameter --subgroup sample --baseline 25 -o rings.svg
      linchpin chart juice.xlsx --kind p --value defective --size inspected --where trial=TRUE --json
    """
    from linchpin.surfaces.cli.charting import chart_of, picture_of

    with sentences(file):
        from linchpin.surfaces.cli.columns import columns_of

        columns = columns_of(file, sheet=options["sheet"], header_row=options["header_row"]).where(options["where"])
        with placed(columns, options["value"][0]):
            found, labels = chart_of(columns, options)
        if options["output"]:
            draw(picture_of(found, labels, options), options)
        answer(found, options)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(STUDIES), required=True, help="The kind of study.")
@click.option("--value", "value", multiple=True, required=True, help="Column of the values. Survey: several item columns, or a beginning such as LEAD*.")
@click.option("--subgroup", default="", help="Column of the subgroups (capability).")
@click.option("--lower", type=float, help="Lower specification limit.")
@click.option("--upper", type=float, help="Upper specification limit.")
@click.option("--target", type=float, help="Target value.")
@click.option("--part", default="", help="Column of the parts (grr, agreement).")
@click.option("--appraiser", default="", help="Column of the appraisers (grr, agreement).")
@click.option("--reference", default="", help="Column of the right answer (agreement).")
@click.option("--tolerance", type=float, help="Width of the tolerance (grr).")
@click.option("--method", type=click.Choice(["anova", "range"]), default="anova", help="Analysis of variance, or averages and ranges (grr).")
@click.option("--pool-above", type=float, default=0.25, show_default=True, help="Pool the interaction when its p exceeds this (grr).")
@click.option("--group", default="", help="Column of the groups (survey, means).")
@click.option("--scale", default="1-5", show_default=True, help="Lowest and highest answer (survey).")
@click.option("--reverse", multiple=True, help="Item column that is worded the other way round (survey).")
@click.option("--least", type=int, default=5, show_default=True, help="Fewest answers of which anything is shown (survey).")
@click.option("--start", type=int, help="Number of the first point after the change (effect).")
@click.option("--phase", default="", help="Column whose value changes with the change (effect).")
@click.option("--exposure", default="", help="Column of the exposure of counts (effect).")
@click.option("--comparison", default="", help="Column of a series that did not change (effect).")
@click.option("--log", is_flag=True, help="Analyze logarithms: the effect is a ratio (effect).")
@click.option("--season", type=int, help="Points in a season, for two pairs of harmonics (effect).")
@click.option("--amount", default="", help="Column of the amounts; without it each row counts once (pareto).")
@reading_options
def study(file: Path, **options: Any) -> None:
    """Study a .csv, .tsv or .xlsx file, and say in words and figures what it shows.

    \b
    Examples:
      linchpin study bolts.csv --kind capability --value diameter --lower 9.5 --upper 10.5
      linchpin study gauge.csv --kind grr --value reading --part part --appraiser who --tolerance 8
      linchpin study climate.csv --kind survey --value "LEAD*" --group unit --json
      linchpin study infections.csv --kind effect --value cases --exposure days --phase period -o effect.svg
    """
    from linchpin.surfaces.cli.studies import study_of

    with sentences(file):
        from linchpin.surfaces.cli.columns import columns_of

        columns = columns_of(file, sheet=options["sheet"], header_row=options["header_row"]).where(options["where"])
        with placed(columns, options["value"][0]):
            found = study_of(columns, options)
        if options["output"]:
            if found.picture is None:
                raise click.UsageError(f"There is no picture of a {options['kind']} study.")
            draw(found.picture, options)
        answer(found, options)


def answer(found: Any, options: dict[str, Any]) -> None:
    """Figures as JSON, or sentences."""
    from linchpin.statistics import plain

    if options["as_json"]:
        click.echo(json.dumps(plain(found), ensure_ascii=False, allow_nan=False))
        return
    for line in found.lines():
        click.echo(line)


def draw(picture: Any, options: dict[str, Any]) -> None:
    """The picture as the file whose ending says what is wanted."""
    from linchpin.charts import config, png, svg

    output: Path = options["output"]
    if output.suffix == ".svg":
        output.write_text(svg(picture, options["theme"]), encoding="utf-8")
    elif output.suffix == ".png":
        output.write_bytes(png(picture, options["theme"]))
    elif output.suffix == ".json":
        output.write_text(json.dumps(picture.spec | {"config": config(options["theme"])}, ensure_ascii=False, indent=1), encoding="utf-8")
    else:
        raise click.UsageError(f"“{output.name}” must end with .svg, .png or .json.")


@contextmanager
def sentences(file: Path) -> Iterator[None]:
    """What cannot be read or computed ends the command with a sentence and exit code 2. Django serves here for its translations only."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from linchpin.kernel.records.refusals import Refused
    from linchpin.statistics import DataRefused
    from linchpin.surfaces.cli.columns import Unusable

    try:
        yield
    except (Unusable, DataRefused) as error:
        click.echo(f"{file.name}: {error}", err=True)
        sys.exit(UNUSABLE)
    except Refused as refused:
        click.echo(f"{file.name}: {' '.join(refusal.sentence for refusal in refused.refusals)}", err=True)
        sys.exit(UNUSABLE)


@contextmanager
def placed(columns: Any, name: str) -> Iterator[None]:
    """Adds to a refusal of one value the row of the file that holds it."""
    from linchpin.statistics import DataRefused
    from linchpin.surfaces.cli.columns import Unusable

    try:
        yield
    except DataRefused as refused:
        if refused.row is None or not 1 <= refused.row <= len(columns):
            raise
        raise Unusable(f"Row {columns.numbers[refused.row - 1]}, column “{name}”: {refused.sentence}") from refused
