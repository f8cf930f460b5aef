"""A PostgreSQL for one test session: its own folder, its own socket, no port. Works as root and as a user."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote


def programs() -> Path | None:
    """The newest installed server's programs; None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    alone = shutil.which("initdb")
    return Path(alone).parent if alone else None


def start(_home: str, *, durable: bool = False) -> str:
    """Start a server that ends with this process; `durable`: it survives a power failure. Gives the address of its database."""
    where = programs()
    if where is None:
        raise SystemExit("PostgreSQL is not installed here: install Debian's package “postgresql”, or run the tests on SQLite only.")
    root = tempfile.mkdtemp(prefix="linchpin-pg-", dir="/tmp")  # a socket's path must be short
    drop: dict[str, object] = {}
    if os.geteuid() == 0:  # pg_ctl refuses root
        who = pwd.getpwnam("postgres")
        os.chown(root, who.pw_uid, who.pw_gid)
        drop = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    quiet = {"cwd": root, "check": True, "stdout": subprocess.DEVNULL, **drop}
    subprocess.run([where / "initdb", "-D", f"{root}/data", "-U", "test", "-A", "trust", "--no-sync", "-E", "UTF8"], **quiet)  # type: ignore[call-overload]
    options = f"-k {root} -c listen_addresses=''" + ("" if durable else " -c fsync=off -c full_page_writes=off")
    subprocess.run([where / "pg_ctl", "-D", f"{root}/data", "-l", f"{root}/log", "-w", "-o", options, "start"], **quiet)  # type: ignore[call-overload]

    def stop() -> None:
        subprocess.run([where / "pg_ctl", "-D", f"{root}/data", "-m", "immediate", "stop"], cwd="/", check=False, stdout=subprocess.DEVNULL, **drop)  # type: ignore[call-overload]
        shutil.rmtree(root, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://test@/postgres?host={quote(root, safe='')}"
