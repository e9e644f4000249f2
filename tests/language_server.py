"""A language server over its standard streams, one message at a time (Language Server Protocol 3.17, base protocol)."""

import json
import os
import select
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["LanguageServer"]

_PATIENCE_S = 120  # a server that says nothing for so long is stuck
_BOUNDARY = b"\r\n\r\n"
_CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"snippetSupport": True}},
    },
}


class LanguageServer:
    """A server that was started for a folder and has asked for its configuration; `diagnostics` are by URI."""

    def __init__(self, command: Sequence[str | Path], root: Path, configuration: Mapping[str, Any]) -> None:
        """Start the server; `configuration` answers it by section, as an editor's settings do."""
        self.diagnostics: dict[str, list[Any]] = {}
        self._configuration = configuration
        self._root = root
        self._asked = self._sent = 0
        self._results: dict[int, Any] = {}
        self._unread = b""
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        folder = {"uri": root.as_uri(), "name": root.name}
        self.request(
            "initialize",
            processId=os.getpid(),
            rootUri=folder["uri"],
            workspaceFolders=[folder],
            capabilities=_CAPABILITIES,
        )
        self.notify("initialized")
        self.wait(lambda: self._asked > 0)

    def open(self, path: str, text: str) -> str:
        """Show a file of the folder as an editor that has not saved it, and return its URI."""
        uri = (self._root / path).as_uri()
        self.notify("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text})
        return uri

    def at(self, line: int, column: int, *, of: str, ask: str) -> Any:  # noqa: ANN401 - any JSON value
        """Ask for hover or completion at a place of an open file, counted from 0."""
        place = {"line": line, "character": column}
        return self.request(f"textDocument/{ask}", textDocument={"uri": of}, position=place)

    def stop(self) -> None:
        """End the server as the protocol asks."""
        self.request("shutdown")
        self.notify("exit")
        self._process.communicate(timeout=_PATIENCE_S)

    def request(self, method: str, **params: object) -> Any:  # noqa: ANN401 - any JSON value
        """Send a request and return its result; raise AssertionError where the server refuses it."""
        self._sent += 1
        number = self._sent
        self._write({"id": number, "method": method, "params": params})
        self.wait(lambda: number in self._results)
        return self._results.pop(number)

    def notify(self, method: str, **params: object) -> None:
        """Send what needs no answer."""
        self._write({"method": method, "params": params})

    def wait(self, done: Callable[[], bool]) -> None:
        """Take in messages until something has happened; raise TimeoutError where the server falls silent."""
        while not done():
            self._take(self._read())

    def _take(self, message: Mapping[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._write({"id": message["id"], "result": self._answer(message)})
        elif "id" in message:
            assert "error" not in message, message["error"]
            self._results[message["id"]] = message["result"]

    def _answer(self, message: Mapping[str, Any]) -> list[Any] | None:
        if message["method"] != "workspace/configuration":
            return None
        self._asked += 1
        return [self._configuration.get(item["section"]) for item in message["params"]["items"]]

    def _write(self, message: Mapping[str, object]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d%s%s" % (len(data), _BOUNDARY, data))
        self._process.stdin.flush()

    def _read(self) -> Mapping[str, Any]:
        """Read the next message: headers, of which only the length matters, an empty line, JSON."""
        head = self._upto(lambda: self._unread.find(_BOUNDARY))
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n"))
        size = len(_BOUNDARY) + int(headers[b"Content-Length"])
        body = self._upto(lambda: size if len(self._unread) >= size else -1)
        message: Mapping[str, Any] = json.loads(body)
        return message

    def _upto(self, end: Callable[[], int]) -> bytes:
        """Take what was read up to a position, which is negative until it is there."""
        while end() < 0:
            self._fill()
        taken, self._unread = self._unread[: end()], self._unread[end() :]
        return taken

    def _fill(self) -> None:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE_S)
        data = os.read(self._process.stdout.fileno(), 1 << 16) if ready else b""
        if not data:
            msg = "the language server ended" if ready else f"the language server said nothing for {_PATIENCE_S} s"
            raise TimeoutError(msg)
        self._unread += data
