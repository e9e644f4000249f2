"""The signed channel's end at a bot: python-tuf's client, and a clock that cannot be set back.

The trusted root is put beside the bot beforehand, as `<state>/tuf/root.json` or by `#root=PATH` behind the URL; what a
channel says of itself is never trusted the first time. All else that was trusted lies in `<state>/tuf/` too, so that a
restart forgets nothing.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from deskc.core.scopes import Target
from deskc.runtime.errors import ChannelError, TamperedError
from deskc.runtime.locate import Found, bot_folder, file_path, read_record

if TYPE_CHECKING:
    from tuf.ngclient import FetcherInterface

__all__ = ["address_of", "open_channel", "root_of"]

_EVERY_S = 0.25  # between two looks at the timestamp's file, where the channel is a folder


class _Tuf:
    """A signed channel; each fetch begins from the trusted root and the newest metadata that was trusted."""

    def __init__(self, url: str, *, environment: str, bot: str, state: str) -> None:
        self._address = address_of(url)
        self._url = url.partition("#")[0]
        self._target = Target(environment, bot)
        self._state = Path(state) / "tuf"
        self._root = root_of(url) or self._state / "root.json"
        self._closed = Event()
        self._stamped: tuple[int, ...] = ()
        self._fetcher: FetcherInterface | None = None
        bot_folder(state, environment=environment, bot=bot)  # the names become those of roles
        if urlsplit(self._address).scheme == "file":
            file_path(self._address)

    def fetch(self, known: str | None) -> Found | None:
        """Return what the bot's role has signed; raise StaleError where that has expired; see Channel."""
        try:
            from deskc.publish.tuf.client import Client, fetcher_of  # noqa: PLC0415 - an extra, which is named below
        except ModuleNotFoundError as error:
            msg = f"{self._url} is a signed channel, which needs the extra deskc[tuf]"
            raise ChannelError(msg, path=self._url, help="pip install 'deskc[tuf]' where the bot runs") from error
        self._stamped = self._stamp()
        self._fetcher = self._fetcher or fetcher_of(self._address)
        client = Client(self._address, url=self._url, state=self._state, root=self._root, fetcher=self._fetcher)
        with client:
            found = client.target(self._target)
            record = read_record(found.record, source=self._url, **self._target._asdict())
            digest, commit = record["digest"], record["commit"]
            if commit is None:
                msg = f"{self._url} names no commit for {self._target}"
                raise ChannelError(msg, path=self._url, help="publish again with deskc publish")
            if digest == known:
                return None
            data = client.download(found)
        if sha256(data.partition(b"\n")[0]).hexdigest() != digest:
            msg = f"{self._url} signs a snapshot of {self._target} that is not the one its build record names"
            raise TamperedError(msg, path=self._url)
        return Found(data=data, digest=digest, source=f"{self._url}/{found.path}", git_sha=commit, dirty=False)

    def wait(self, timeout_s: float) -> None:
        """Return when a folder's timestamp changed, or after the whole time; see Channel."""
        until = monotonic() + timeout_s
        every_s = _EVERY_S if self._stamped else timeout_s
        while (left := until - monotonic()) > 0 and not self._closed.wait(min(every_s, left)):
            if self._stamp() != self._stamped:
                return

    def close(self) -> None:
        """End a wait; see Channel."""
        self._closed.set()

    def _stamp(self) -> tuple[int, ...]:
        """Return what changes whenever a folder's timestamp does; nothing of a server's, who tells nobody."""
        if not self._address.startswith("file:"):
            return ()
        with suppress(OSError):
            status = Path(file_path(self._address), "metadata/timestamp.json").stat()
            return status.st_ino, status.st_mtime_ns
        return (0,)


def address_of(url: str) -> str:
    """Return the URL of the folder that holds a channel's metadata and targets."""
    return url.partition("#")[0].removeprefix("tuf+").rstrip("/")


def root_of(url: str) -> Path | None:
    """Return the root's file that a URL names behind #root=, None where it names none."""
    _, hash_, fragment = url.partition("#")
    if not hash_:
        return None
    named = parse_qs(fragment, keep_blank_values=True)
    if set(named) != {"root"} or not named["root"][-1]:
        msg = f"{url} ends in what says nothing of a channel"
        raise ChannelError(msg, path=url, help="write #root=PATH of the trusted root, or nothing")
    return Path(named["root"][-1])


def open_channel(url: str, *, environment: str, bot: str, state: str) -> _Tuf:
    """Follow a signed channel; its trusted root must be there by the first fetch."""
    return _Tuf(url, environment=environment, bot=bot, state=state)
