"""What a check proves of each kind of channel, and that one wrong byte proves nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deskc.core.canonical import Digest, digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Sha
from deskc.publish.publish import publish
from deskc.publish.verify import INTEGRITY, REVIEWED, Checked, Verdict, verify
from publishing import KINDS, Place
from snapshots import ScopeText, SnapshotText

TEXTS = {
    bot: SnapshotText(
        [ScopeText({"trading": {"leverage": 3}}), ScopeText({"trading": {"leverage": 5}}, coin="ETH")], bot=bot
    )
    for bot in ("mm", "tradeengine")
}
COMMIT = Sha("c0ffee" * 6 + "c0ff")


def published(place: Place, *, now: datetime | None = None) -> Place:
    """Publish a real snapshot of two bots."""
    part = digest(b"")
    builds = {
        Build(COMMIT, "production", bot, Digest(text.digest), part, part, part, "0.1.0"): text.data()
        for bot, text in TEXTS.items()
    }
    store = place.begin(now=now).store(now=now)
    publish(store, tuple(builds), data=builds.__getitem__, is_descendant=lambda *_: True)
    return place


def check(place: Place, url: str = "", **wanted: tuple[str, ...]) -> Verdict:
    """Verify a place, a signed one by its root."""
    root = place.folder / "keys/root.json" if place.kind == "tuf" else None
    options = {"environments": (), "bots": ()} | wanted
    return verify(url or place.url.partition("#")[0], **options, root=root)


def whole(bot: str) -> Checked:
    """Return what is said of a bot of which all is well."""
    return Checked(Target("production", bot), TEXTS[bot].digest, COMMIT, 2, None)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as any static server would; yield its URL."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_channel_offers_is_checked(tmp_path: Path, kind: str) -> None:
    """Each bot with its commit, in order; only a signed channel proves more than integrity."""
    place = published(Place(kind, tmp_path))
    verdict = check(place)
    assert verdict.snapshots == (whole("mm"), whole("tradeengine"))
    assert verdict.proves == (REVIEWED if kind == "tuf" else INTEGRITY)
    assert check(place, bots=("mm",)).snapshots == (whole("mm"),)
    with pytest.raises(DeskcError, match="offers nothing of what was asked for"):
        check(place, bots=("nobody",))


@pytest.mark.parametrize("kind", ["folder", "tuf"])
def test_a_static_server_is_checked(tmp_path: Path, kind: str) -> None:
    """A signed channel lists its bots; of a plain one a bot must be named."""
    place = published(Place(kind, tmp_path))
    with served(place.channel) as url:
        if kind == "tuf":
            assert check(place, f"tuf+{url}").snapshots == (whole("mm"), whole("tradeengine"))
        else:
            with pytest.raises(DeskcError, match="lists nothing"):
                check(place, url)
            verdict = check(place, url, environments=("production",), bots=("mm",))
            assert (verdict.snapshots, verdict.proves) == ((whole("mm"),), INTEGRITY)


def test_one_wrong_byte_condemns_one_bot(tmp_path: Path) -> None:
    """A line that no bot would read soon is read here; the other bot is as well as before."""
    place = published(Place("folder", tmp_path))
    path = place.channel / f"production/mm/{TEXTS['mm'].digest}.jsonl"
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"leverage":5', b'"leverage":6'))
    wrong, sound = check(place).snapshots
    assert (wrong.target, wrong.digest, sound) == (Target("production", "mm"), None, whole("tradeengine"))
    assert "was altered" in (wrong.error or "")


def test_a_file_proves_itself(tmp_path: Path) -> None:
    """A snapshot's file needs no channel, and is what its name says or an error."""
    path = TEXTS["mm"].write(tmp_path)
    options = {"environments": (), "bots": ()}
    (found,) = verify(str(path), **options, root=None).snapshots
    assert (found.target, found.digest, found.commit) == (Target("production", "mm"), TEXTS["mm"].digest, None)
    with pytest.raises(DeskcError, match="is of production/mm"):
        verify(str(path), environments=(), bots=("tradeengine",), root=None)
    path.write_bytes(path.read_bytes()[:-2] + b"\n\n")
    with pytest.raises(DeskcError, match="was altered"):
        verify(str(path), **options, root=None)


def test_an_expired_channel_proves_nothing(tmp_path: Path) -> None:
    """What was reviewed long ago may have been withdrawn since."""
    place = published(Place("tuf", tmp_path), now=datetime.now(UTC) - timedelta(days=3))
    with pytest.raises(DeskcError, match="is stale"):
        check(place)
