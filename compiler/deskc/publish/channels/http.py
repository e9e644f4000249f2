"""The HTTP channel's end at a bot: a folder channel behind any static server, asked again by its ETag."""

from http.client import HTTPException
from threading import Event
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from deskc.runtime.errors import ChannelError, NotFoundError, UnreadableError
from deskc.runtime.locate import Found, read_record

__all__ = ["open_channel"]

_TIMEOUT_S = 10
_POINTER_BYTES = 1 << 16
_SNAPSHOT_BYTES = 1 << 28  # a fleet's 6,000 scopes take 5 MB
_NOT_MODIFIED, _NOT_FOUND = 304, 404


class _Http:
    """A folder channel's URL; the pointer is asked for with If-None-Match, so that most answers are empty."""

    def __init__(self, url: str, *, environment: str, bot: str) -> None:
        self._folder = f"{url.rstrip('/')}/{quote(environment, safe='')}/{quote(bot, safe='')}"
        self._target = {"environment": environment, "bot": bot}
        self._etag: str | None = None
        self._named: str | None = None
        self._closed = Event()

    def fetch(self, known: str | None) -> Found | None:
        """Return what the pointer names; see Channel."""
        source = f"{self._folder}/current.json"
        unchanged = self._etag if known is not None and known == self._named else None
        answer = _get(source, limit=_POINTER_BYTES, etag=unchanged)
        if answer is None:
            return None
        data, etag = answer
        record = read_record(data, source=source, **self._target)
        self._etag, self._named = etag, record["digest"]
        if record["digest"] == known:
            return None
        source = f"{self._folder}/{record['digest']}.jsonl"
        fetched = _get(source, limit=_SNAPSHOT_BYTES, etag=None)
        dirty = record["commit"] is None or bool(record.get("dirty"))
        data = fetched[0] if fetched else b""
        return Found(data=data, digest=record["digest"], source=source, git_sha=record["commit"], dirty=dirty)

    def wait(self, timeout_s: float) -> None:
        """Return after the whole time: a static server tells nobody of changes; see Channel."""
        self._closed.wait(timeout_s)

    def close(self) -> None:
        """End a wait; see Channel."""
        self._closed.set()


def _get(url: str, *, limit: int, etag: str | None) -> tuple[bytes, str | None] | None:
    """Return what stands at a URL and its ETag, None where it is unchanged; raise a SnapshotError where it fails."""
    request = Request(url, headers={"If-None-Match": etag} if etag else {})  # noqa: S310 - http or https, by its kind
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - as above
            data = answer.read(limit + 1)
            found = answer.headers.get("ETag")
    except HTTPError as error:
        with error:
            if error.code == _NOT_MODIFIED:
                return None
        if error.code == _NOT_FOUND:
            msg = f"{url} does not exist"
            raise NotFoundError(msg, path=url, help="publish there, or name another channel") from error
        msg = f"{url} cannot be read: the server answers {error.code} {error.reason}"
        raise UnreadableError(msg, path=url) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        msg = f"{url} cannot be read: {getattr(error, 'reason', None) or error}"
        raise UnreadableError(msg, path=url) from error
    if len(data) > limit:
        msg = f"{url} holds more than {limit} bytes, which no channel does"
        raise ChannelError(msg, path=url)
    return data, found


def open_channel(url: str, *, environment: str, bot: str, state: str) -> _Http:  # noqa: ARG001 - as every channel's
    """Follow a static server; it needs no state."""
    return _Http(url, environment=environment, bot=bot)
