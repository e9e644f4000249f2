"""A server on this machine that answers as Vault's key-value engine of version 2 does, for one token."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from loopback import listening

__all__ = ["TOKEN", "Vault", "serve"]

TOKEN = "a token of the tests"  # noqa: S105 - it opens nothing


@dataclass(slots=True)
class Vault:
    """What the server holds, by mount and path, and what it was asked; `silent` makes it wait until it is let go."""

    held: dict[str, Mapping[str, object] | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    redirects_to: str = ""
    silent: threading.Event | None = None
    url: str = ""

    def answer(self, path: str, token: str | None) -> tuple[int, object]:
        """Return status and body for a path below /v1/."""
        self.asked.append(path)
        mount, _, name = path.partition("/data/")
        if token != TOKEN:
            return 403, {"errors": ["permission denied"]}
        key = f"{mount}/{name}"
        if self.held.get(key) is None:
            gone = {"data": {"data": None, "metadata": {"deletion_time": "2026-01-01T00:00:00Z", "version": 1}}}
            return 404, gone if key in self.held else {"errors": []}
        return 200, {"request_id": "1", "data": {"data": self.held[key], "metadata": {"version": 3}}}


class _Handler(BaseHTTPRequestHandler):
    vault: Vault

    def do_GET(self) -> None:
        vault = self.vault
        if vault.silent is not None:
            vault.silent.wait()
        status, body = vault.answer(self.path.removeprefix("/v1/"), self.headers.get("X-Vault-Token"))
        data = json.dumps(body).encode()
        self.send_response(307 if vault.redirects_to else status)
        if vault.redirects_to:
            self.send_header("Location", f"{vault.redirects_to}{self.path}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as its base has it
        """Say nothing."""


@contextmanager
def serve(held: dict[str, Mapping[str, object] | None]) -> Iterator[Vault]:
    """Answer on a free port of this machine until the block ends."""
    vault = Vault(held)
    handler = type("Handler", (_Handler,), {"vault": vault})
    with listening(handler, waited_for=lambda: vault.silent) as vault.url:
        yield vault
