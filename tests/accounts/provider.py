"""A small OpenID Connect provider that a test starts on this machine: discovery, keys, tokens and the person's data, all signed."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "linchpin", "between-us"


class Provider:
    """Who signs in there next (`person`: claims), and the codes that were given out."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.url = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def discovery(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo", "jwks_uri": "keys"}
        return {"issuer": self.url, "token_endpoint_auth_methods_supported": ["client_secret_post"],
                **{name: f"{self.url}/{path}" for name, path in names.items()}}  # fmt: skip

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to: with a code, or with the error that the person broke it off."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        answer = {"code": code} if self.person else {"error": "access_denied"}
        return f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict[str, Any] | None:
        """Tokens for a code, once, for who knows the secret and the verifier that belongs to the code's challenge."""
        asked = self.codes.pop(given.get("code", ""), None)
        verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        right = (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not right or asked.get("code_challenge") != challenge or asked["redirect_uri"] != given["redirect_uri"]:
            return None
        now, access = int(time.time()), secrets.token_urlsafe(12)
        self.tokens[access] = self.person
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, **self.person}
        return {"access_token": access, "token_type": "Bearer", "id_token": jwt.encode(claims, self.key, "RS256", {"kid": "one"})}


@contextmanager
def providing() -> Iterator[Provider]:
    """The provider, answering on a free port of 127.0.0.1 until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self.say(provider.discovery())
            elif parts.path == "/keys":
                self.say(provider.keys())
            elif parts.path == "/userinfo":
                self.say(provider.tokens.get(self.headers["Authorization"].removeprefix("Bearer ")))
            else:
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def say(self, answer: dict[str, Any] | None) -> None:
            self.send_response(200 if answer is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
