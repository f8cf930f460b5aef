"""The limit of the register page: one view by hand, raw SQL and an f-string, the same HTML, the same session and units.

Run as a WSGI application of its own. The page around the rows is the real one, taken once from the product (BENCH_PAGE).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linchpin.config.settings")
import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

HEAD, TAIL = json.loads(Path(os.environ["BENCH_PAGE"]).read_text())
LABELS: dict[str, dict[str, str]] = json.loads(os.environ["BENCH_LABELS"])
STATIONS = json.loads(os.environ["BENCH_STATIONS"])
Start = Any

GRANTED = "SELECT u.path FROM people_grant g JOIN people_unit u ON u.id = g.unit_id WHERE g.person_id = %s"
UNDER = "SELECT id FROM people_unit WHERE path LIKE %s"
ROWS = """
SELECT r.number, r.title, n.severity, r.status, u.name, p.name, r.due FROM records_record r
JOIN nonconformity_nonconformity n ON n.record_ptr_id = r.id JOIN people_unit u ON u.id = r.unit_id
LEFT JOIN people_person p ON p.id = r.owner_id WHERE r.id IN ({ids})
"""


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    if (person := _signed_in(environ.get("HTTP_COOKIE", ""))) is None:
        start_response("401 Unauthorized", [("Content-Length", "0")])
        return []
    body = (HEAD + "".join(_rows(person)) + TAIL).encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def _signed_in(cookies: str) -> int | None:
    key = next((part.split("=", 1)[1] for part in cookies.split("; ") if part.startswith("sessionid=")), None)
    return int(SessionStore(session_key=key)["_auth_user_id"]) if key else None


def _rows(person: int) -> Iterable[str]:
    """Choose fifty ids in order, then fetch those rows; count up to 1,001, as the page does."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTED, [person])
        units: set[int] = set()
        for (path,) in cursor.fetchall():
            cursor.execute(UNDER, [f"{path}%"])
            units.update(pk for (pk,) in cursor.fetchall())
        listed = ",".join(map(str, sorted(units)))
        plus = " + 0" if connection.vendor == "sqlite" else ""
        mine = f"type = 'nonconformity' AND (unit_id{plus} IN ({listed}) OR owner_id = {person})"
        cursor.execute(f"SELECT id FROM records_record WHERE {mine} ORDER BY serial DESC, id DESC LIMIT 51")
        ids = [pk for (pk,) in cursor.fetchall()][:50]
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM records_record WHERE {mine} LIMIT 1001) AS counted")
        cursor.fetchone()
        cursor.execute(ROWS.format(ids=",".join(map(str, ids))))
        return [_row(*row) for row in sorted(cursor.fetchall(), reverse=True)]


def _row(number: str, title: str, severity: str, status: str, unit: str, owner: str | None, due: Any) -> str:
    pins = "".join(f'<i class="{mark}"></i>' for mark in STATIONS.get(status, ()))
    day = f'<span class="due"><time datetime="{due}">{due}</time></span>' if due else ""
    return f"""<tr role="row">
<td role="cell" class="c"><input class="form-check-input" type="checkbox" name="number" value="{number}" aria-label="Choose {number}"></td>
<td role="cell" class="k-number f-number">
{number}
</td><th role="rowheader" scope="row" class="t"><div class="tt"><a href="/nonconformity/{number}/">{escape(title)}</a>
</div></th>
<td role="cell" class="k-plain f-severity">
{LABELS["severity"].get(severity, severity)}
</td><td role="cell" class="k-status f-status st">
<span class="pins" aria-hidden="true">{pins}</span>{LABELS["status"].get(status, status)}
</td><td role="cell" class="k-plain f-unit">
{escape(unit)}
</td><td role="cell" class="k-plain f-owner">
{escape(owner or "")}
</td><td role="cell" class="k-due f-due">
{day}
</td>
</tr>"""
