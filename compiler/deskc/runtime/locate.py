"""Where a snapshot lies: a file named by its digest, or a folder channel whose pointer names one."""

# pathlib would cost a bot 4 ms at its start, hence os.path:
# ruff: noqa: PTH100, PTH110, PTH112, PTH118, PTH119, PTH120, PTH123, PTH206

from __future__ import annotations

import os

from deskc.runtime.decode import decode
from deskc.runtime.errors import ChannelError, FormatError, NotFoundError, UnreadableError, WrongTargetError

__all__ = ["Found", "bot_folder", "file_path", "is_digest", "locate", "read_record"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_SUFFIX = ".jsonl"
_POINTER = "current.json"
_WORKTREE = "worktree"
_DIGEST_LENGTH = 64


class Found:
    """A snapshot's bytes and what is known of them: `dirty` says that they come from uncommitted edits."""

    __slots__ = ("data", "digest", "dirty", "git_sha", "source")

    def __init__(self, *, data: bytes, digest: str, source: str, git_sha: str | None, dirty: bool) -> None:
        self.data = data
        self.digest = digest
        self.source = source
        self.git_sha = git_sha
        self.dirty = dirty


def locate(where: str | os.PathLike[str], *, environment: str, bot: str) -> Found:
    """Read the snapshot at a path or `file://` URL, whole and once; nothing in it is checked yet.

    Raises NotFoundError, UnreadableError, ChannelError, FormatError and WrongTargetError, each naming its path.
    """
    path = file_path(os.fspath(where))
    if os.path.isdir(path):
        return _in_channel(path, environment=environment, bot=bot)
    name = os.path.basename(path)
    data = _read(path)
    digest = name.removesuffix(_SUFFIX)
    if not name.endswith(_SUFFIX) or not is_digest(digest):
        msg = f"{path} is not named by its digest: 64 hex digits and {_SUFFIX}"
        raise FormatError(msg, path=path, help="name a snapshot file that compile wrote, or a channel's folder")
    return Found(data=data, digest=digest, source=path, git_sha=None, dirty=_is_dirty_file(path, digest))


def file_path(where: str) -> str:
    """Return the path that a path or a `file://` URL names; raise ChannelError for a URL of another kind."""
    scheme, separator, rest = where.partition("://")
    if not separator:
        return where
    host, slash, path = rest.partition("/")
    if scheme != "file" or host not in ("", "localhost") or not slash:
        msg = f"{where} is no channel that this deskc reads: file:// goes on with localhost/ or /, or write a folder"
        raise ChannelError(msg, path=where)
    from urllib.parse import unquote  # noqa: PLC0415 - only a URL pays for it

    return unquote(slash + path)


def bot_folder(folder: str, *, environment: str, bot: str) -> str:
    """Return where a folder keeps what is one bot's; raise WrongTargetError for a name that would lead out of it."""
    for name in (environment, bot):
        if name in ("", ".", "..") or "/" in name or os.sep in name or "\0" in name:
            msg = f"{name!r} is no name of an environment or bot"
            raise WrongTargetError(msg, path=folder)
    return os.path.join(folder, environment, bot)


def _in_channel(channel: str, *, environment: str, bot: str) -> Found:
    folder = bot_folder(channel, environment=environment, bot=bot)
    pointer = os.path.join(folder, _POINTER)
    if not os.path.exists(pointer):
        msg = f"{channel} has nothing published for {environment}/{bot}"
        help_ = "publish there with deskc compile --publish, or name a snapshot file"
        raise NotFoundError(msg, path=pointer, help=help_)
    record = read_record(_read(pointer), source=pointer, environment=environment, bot=bot)
    digest, commit = record["digest"], record["commit"]
    path = os.path.join(folder, f"{digest}{_SUFFIX}")
    dirty = commit is None or bool(record.get("dirty")) or _is_worktree(path)
    return Found(data=_read(path), digest=digest, source=path, git_sha=commit, dirty=dirty)


def read_record(data: bytes, *, source: str, environment: str, bot: str) -> Mapping[str, Any]:
    """Return a pointer's build record; raise ChannelError where it is none, WrongTargetError where it is another's."""
    try:
        record = decode(data)
        named = (record["environment"], record["bot"])
        sound = is_digest(record["digest"]) and isinstance(record["commit"], str | None)
    except (LookupError, TypeError, ValueError) as error:
        msg = f"{source} is no build record: {type(error).__name__} on {error}"
        raise ChannelError(msg, path=source) from error
    if not sound:
        msg = f"{source} is no build record: its digest or commit is none"
        raise ChannelError(msg, path=source)
    if named != (environment, bot):
        msg = f"{source} is of {named[0]}/{named[1]}, and {environment}/{bot} was asked for"
        raise WrongTargetError(msg, path=source)
    return record  # type: ignore[no-any-return]  # a JSON object, as the look-ups have shown


def _is_dirty_file(path: str, digest: str) -> bool:
    """Say whether a bare file comes from uncommitted edits: by its folder, or by the record that lies beside it."""
    if _is_worktree(path):
        return True
    try:
        record = decode(_read(os.path.join(os.path.dirname(path), _POINTER)))
    except (NotFoundError, UnreadableError, ValueError):
        return False
    return isinstance(record, dict) and record.get("digest") == digest and bool(record.get("dirty"))


def _is_worktree(path: str) -> bool:
    """Say whether a file lies in `worktree/<environment>/<bot>/`, under either of its names."""
    return any(name.split(os.sep)[-4:-3] == [_WORKTREE] for name in (os.path.abspath(path), os.path.realpath(path)))


def is_digest(text: object) -> bool:
    """Say whether this is a sha256 as 64 lower-case hex digits."""
    return isinstance(text, str) and len(text) == _DIGEST_LENGTH and set(text) <= set("0123456789abcdef")


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError) as error:
        msg = f"{path} does not exist"
        raise NotFoundError(msg, path=path) from error
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise UnreadableError(msg, path=path) from error
