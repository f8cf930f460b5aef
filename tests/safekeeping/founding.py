"""Founds Dunmallow Aero in the home that the environment names: every type in every state, with all that hangs on a record."""

from __future__ import annotations

import io

import django


def found() -> None:
    from django.core.management import call_command

    from linchpin.kernel import commands, trail
    from linchpin.kernel.commands.exceptions import decide
    from linchpin.kernel.commands.organizing import issue_token
    from linchpin.kernel.records.models import SavedView
    from linchpin.kernel.records.registry import all_types
    from tests.cast import gather
    from tests.contract.walking import walk_to

    call_command("migrate", verbosity=0, interactive=False)
    cast = gather()
    # once somebody may audit by a judgment, everybody else needs one
    for kind in sorted(all_types(), key=lambda kind: kind.key == "audit_competence"):
        for state in kind.lifecycle.states.values:
            walk_to(kind, state, cast)
    first, second = cast.problem(), cast.problem(title="Thread “M8” too shallow – 深さ", reference="CAR-17")
    commands.comment(first, "@Marek Zieliński please look", actor=cast.daniel)
    commands.link(first, second, "repeats", actor=cast.daniel)
    note = io.BytesIO(b"Lot 4410: 38 of 120 bodies\n")
    note.name, note.size = "count.txt", 27  # type: ignore[attr-defined]
    commands.attach(first, note, actor=cast.daniel)
    decide(next(duty for kind in all_types() for duty in kind.duties), "with_reason", actor=cast.maeve)
    issue_token(cast.daniel.person, "time clock", scopes=["read"], days=9, actor=cast.daniel)
    SavedView.objects.create(type="nonconformity", name="Ours", query="phase=open", owner=cast.daniel.person, shared=True)
    trail.seal_pending()


if __name__ == "__main__":
    django.setup()
    found()
