"""`age:FILE?identity=FILE`: a JSON object from secrets' paths to texts, encrypted by age (age-encryption.org/v1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from deskc.runtime.decode import decode
from deskc.runtime.errors import SecretsError
from deskc.runtime.secrets import read_private
from deskc.secrets.library import library, parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["open_provider"]

_LARGEST = 1 << 20


def open_provider(place: str, *, env: Mapping[str, str]) -> Callable[[str], str | None]:  # noqa: ARG001 - as all have it
    """Return a function that decrypts the file at each asking, so that it holds nothing and sees a new file.

    The identity is age's own or an SSH private key without a passphrase. Raises SecretsError, also when it is asked.
    """
    pyrage = library("pyrage", place="age:")
    rest, _, query = place.removeprefix("age:").partition("?")
    given = parameters(query, known=("identity",))
    file, identity = unquote(rest), given.get("identity", "")
    if not file or not identity:
        raise SecretsError("age: names no file or no identity", help="write age:FILE?identity=FILE")

    def secret(path: str) -> str | None:
        return _texts(file, identity, pyrage).get(path)

    return secret


def _texts(file: str, identity: str, pyrage: Any) -> Mapping[str, str]:  # noqa: ANN401 - a module without types
    keys = _identities(identity, pyrage)
    try:
        with open(file, "rb") as sealed:  # noqa: PTH123 - as the runtime reads files
            data = sealed.read(_LARGEST + 1)
    except OSError as error:
        raise SecretsError(f"{file} cannot be read: {error.strerror}", path=file) from error
    if len(data) > _LARGEST:
        raise SecretsError(f"{file} is larger than 1 MiB", path=file)
    found: object = None
    reason = "holds no JSON object of texts"
    try:
        found = decode(pyrage.decrypt(data, keys))
    except pyrage.DecryptError:
        reason = f"is not what {identity} opens"
    except ValueError:  # it may hold what was decrypted, so nothing is raised from it
        pass
    if isinstance(found, dict) and all(isinstance(text, str) for text in found.values()):
        return found
    del found
    raise SecretsError(f"{file} {reason}", path=file, help='encrypt {"path": "text", …} for this identity')


def _identities(path: str, pyrage: Any) -> list[Any]:  # noqa: ANN401 - a module without types
    text = read_private(path)
    if text is None:
        raise SecretsError(f"{path} does not exist", path=path, help="mount age's identity there")
    keys: list[Any] = []
    try:
        if text.startswith("-----BEGIN"):
            keys.append(pyrage.ssh.Identity.from_buffer(text.encode()))
        else:
            lines = (line.strip() for line in text.splitlines())
            keys += (pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#"))
    except pyrage.IdentityError:  # it may repeat the line
        keys.clear()
    del text
    if not keys:
        raise SecretsError(f"{path} holds no identity of age", path=path, help="write one by age-keygen")
    return keys
