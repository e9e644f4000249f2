"""A server on this machine that answers as venues do: what tests/venues holds, by method, path and kind of question."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from loopback import listening

__all__ = ["Answers", "recorded", "serve"]

_FOLDER = Path(__file__).with_name("venues")


@dataclass(slots=True)
class Answers:
    """What is said by question, and which were asked; a status other than 200 or silence takes every answer's place.

    `refused` has status and body by question. `literal` is a text that every answer has in another's place.
    """

    said: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    status: int = 200
    body: Any = None
    refused: dict[str, tuple[int, Any]] = field(default_factory=dict)
    literal: tuple[str, str] = ("", "")
    silent: threading.Event | None = None
    url: str = ""

    def symbol(self, question: str, symbol: str) -> Any:  # noqa: ANN401 - JSON that a test may change
        """Return what is said of one symbol, for a test to change."""
        said = self.said[question]
        return next(one for one in (said["symbols"] if isinstance(said, dict) else said) if one["symbol"] == symbol)

    def number(self, symbol: str, kind: str, name: str, value: str) -> None:
        """Change one number of a symbol's filters."""
        question = next(one for one in self.said if one.endswith("exchangeInfo"))
        filters = self.symbol(question, symbol)["filters"]
        next(one for one in filters if one["filterType"] == kind)[name] = value

    def answer(self, question: str) -> tuple[int, Any]:
        """Return status and body for a question."""
        self.asked.append(question)
        if self.status != 200:
            return self.status, self.body
        if question in self.refused:
            return self.refused[question]
        return (200, self.said[question]) if question in self.said else (404, {"code": -1, "msg": question})


class _Handler(BaseHTTPRequestHandler):
    answers: Answers

    def do_GET(self) -> None:
        self._answer(f"GET {self.path.partition('?')[0]}")

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(f"POST {self.path} {asked['type']}")

    def _answer(self, question: str) -> None:
        if self.answers.silent is not None:
            self.answers.silent.wait()
        status, body = self.answers.answer(question)
        text, (old, new) = json.dumps(body), self.answers.literal
        data = (text.replace(old, new) if old else text).encode()
        with suppress(ConnectionError):  # whoever asked may have given up
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as its base has it
        """Say nothing."""


def recorded(venue: str) -> dict[str, Any]:
    """Return what a venue was recorded to say, for a test to change."""
    said: dict[str, Any] = json.loads((_FOLDER / f"{venue}.json").read_text(encoding="utf-8"))
    return said


@contextmanager
def serve(venue: str) -> Iterator[Answers]:
    """Answer as a venue on a free port of this machine until the block ends."""
    answers = Answers(recorded(venue))
    handler = type("Handler", (_Handler,), {"answers": answers})
    with listening(handler, waited_for=lambda: answers.silent) as answers.url:
        yield answers
