"""`linchpin init`, `linchpin password`, `linchpin token` and `linchpin doctor`."""

from __future__ import annotations

import os
import secrets
import sys

import click

from linchpin.surfaces.cli.booting import acting, boot, booted


@click.command()
@click.option("--organization", required=True, help="The organization's name.")
@click.option("--admin", required=True, help="E-mail of the first administrator.")
@click.option("--name", default="", help="The administrator's name (default: from the e-mail).")
@click.option("--country", default="", help="Two letters; decides public holidays, for example IE.")
@booted
def init(organization: str, admin: str, name: str, country: str) -> None:
    """Make an empty installation ready for use.

    The password of the first administrator is read from LINCHPIN_ADMIN_PASSWORD, else made up and printed once.

    \b
    Example:
      linchpin init --organization "Acme Castings" --admin anna@acme.example --name "Anna Berg" --country DE
    """
    from linchpin.kernel.commands.organizing import add_person, found_organization, grant
    from linchpin.kernel.commands.transaction import command
    from linchpin.kernel.people.models import Role

    password = os.environ.get("LINCHPIN_ADMIN_PASSWORD") or secrets.token_urlsafe(12)
    with command():
        system = found_organization(organization, country=country)
        root = system.person.unit
        values = {"name": name or admin.split("@")[0].replace(".", " ").title(), "email": admin, "unit": root}
        person = add_person(values, actor=system, password=password)
        for role in (Role.ADMINISTRATOR, Role.QUALITY_MANAGER):
            grant(person, role, root, actor=system)
    click.echo(f"{organization} is ready. {person.name} is administrator and quality manager.")
    if "LINCHPIN_ADMIN_PASSWORD" not in os.environ:
        click.echo(f"Sign in as {person.email} with this password, then change it: {password}")
    click.echo("Start it with: linchpin up")


@click.command()
@click.option("--for", "email", required=True, help="E-mail of the person.")
@booted
def password(email: str) -> None:
    """Set somebody's password: for whoever is locked out, and after an export was brought in.

    It is read from LINCHPIN_PASSWORD, else made up and printed once. The person is told in the product.

    \b
    Example:
      linchpin password --for anna@acme.example
    """
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from linchpin.kernel.commands.accounts import give_password

    person, given = acting(email).person, os.environ.get("LINCHPIN_PASSWORD", "")
    chosen = given or secrets.token_urlsafe(12)
    try:
        validate_password(chosen, person)
    except ValidationError as problem:
        raise click.ClickException(" ".join(problem.messages)) from problem
    give_password(person, chosen, actor=acting(""))
    click.echo(f"{person.name} signs in as {person.email} now" + ("." if given else f" with this password, then changes it: {chosen}"))


@click.command()
@click.option("--as", "email", required=True, help="Whose token it is: it may do what this person may.")
@click.option("--name", required=True, help="What it is for, for example “time clock”.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(["read", "write"]), default=("read",), show_default=True)
@click.option("--days", default=365, show_default=True, help="Valid for so many days.")
@booted
def token(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for the API. It is shown once.

    \b
    Example:
      linchpin token --as aoife@example.org --name "BI report" --scope read
    """
    from linchpin.kernel.commands.organizing import issue_token

    actor = acting(email)
    made, secret = issue_token(actor.person, name, scopes=scopes, days=days, actor=actor)
    click.echo(secret)
    click.echo(f"Valid until {made.expires_at:%Y-%m-%d} for {actor.person.name}; scopes: {', '.join(scopes)}.", err=True)


@click.command()
def doctor() -> None:
    """Look at the installation and say what is wrong with it, if anything. Exits 1 when something is.

    \b
    Example:
      linchpin doctor
    """
    boot(migrate=False)
    from linchpin.exchange.health import checks

    bad = 0
    for check in checks():
        click.echo(f"{'ok ' if check.ok else 'BAD'}  {check.name}: {check.sentence}")
        bad += not check.ok
    sys.exit(1 if bad else 0)
