"""Insert-only tables, by trigger, on both databases: whoever changes one must first take the trigger away."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

INSERT_ONLY = ("trail_event", "trail_seal", "trail_sealed")
TEXTS = "trail_eventtext"
ONLY_BLANKED = (
    "NEW.text IS NULL AND NEW.salt = '' AND NEW.id = OLD.id AND NEW.event_id = OLD.event_id AND NEW.place = OLD.place"
)
FUNCTION = """
CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The trail is insert-only: % on % is refused.', TG_OP, TG_TABLE_NAME; END $$
"""


def _sqlite() -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'The trail is insert-only.'); END"
    made = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}"
        for table in INSERT_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    made.append(f"CREATE TRIGGER {TEXTS}_no_delete BEFORE DELETE ON {TEXTS} {refuse}")
    return [*made, f"CREATE TRIGGER {TEXTS}_no_update BEFORE UPDATE ON {TEXTS} WHEN NOT ({ONLY_BLANKED}) {refuse}"]


def _postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION trail_refuse()"
    made = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {refuse}"
        for table in INSERT_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    made.append(f"CREATE TRIGGER {TEXTS}_no_delete BEFORE DELETE ON {TEXTS} FOR EACH ROW {refuse}")
    made.append(
        f"CREATE TRIGGER {TEXTS}_no_update BEFORE UPDATE ON {TEXTS} FOR EACH ROW WHEN (NOT ({ONLY_BLANKED})) {refuse}"
    )
    return [
        FUNCTION,
        *made,
        *(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
            for table in (*INSERT_ONLY, TEXTS)
        ),
    ]


def _names() -> list[tuple[str, str]]:
    verbs = ("update", "delete", "truncate")
    return [(table, f"{table}_no_{verb}") for table in (*INSERT_ONLY, TEXTS) for verb in verbs]


def guard(_apps: Any, editor: Any) -> None:
    for statement in _postgresql() if editor.connection.vendor == "postgresql" else _sqlite():
        editor.execute(statement, params=None)


def unguard(_apps: Any, editor: Any) -> None:
    on_postgresql = editor.connection.vendor == "postgresql"
    for table, name in _names():
        editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on_postgresql else ""), params=None)
    if on_postgresql:
        editor.execute("DROP FUNCTION trail_refuse()", params=None)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("trail", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(guard, unguard)]
