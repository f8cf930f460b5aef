"""A small load generator: keep-alive connections over loopback, bounded in count and time."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

REQUEST_TIMEOUT = 30.0


@dataclass(frozen=True)
class Load:
    """What a run of requests took. Times in milliseconds."""

    requests: int
    failed: int
    p50: float
    p95: float
    per_second: float
    bytes_each: int


Make = Callable[[int], bytes]
"""The raw request number n."""


def get(path: str, cookies: str = "", encoding: str = "gzip") -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nAccept-Encoding: {encoding}\r\n\r\n".encode()


def run(port: int, make: Make, count: int, concurrent: int, expect: Sequence[int] = (200,)) -> Load:
    """Send `count` requests over `concurrent` connections to a server on this machine."""
    return asyncio.run(_run(port, make, count, concurrent, expect))


async def _run(port: int, make: Make, count: int, concurrent: int, expect: Sequence[int]) -> Load:
    numbers = iter(range(count))
    times: list[float] = []
    sizes: list[int] = []
    failed = 0

    async def client() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            begun = time.perf_counter()
            writer.write(make(number))
            status, size = await asyncio.wait_for(_answer(reader), REQUEST_TIMEOUT)
            times.append((time.perf_counter() - begun) * 1000)
            sizes.append(size)
            failed += status not in expect
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(concurrent)))
    took = time.perf_counter() - begun
    times.sort()
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    return Load(len(times), failed, statistics.median(times), p95, len(times) / took, round(statistics.mean(sizes)))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and bytes on the wire of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        size = 0
        while length := int((await reader.readline()).strip() or b"0", 16):
            size += len(await reader.readexactly(length + 2))
        await reader.readline()
        return status, len(head) + size
    begin = lowered.find(b"content-length:")
    length = int(lowered[begin + 15 : lowered.index(b"\r\n", begin)]) if begin >= 0 else 0
    await reader.readexactly(length)
    return status, len(head) + length
