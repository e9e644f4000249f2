"""Where a bot's secrets lie, in one text: `env:PREFIX_`, `files:FOLDER`, `age:FILE?identity=FILE`, `vault+https://…`."""

# pathlib would cost a bot 4 ms at its start, hence os.path:
# ruff: noqa: PTH112, PTH118

from __future__ import annotations

import hashlib
import os
import stat

from deskc.runtime.decode import decode
from deskc.runtime.errors import SecretsError
from deskc.runtime.late import Secret, Sources

__all__ = ["look_up", "open_secrets", "read_private", "steps"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from deskc.runtime.header import Header

    Provider = Callable[[str], str | None]
    Place = str | Provider
    Secrets = Place | Iterable[Place]

# By name, as channels are: a bot whose secrets are variables or files loads neither.
_KINDS = {"age": "age", "vault+http": "vault", "vault+https": "vault"}
_FORMS = "env:PREFIX_, files:FOLDER, age:FILE?identity=FILE or vault+https://HOST/MOUNT"
_MARK = b'"${secret:'
_LARGEST = 1 << 20


def open_secrets(secrets: Secrets, *, env: Mapping[str, str]) -> Provider:
    """Return a function from a secret's path to its text, None where none of the places holds it.

    `secrets` is a place, several with commas between them, such a function, or a list of these, asked in order. `env`
    has the variables for `env:` and what opens the others. A text that is empty counts as absent. A place that cannot
    be asked is a SecretsError, though a later one might have answered: which password is used never depends on the
    weather. No error repeats what it was given, since that may be a secret in the wrong place.
    """
    if isinstance(secrets, str):
        secrets = secrets.split(",")
    elif callable(secrets):
        secrets = (secrets,)
    places = tuple(secrets) if hasattr(secrets, "__iter__") else ()
    providers = tuple(_provider(one, env=env) for one in places)
    if not providers:
        msg = "secrets= is neither a place of secrets nor a function"
        raise SecretsError(msg, help=f"write {_FORMS}")

    def first(path: str) -> str | None:
        return next(filter(None, (provider(path) for provider in providers)), None)

    return first


def _provider(place: Place, *, env: Mapping[str, str]) -> Provider:
    if not isinstance(place, str):
        return place if callable(place) else _unknown()
    scheme, _, rest = place.strip().partition(":")
    if scheme == "env":
        return _variables(rest, env=env)
    if scheme == "files":
        return _files(rest)
    if scheme not in _KINDS:
        return _unknown()
    from importlib import import_module  # noqa: PLC0415 - only who needs another place pays for it

    opens: Callable[..., Provider] = import_module(f"deskc.secrets.{_KINDS[scheme]}").open_provider
    return opens(place.strip(), env=env)


def _unknown() -> Provider:
    msg = "secrets= names a place that this deskc does not know"
    raise SecretsError(msg, help=f"write {_FORMS}")


def _variables(prefix: str, *, env: Mapping[str, str]) -> Provider:
    def variable(path: str) -> str | None:
        name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in path.upper())
        return env.get(prefix + name)

    return variable


def _files(where: str) -> Provider:
    from urllib.parse import unquote  # noqa: PLC0415 - only this place pays for it

    folder = unquote(where.removeprefix("//"))
    if not os.path.isdir(folder):
        msg = f"{folder} is no folder of secrets"
        raise SecretsError(msg, path=folder, help="mount the secrets there, or name another folder")

    def file(path: str) -> str | None:
        inside = os.path.realpath(folder)
        found = os.path.realpath(os.path.join(inside, *steps(path)))
        if os.path.commonpath((inside, found)) != inside:
            msg = f"the secret {path} leads out of {folder}"
            raise SecretsError(msg, path=folder, help="mount the file itself there instead of a link")
        text = None if os.path.isdir(found) else read_private(found)
        return text if text is None else text.removesuffix("\n").removesuffix("\r")

    return file


def steps(path: str) -> list[str]:
    """Return the steps of a secret's path; raise SecretsError where one would lead up or nowhere."""
    found = path.split("/")
    if any(step in ("", ".", "..") or "\0" in step or os.sep in step for step in found):
        msg = f"the secret {path!r} has no path of names with slashes between them"
        raise SecretsError(msg)
    return found


def read_private(path: str) -> str | None:
    """Return the text of a file, None where there is none.

    Raises SecretsError where it cannot be read, where everybody may write it, and where it is no UTF-8 or over 1 MiB.
    """
    try:
        data, reason = _read(os.path.realpath(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        data, reason = b"", f"cannot be read: {getattr(error, 'strerror', None) or 'it has no name'}"
    text: str | None = None
    try:
        text = str(data, "utf-8")
    except UnicodeDecodeError:  # it holds the bytes, so nothing is raised from it
        reason = reason or "holds no UTF-8 text"
    if reason:
        del data, text
        msg = f"{path} {reason}"
        raise SecretsError(msg, path=path)
    return text


def _read(path: str) -> tuple[bytes, str]:
    """Return a file's bytes, and why they are not to be used."""
    # A pipe must not hold a bot's start up, nor a link that has just replaced the file lead elsewhere.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            return b"", "is no file"
        if mode & stat.S_IWOTH:
            return b"", "may be written by everybody"
        data = os.read(descriptor, _LARGEST + 1)
        return (b"", "is larger than 1 MiB") if len(data) > _LARGEST else (data, "")
    finally:
        os.close(descriptor)


def look_up(data: bytes, header: Header, sources: Sources) -> Sources:
    """Return sources that hold every secret to which a snapshot refers, each looked up once, now.

    A coin that is first read in the middle of trading then waits for no server, and one snapshot never mixes two
    passwords. A line that is not the one listed asks for nothing.
    """
    asks = sources.secrets
    if asks is None or _MARK not in data:
        return sources
    found: dict[str, str | None] = {}
    for path in _asked(data, header):
        if path not in found:
            found[path] = _answer(asks, path)

    def held(path: str) -> str | None:
        return found[path] if path in found else _answer(asks, path)  # of a scope that keeps what its restart would end

    return Sources(env=sources.env, secrets=held)


def _answer(asks: Provider, path: str) -> Secret | None:
    try:
        text: object = asks(path)
    except SecretsError:
        raise
    except Exception as error:
        msg = f"the function that secrets= names failed at {path}: {type(error).__name__}"
        raise SecretsError(msg) from error
    return Secret(text) if isinstance(text, str) else None


def _asked(data: bytes, header: Header) -> Iterator[str]:
    for row, start in zip(header.rows, header.starts, strict=False):
        line = data[start : start + row["length"]]
        if _MARK in line and hashlib.sha256(line).hexdigest() == row["line_digest"]:
            for after in line.split(_MARK)[1:]:
                path, brace, _ = after.partition(b'}"')
                if path and brace and not path.count(b'"'):
                    yield decode(b'"%b"' % path)
