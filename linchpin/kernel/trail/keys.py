"""The installation's keys: a secret for the events' codes, and an Ed25519 pair that signs the seals."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from linchpin.kernel.trail.core.hashing import fingerprint

EVENTS, SEALS, PUBLIC = "trail.key", "seal.key", "seal.pub"


def event_key() -> bytes:
    """The 32 secret bytes of the events' codes."""
    return _event_key(_folder())


def sealing_key() -> Ed25519PrivateKey:
    """The key that signs seals."""
    return _sealing_key(_folder())


def sealing_fingerprint() -> str:
    """The fingerprint (SHA-256, hex) of the public key, as every seal names it."""
    return _sealing_fingerprint(_folder())


def public_pem() -> str:
    """The public key, to be handed to whoever verifies from outside."""
    return _pem(sealing_key().public_key()).decode()


def public_keys() -> dict[str, bytes]:
    """Every public key this installation has sealed with (raw bytes, by fingerprint): `seal.pub` and older `*.pub` kept beside it."""
    sealing_key()
    return dict(_by_fingerprint(path.read_bytes()) for path in sorted(_folder().glob("*.pub")))


def public_pems() -> dict[str, bytes]:
    """The same keys as the text that stands in their files, to be handed on."""
    sealing_key()
    pems = [path.read_bytes() for path in sorted(_folder().glob("*.pub"))]
    return {_by_fingerprint(pem)[0]: pem for pem in pems}


def _by_fingerprint(pem: bytes) -> tuple[str, bytes]:
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("The public keys of seals are Ed25519 keys.")
    raw = key.public_bytes_raw()
    return fingerprint(raw), raw


def _folder() -> Path:
    return _keys_in(str(settings.HOME))


@cache
def _keys_in(home: str) -> Path:
    return Path(home) / "keys"


@cache
def _event_key(folder: Path) -> bytes:
    return bytes.fromhex(_made_once(folder / EVENTS, secrets.token_hex(32).encode()).decode().strip())


@cache
def _sealing_key(folder: Path) -> Ed25519PrivateKey:
    made = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = serialization.load_pem_private_key(_made_once(folder / SEALS, made), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{folder / SEALS} is not an Ed25519 key.")
    _made_once(folder / PUBLIC, _pem(key.public_key()))
    return key


@cache
def _sealing_fingerprint(folder: Path) -> str:
    return fingerprint(_sealing_key(folder).public_key().public_bytes_raw())


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _made_once(path: Path, content: bytes) -> bytes:
    """The file's content; made of `content` if it is missing. Linked in whole, so that no other process reads half a key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
