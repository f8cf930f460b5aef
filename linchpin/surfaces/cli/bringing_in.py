"""`linchpin bring-in`: a whole folder at once, as the first hour does it in the browser."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from linchpin.surfaces.cli.booting import acting, booted

TAKEN, UNUSABLE, SOME_LEFT_OUT = 0, 2, 3


@click.command("bring-in")
@click.argument("paths", nargs=-1, required=True, metavar="FOLDER...", type=click.Path(exists=True, path_type=Path))
@click.option("--as", "email", default="", help="Who brings it in, by e-mail (default: the system itself).")
@click.option("--dry-run", is_flag=True, help="Only rehearse: say what each file is and would become, and change nothing.")
@click.option("--yes", is_flag=True, help="Take over without asking.")
@click.option("--accept-guesses", is_flag=True, help="Take the likely answer where a table asks something; cells it does not fit are rejected one by one.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@booted
def bring_in(paths: tuple[Path, ...], email: str, dry_run: bool, yes: bool, accept_guesses: bool, as_json: bool) -> None:
    """Bring in everything that lies in a folder: a list of people, problem logs, action lists, documents.

    What each file is, is found out by its content, as in the browser. First all of it is rehearsed and told; then you are asked, and it is
    taken over in the order in which one thing needs another. A file that asks something is left where it is. At the end stand at most five
    things that the files say about themselves. Exits 0 when every file was taken, 3 when some were not, 2 when nothing could be used.

    \b
    Examples:
      linchpin bring-in ./from-the-old-system --dry-run
      linchpin bring-in ./from-the-old-system --as daniel@example.org
      linchpin bring-in people.xlsx CAR-log.xlsx --yes --accept-guesses --json
    """
    from linchpin.exchange.arrivals.describing import described
    from linchpin.exchange.arrivals.receiving_many import new_arrival, receive_files, take_guesses, throw_away

    actor = acting(email)
    arrival = new_arrival(actor)
    try:
        landed = receive_files(arrival, _read(paths), actor=actor)
        for file in arrival.files.select_related("source__unit", "source__person") if accept_guesses else ():
            take_guesses(file, actor=actor)
        found = described(arrival, actor=actor)
        _tell_rehearsal(found) if not as_json else None
        wanted = bool(landed and not dry_run and found["ready"]) and (yes or _agreed(found["ready"]))
    except BaseException:
        throw_away(arrival)
        raise
    if wanted:
        _take_over(arrival, actor, as_json)
        found = described(arrival, actor=actor)
        _tell_result(found) if not as_json else None
    else:
        throw_away(arrival)
        click.echo("Nothing was taken over, and nothing was changed.") if not as_json else None
    if as_json:
        click.echo(json.dumps(found | {"taken_over": wanted, "dry_run": dry_run}, ensure_ascii=False))
    sys.exit(_code(found, wanted, dry_run))


def _read(paths: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    from linchpin.exchange.documents.bringing import files_of

    for path in paths:
        if path.is_dir():
            yield from files_of(path)
        else:
            yield path.name, path.read_bytes()


def _agreed(ready: int) -> bool:
    if not sys.stdin.isatty():
        click.echo("Say --yes to take it over.", err=True)
        return False
    return click.confirm(f"Take over {ready} {'file' if ready == 1 else 'files'}?")


def _take_over(arrival: Any, actor: Any, quietly: bool) -> None:
    from linchpin.exchange.arrivals.taking_over import take_over, takeable

    def say(number: int, of: int, name: str) -> None:
        click.echo(f"  {number + 1} of {of}: {name}", err=True) if not quietly else None

    take_over(arrival, takeable(arrival), actor=actor, say=say)


def _tell_rehearsal(found: dict[str, Any]) -> None:
    for file in found["files"]:
        click.echo(f"{file['name']} → {_becomes(file)}")
        for sentence in (*file["asked"], *file["remarks"], file["wrong"]):
            if sentence:
                click.echo(f"    {sentence}")
    if found["who"]:
        click.echo(f"{len(found['who'])} names are not surely anybody here, for example: " + ", ".join(f"{q['text']} ({q['rows']})" for q in found["who"][:8]))
    click.echo(f"{found['ready']} of {len(found['files'])} files can be taken over. Nothing has been sent to anyone.")


def _becomes(file: dict[str, Any]) -> str:
    from linchpin.kernel.records.registry import get_type, has_type

    key, counts = file["becomes"], file["counts"]
    if not key:
        return "not known: say what it is in the browser" if not file["wrong"] else "cannot be read"
    if key in ("documents", "kept"):
        return "a document" if key == "documents" else "kept as it came"
    rows = counts.get("new", 0) + counts.get("changed", 0) + counts.get("unchanged", 0) + file["rows_for_others"]
    what = "people" if key == "people" else get_type(key).plural().lower() if has_type(key) else key
    parts = [f"{rows} {what}", f"{file['understood']} of {file['columns']} columns understood"]
    rejected = counts.get("rejected", 0) - file["rows_for_others"]
    parts += [f"{rejected} rows cannot be taken"] if rejected > 0 else []
    parts += [f"{file['rows_for_others']} rows belong to records of other files"] if file["rows_for_others"] else []
    parts += ["waits for an answer"] if file["held"] else ["waits for a file that waits for an answer"] if file["waits_for_a_file"] else []
    return ", ".join(parts)


def _tell_result(found: dict[str, Any]) -> None:
    from linchpin.kernel.records.registry import get_type

    for file in found["files"]:
        if file["state"] == "taken":
            counts = ", ".join(f"{n} {name}" for name, n in file["counts"].items() if n and name in ("new", "changed", "unchanged", "rejected"))
            click.echo(f"Taken over: {file['name']}" + (f" ({counts})" if counts else ""))
        elif file["becomes"] != "kept":
            click.echo(f"Not taken: {file['name']}" + (f": {file['wrong']}" if file["wrong"] else ""))
    click.echo("What your own files told you:" if found["findings"] else "Nothing stands out in your own files.")
    for number, one in enumerate(found["findings"], 1):
        what = [f"lines of {c['lines_of']}" if c["lines_of"] else get_type(c["type"]).plural().lower() for c in one["counted"]]
        of = "; ".join(f"{c['n']} of {c['among']} {name}" for c, name in zip(one["counted"], what, strict=True))
        click.echo(f"  {number}. {one['title']}: {of}. {one['says']}")
    click.echo("Nothing has been sent to anyone.")


def _code(found: dict[str, Any], wanted: bool, dry_run: bool) -> int:
    files = [file for file in found["files"] if file["becomes"] != "kept"]
    if not files or not (wanted or dry_run):
        return UNUSABLE
    left = [f for f in files if f["held"] or f["wrong"] or (wanted and f["state"] != "taken") or (f["counts"].get("rejected", 0) > f["rows_for_others"])]
    return SOME_LEFT_OUT if left else TAKEN
