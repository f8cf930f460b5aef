"""One POST to an address outside: resolved and judged before it is connected to, never led on elsewhere, never waited for long."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Refused, never

PATIENCE = 5.0
"""Seconds for one step (connect, send, answer)."""
LONGEST = 15.0
"""Seconds for all of it, however slowly the other side drips."""
LONGEST_URL = 500
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class Unreachable(Exception):
    """The message did not arrive; the text says why."""


class Gone(Unreachable):
    """The other side says that it does not want to be told any more (410)."""


def check_url(url: str) -> str:
    """The address, if it may be told anything. Raises Refused with a sentence."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:
        raise Refused(never(_("“%s” is no address: write it as https://example.org/hook.") % url[:100], "url")) from problem
    if parts.scheme not in ("http", "https") or not host or port == 0 or any(c <= " " or c == "\x7f" for c in url) or len(url) > LONGEST_URL:
        raise Refused(never(_("A webhook goes to an http or https address of at most %d characters.") % LONGEST_URL, "url"))
    if parts.username is not None or parts.password is not None:
        raise Refused(never(_("Leave user and password out of the address: messages are signed instead."), "url"))
    if not settings.WEBHOOKS_PRIVATE and _is_private_name(host):
        raise Refused(never(_private(host), "url"))
    try:
        host.encode("idna")
    except UnicodeError as problem:
        raise Refused(never(_("“%s” is no name of a host.") % host, "url")) from problem
    return url


def send(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST the body; gives the status of a 2xx answer. Raises Unreachable, Gone."""
    parts = urlsplit(url)
    connection = _connect(parts)
    watch = threading.Timer(LONGEST, _cut, [connection])
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"User-Agent": "Linchpin", **headers})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise Unreachable(_("%(host)s did not answer: %(problem)s") % {"host": parts.hostname, "problem": problem or type(problem).__name__}) from problem
    finally:
        watch.cancel()
        connection.close()
    if status == http.client.GONE:
        raise Gone(_("%s answered 410: it does not want to be told any more.") % parts.hostname)
    if not 200 <= status < 300:
        raise Unreachable(_("%(host)s answered %(status)s.") % {"host": parts.hostname, "status": status})
    return status


def _connect(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection to the very address that was judged: a name that resolves differently the next time does not matter."""
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _judged(host, port)
    secure = parts.scheme == "https"
    connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE) if secure else http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        plain = socket.create_connection((address, port), PATIENCE)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError as problem:
        raise Unreachable(_("%(host)s could not be reached: %(problem)s") % {"host": host, "problem": problem.strerror or problem}) from problem
    return connection


def _judged(host: str, port: int) -> str:
    """The first address of the host; refused when any of them lies inside."""
    try:
        found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as problem:
        raise Unreachable(_("There is no host “%s”.") % host) from problem
    if not settings.WEBHOOKS_PRIVATE and any(_is_private(ipaddress.ip_address(str(one).split("%")[0])) for one in found):
        raise Unreachable(_private(host))
    return str(found[0])


def _private(host: str) -> str:
    return _("“%s” lies inside your own network: the administrator allows that with LINCHPIN_WEBHOOKS_PRIVATE=yes.") % host


def _is_private_name(host: str) -> bool:
    try:
        return _is_private(ipaddress.ip_address(host))
    except ValueError:
        return host.lower().rstrip(".").endswith(("localhost", ".local", ".internal"))


def _is_private(address: Address) -> bool:
    """Whether it is anything but an ordinary address of the internet, however it is wrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_private(inner)
    return not address.is_global or address.is_multicast


def _cut(connection: Any) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(socket.SHUT_RDWR)
