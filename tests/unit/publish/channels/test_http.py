"""The HTTP channel's end at a bot, against a real server on loopback."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deskc
from deskc.publish.channels.http import open_channel
from snapshots import ScopeText, SnapshotText, publish

if TYPE_CHECKING:
    from deskc.runtime.channel import Channel

TEXT = SnapshotText([ScopeText({"system": {"log_level": "INFO"}})])


class Server(ThreadingHTTPServer):
    """Serves a folder with ETags, as static servers do; `statuses` are its answers so far."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.statuses: list[int] = []
        self.refuse = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/desk"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        """Answer with a file, 304 where the caller has it, or 404."""
        path = self.server.folder / self.path.removeprefix("/desk/")
        data = path.read_bytes() if path.is_file() else None
        etag = f'"{hashlib.sha256(data or b"").hexdigest()[:16]}"'
        same = data is not None and self.headers.get("If-None-Match") == etag
        status = self.server.refuse or (404 if data is None else 304 if same else 200)
        self.server.statuses.append(status)
        self.send_response(status)
        self.send_header("ETag", etag)
        body = data if status == 200 and data else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a server of an empty folder."""
    with Server(tmp_path) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def channel(server: Server) -> "Channel":
    """Open the server's channel for the bot that these tests publish."""
    return open_channel(server.url, environment="production", bot="tradeengine", state="")


def test_a_static_server_is_loaded_and_followed(server: Server, tmp_path: Path) -> None:
    """What load finds there is what is published, and watch goes over to what comes after."""
    publish(TEXT, tmp_path)
    target = {"environment": "production", "bot": "tradeengine"}
    assert deskc.load(server.url, **target, env={}).digest == TEXT.digest  # type: ignore[arg-type]  # texts by name
    later = SnapshotText([ScopeText({"system": {"log_level": "DEBUG"}})])
    state = tmp_path / "state"
    with deskc.watch(
        server.url, environment="production", bot="tradeengine", env={}, state=state, every_s=0.01
    ) as watch:
        publish(later, tmp_path)
        snap = next(one for one in watch if one.digest == later.digest)
    assert (snap.bot.system.log_level, snap.git_sha) == ("DEBUG", "c0ffee" * 6 + "c0ff")


def test_an_unchanged_pointer_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    """With an ETag the server answers 304, and the snapshot's file is asked for once."""
    publish(TEXT, tmp_path)
    opened = channel(server)
    found = opened.fetch(None)
    assert found is not None
    assert found.data == TEXT.data()
    assert opened.fetch(TEXT.digest) is None
    assert server.statuses == [200, 200, 304]
    assert opened.fetch(None) is not None, "who has nothing is answered whole"


def test_failures_are_told_apart(server: Server, tmp_path: Path) -> None:
    """Nothing published, a refusal, no server and an endless answer are each an error with its reason."""
    opened = channel(server)
    with pytest.raises(deskc.NotFoundError, match=r"current\.json does not exist"):
        opened.fetch(None)
    publish(TEXT, tmp_path)
    server.refuse = 503
    with pytest.raises(deskc.UnreadableError, match="the server answers 503 Service Unavailable"):
        opened.fetch(None)
    server.refuse = 0
    (tmp_path / "production/tradeengine/current.json").write_bytes(b" " * (1 << 17))
    with pytest.raises(deskc.ChannelError, match="holds more than 65536 bytes"):
        opened.fetch(None)
    server.server_close()
    server.shutdown()
    with pytest.raises(deskc.UnreadableError, match="Connection refused"):
        opened.fetch(None)


def test_names_are_quoted(server: Server) -> None:
    """A bot's name never leads to another path on the server."""
    opened = open_channel(server.url, environment="production", bot="../x?y", state="")
    with pytest.raises(deskc.NotFoundError, match=r"production/\.\.%2Fx%3Fy/current\.json"):
        opened.fetch(None)
