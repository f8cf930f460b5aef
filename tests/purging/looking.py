"""Whether a text is still anywhere in the database."""

from __future__ import annotations

from django.db import connection


def tables_with(text: str) -> list[str]:
    """The tables in which the text stands, in whatever column and case."""
    found, wanted = [], text.casefold()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("search_text_"):
                continue  # what its index holds of deleted rows goes with the sweep at the commit
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(wanted in str(row).casefold() for row in cursor.fetchall()):
                found.append(table)
    return found
