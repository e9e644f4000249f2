"""A signed channel read by whoever trusts a root: python-tuf's client over a folder or HTTP, errors as ours."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple, Self

from filelock import FileLock, Timeout
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import Metadata, Snapshot, TargetFile
from tuf.ngclient import FetcherInterface, Updater
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher

from deskc.core.canonical import encode
from deskc.core.scopes import Target
from deskc.publish.tuf.clock import Clock
from deskc.publish.tuf.roles import TOP, bot_of, bot_role, environment_role, spoken, target_path
from deskc.runtime.errors import ChannelError, NotFoundError, SnapshotError, StaleError, TamperedError, UnreadableError
from deskc.runtime.locate import file_path

__all__ = ["Client", "Signed", "fetcher_of"]

_TIMEOUT_S = 10
_LOCK_TIMEOUT_S = 30.0
_CHUNK = 1 << 20
_NOT_FOUND = 404


class Signed(NamedTuple):
    """What a bot's role says: where the snapshot lies and the bytes of its build record, unjudged."""

    path: str
    record: bytes
    file: TargetFile


class Client:
    """One look at a channel: all it tells belongs to one signed moment. As a context manager it owns its state.

    `address` is a file:// or http(s):// URL, `state` where trusted metadata lies, `root` the file of the trusted root,
    `fetcher` what `fetcher_of` returned for the address.
    Entering refreshes the metadata of the top roles. Raises SnapshotErrors: StaleError for what has expired or is older
    than what was seen, TamperedError for what its keys have not signed, NotFoundError, UnreadableError, ChannelError.
    """

    def __init__(self, address: str, *, url: str, state: Path, root: Path, fetcher: FetcherInterface) -> None:
        self._address = address
        self._fetcher = fetcher
        self._url = url
        self._state = state
        self._root = root
        self._clock = Clock(state / "newest-time")

    def __enter__(self) -> Self:
        """Refresh what the top roles say."""
        bootstrap = self._trusted_root()
        with self._explained():
            self._state.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._state / ".lock", timeout=_LOCK_TIMEOUT_S)
            self._lock.acquire()
        try:
            self._refresh(bootstrap)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let the next look begin."""
        self._lock.release()

    def target(self, target: Target) -> Signed:
        """Return what a bot's role has signed."""
        path = target_path(target)
        with self._explained():
            file = self._updater.get_targetinfo(path)
        if file is None:
            msg = f"{self._url} has nothing published for {target}"
            raise NotFoundError(msg, path=self._url, help="publish there with deskc publish --channel")
        self._require_fresh(environment_role(target.environment), bot_role(target))
        return Signed(path, encode(file.custom).encode(), file)

    def download(self, found: Signed) -> bytes:
        """Return a snapshot's bytes, of the length and the hashes that were signed."""
        with self._explained():
            here = self._updater.find_cached_target(found.file) or self._updater.download_target(found.file)
            data = Path(here).read_bytes()
            found.file.verify_length_and_hashes(data)
        return data

    def targets(self) -> tuple[Target, ...]:
        """Return every bot that has a role."""
        with self._explained():
            snapshot = Metadata[Snapshot].from_file(os.fspath(self._state / "metadata/snapshot.json")).signed
        bots = (bot_of(name.removesuffix(".json")) for name in snapshot.meta)
        return tuple(sorted(bot for bot in bots if bot is not None))

    def _trusted_root(self) -> bytes:
        try:
            return self._root.read_bytes()
        except FileNotFoundError as error:
            msg = f"{self._url} is a signed channel, and there is no trusted root at {self._root}"
            way_out = "put the root.json that deskc keys init wrote there; what a channel says of itself proves nothing"
            raise ChannelError(msg, path=self._url, help=way_out) from error
        except OSError as error:
            msg = f"the trusted root {self._root} cannot be read: {error.strerror}"
            raise UnreadableError(msg, path=self._url) from error

    def _refresh(self, bootstrap: bytes) -> None:
        folders = [self._state / "metadata", self._state / "targets"]
        with self._explained():
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
            self._updater = Updater(
                os.fspath(folders[0]),
                f"{self._address}/metadata/",
                os.fspath(folders[1]),
                f"{self._address}/targets/",
                self._fetcher,
                bootstrap=bootstrap,
            )
            self._updater.refresh()
        self._require_fresh(*TOP)

    def _require_fresh(self, *roles: str) -> None:
        """Raise StaleError for metadata that had expired at the newest time ever seen, wherever the clock stands now.

        The client itself asks the clock alone.
        """
        for role in roles:
            with self._explained():
                now = self._clock.now()
                expires = Metadata.from_file(os.fspath(self._state / f"metadata/{role}.json")).signed.expires
            if expires <= datetime.fromtimestamp(now, UTC):
                msg = f"{self._url} is stale: what it says of {spoken(role)} counted until {expires:%Y-%m-%d %H:%M} UTC"
                raise StaleError(msg, path=self._url, help=self._clock.doubt())

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SnapshotError:
            raise
        except (RepositoryError, DownloadError, Timeout, OSError, ValueError, KeyError) as error:
            raise self._explanation(error) from error

    def _explanation(self, error: Exception) -> SnapshotError:
        """Return what an error of the client means to a bot."""
        kind: type[SnapshotError] = UnreadableError
        reason = f"cannot be read: {error}"
        if isinstance(error, ExpiredMetadataError):
            kind, reason = StaleError, f"is stale: {error}"
        elif isinstance(error, BadVersionNumberError):
            kind, reason = StaleError, f"says what is older than what it said before: {error}"
        elif isinstance(error, DownloadLengthMismatchError):
            kind, reason = TamperedError, f"sends more than was signed: {error}"
        elif isinstance(error, DownloadHTTPError) and error.status_code == _NOT_FOUND:
            kind, reason = NotFoundError, f"lacks a file: {error}"
        elif isinstance(error, RepositoryError | ValueError | KeyError):
            kind, reason = TamperedError, f"is not what its keys signed: {error}"
        elif isinstance(error, Timeout):
            reason = f"is being read by another process for long, which holds {self._state / '.lock'}"
        until = self._silent_since() if kind in (UnreadableError, NotFoundError) else None
        if until is not None:
            kind = StaleError
            reason = f"is stale, its last word counted until {until:%Y-%m-%d %H:%M} UTC, and it {reason}"
        return kind(f"{self._url} {' '.join(reason.split()).rstrip('.')}", path=self._url)

    def _silent_since(self) -> datetime | None:
        """Return until when the newest trusted timestamp counted, None where it still does or there is none.

        Else whoever holds a bot's connection down could keep it on old settings without a word of their age.
        """
        with suppress(OSError, RepositoryError):
            expires = Metadata.from_file(os.fspath(self._state / "metadata/timestamp.json")).signed.expires
            return expires if expires <= datetime.fromtimestamp(self._clock.now(), UTC) else None
        return None


def fetcher_of(address: str) -> FetcherInterface:
    """Return what downloads from a URL; it keeps connections, so it is kept from one look to the next."""
    return _Files() if address.startswith("file:") else Urllib3Fetcher(_TIMEOUT_S, app_user_agent="deskc")


class _Files(FetcherInterface):
    """Reads a channel that is a folder of this machine, a chunk at a time, as far as the client wants to go."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = Path(file_path(url))
        for start in count(step=_CHUNK):
            try:
                with path.open("rb") as file:
                    file.seek(start)
                    chunk = file.read(_CHUNK)
            except FileNotFoundError as error:
                raise DownloadHTTPError(f"{path} does not exist", _NOT_FOUND) from error
            except OSError as error:
                raise DownloadError(f"{path} cannot be read, {error.strerror}") from error
            if not chunk:
                return
            yield chunk
