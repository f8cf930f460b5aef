"""Merkle trees as in RFC 6962: leaves and nodes are hashed apart, and an odd one out moves up unhashed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def root(hashes: Sequence[str]) -> str:
    """The root (hex) over the events' hashes (hex), in order. Raises ValueError without any."""
    if not hashes:
        raise ValueError("A tree needs a leaf.")
    return _levels(hashes)[-1][0].hex()


def proofs(hashes: Sequence[str]) -> list[list[tuple[str, str]]]:
    """For each leaf the way to the root: ("left" or "right", hash of that neighbor), from the leaf upwards."""
    levels = _levels(hashes)
    return [_path(levels, index) for index in range(len(hashes))]


def proven(hash: str, path: Sequence[tuple[str, str]], root: str) -> bool:
    """Whether the path leads from the event's hash to the root."""
    found = _leaf(hash)
    for side, neighbor in path:
        other = bytes.fromhex(neighbor)
        found = _node(other, found) if side == "left" else _node(found, other)
    return found.hex() == root


def _leaf(hash: str) -> bytes:
    return sha256(b"\x00" + bytes.fromhex(hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _levels(hashes: Sequence[str]) -> list[list[bytes]]:
    levels = [[sha256(b"\x00" + bytes.fromhex(hash)).digest() for hash in hashes]]  # `_leaf` and `_node`, without a call for each
    while len(below := levels[-1]) > 1:
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(below[::2], below[1::2], strict=False)]
        levels.append(above + below[-1:] if len(below) % 2 else above)
    return levels


def _path(levels: list[list[bytes]], index: int) -> list[tuple[str, str]]:
    path = []
    for level in levels[:-1]:
        neighbor = index ^ 1
        if neighbor < len(level):
            path.append(("left" if neighbor < index else "right", level[neighbor].hex()))
        index //= 2
    return path
