"""The home of an installation: one folder that holds its database, files, keys and unsent mail.

`LINCHPIN_HOME` names it; everything else can be overridden by a `LINCHPIN_*` variable of its own.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def home() -> Path:
    """The installation's folder, made if it is missing."""
    path = Path(os.environ.get("LINCHPIN_HOME", "linchpin-home")).expanduser().resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (path / "files", path / "keys", path / "mail", path / "backups"):
        folder.mkdir(exist_ok=True)
    (path / "keys").chmod(0o700)
    return path


def secret_key(home: Path) -> str:
    """The signing secret of sessions and links: `LINCHPIN_SECRET_KEY`, or a file made once and kept."""
    if given := os.environ.get("LINCHPIN_SECRET_KEY"):
        return given
    path = home / "keys" / "secret.key"
    if not path.exists():
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    "PRAGMA recursive_triggers=ON;PRAGMA secure_delete=ON;PRAGMA wal_autocheckpoint=4000;PRAGMA cache_size=-32000;PRAGMA mmap_size=268435456",
}

PREPARED = {"options": "-c max_parallel_workers_per_gather=0 -c jit=off", "server_side_binding": True, "prepare_threshold": 3}
"""Pages ask the same again and again for few rows: a plan is made once, and no other process or compiler is started for them."""


def database(home: Path) -> dict[str, object]:
    """Django's settings of the one database: SQLite in the home, or what `LINCHPIN_DATABASE_URL` names."""
    url = os.environ.get("LINCHPIN_DATABASE_URL", "")
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": _postgresql(dict(parse_qsl(parts.query))),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    if parts.scheme not in ("", "sqlite"):
        raise SystemExit(f"LINCHPIN_DATABASE_URL must begin with postgresql:// or sqlite:///, not {parts.scheme}://")
    name = unquote(parts.path) if url else str(home / "linchpin.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": None,
    }


def _postgresql(asked: dict[str, str]) -> dict[str, object]:
    """Options of a connection. `pooled=yes`: a pooler lends it out between statements, so nothing may be prepared on it."""
    return {**asked} if asked.pop("pooled", "") == "yes" else PREPARED | asked


def single_sign_on() -> dict[str, object]:
    """OpenID Connect by configuration: `LINCHPIN_OIDC_URL`, `_CLIENT_ID`, `_SECRET` and (shown on the button) `_NAME`.

    `LINCHPIN_OIDC_TRUST_EMAIL=yes` takes e-mails as verified of a provider that does not say so, as Microsoft Entra.
    """
    url = os.environ.get("LINCHPIN_OIDC_URL", "")
    if not url:
        return {}
    application = {
        "provider_id": "company",
        "name": os.environ.get("LINCHPIN_OIDC_NAME", "Single sign-on"),
        "client_id": os.environ.get("LINCHPIN_OIDC_CLIENT_ID", ""),
        "secret": os.environ.get("LINCHPIN_OIDC_SECRET", ""),
        "settings": {"server_url": url},
    }
    trusted = os.environ.get("LINCHPIN_OIDC_TRUST_EMAIL", "").strip().lower() in ("1", "true", "yes", "on")
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "VERIFIED_EMAIL": trusted, "APPS": [application]}}
