"""The full-text index: FTS5 on SQLite, a weighted tsvector on PostgreSQL."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE search_text USING fts5(title, body, tokenize='unicode61 remove_diacritics 2', prefix='3 4')"
POSTGRESQL = (
    "CREATE TABLE search_text (record_id bigint PRIMARY KEY REFERENCES records_record (id) DEFERRABLE INITIALLY DEFERRED, "
    "words tsvector NOT NULL)",
    "CREATE INDEX search_text_words ON search_text USING gin (words)",
)


def make(apps: Any, schema_editor: Any) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else (SQLITE,)
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE search_text")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("records", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(make, drop)]
