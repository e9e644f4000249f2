"""`vault+https://HOST/MOUNT?token=FILE`: Vault's key-value engine, version 2 (HTTP API, kv-v2)."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from deskc.runtime.errors import SecretsError
from deskc.runtime.secrets import read_private, steps
from deskc.secrets.library import library, parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["open_provider"]

_FORM = "write vault+https://HOST/MOUNT?token=FILE"
_KNOWN = ("token", "namespace", "ca", "timeout_s")


class _Server(NamedTuple):
    """Where to ask; `timeout_s` holds for connecting and for each wait for bytes."""

    url: str
    mount: str
    namespace: str | None
    verify: str | bool
    timeout_s: float


def open_provider(place: str, *, env: Mapping[str, str]) -> Callable[[str], str | None]:
    """Return a function that asks Vault at each call: `db/password` is the key `password` of the secret `db`.

    The token is in the file `token`, read at each call since agents renew it, else in VAULT_TOKEN. Without TLS only a
    server on this machine is asked. Redirects are not followed: the token would go with them. Raises SecretsError.
    """
    hvac = library("hvac", place="vault:")
    server, token_file = _server(place)
    token = env.get("VAULT_TOKEN", "")
    if not (token or token_file):
        raise SecretsError(f"{server.url} needs a token", help="write ?token=FILE, or set VAULT_TOKEN")
    held = token_file or _hidden(token)
    del token

    def secret(path: str) -> str | None:
        *above, key = steps(path)
        if not above:
            raise SecretsError(f"the secret {path} names no key", help=f"write ${{secret:{path}/KEY}}")
        text = (_ask(hvac, server, "/".join(above), _token(held)) or {}).get(key)
        if not isinstance(text, str | None):
            del text
            raise SecretsError(f"{server.url} holds no text at the secret {path}")
        return text

    return secret


def _hidden(text: str) -> Callable[[], str]:
    return lambda: text


def _token(held: str | Callable[[], str]) -> Callable[[], str]:
    if not isinstance(held, str):
        return held
    text = read_private(held)
    if not text or not text.strip():
        raise SecretsError(f"{held} holds no token", path=held)
    return _hidden(text.strip())


def _server(place: str) -> tuple[_Server, str]:
    scheme = place.partition("://")[0].removeprefix("vault+")
    try:
        parts = urlsplit(place)
        host, port = parts.hostname or "", parts.port
        given = parameters(parts.query, known=_KNOWN)
        timeout_s = float(given.get("timeout_s", "5"))
    except ValueError:
        host, port, timeout_s = "", None, 0.0
    mount = unquote(parts.path).strip("/") if host else ""
    if not host or not mount or parts.username is not None or not 0 < timeout_s < float("inf"):
        raise SecretsError("vault: names no host or no mount, has a user, or waits for no time", help=_FORM)
    steps(mount)
    if scheme == "http" and not _is_here(host):
        raise SecretsError(f"{host} would be asked for secrets without TLS", help=_FORM)
    name = f"[{host}]" if ":" in host else host
    url = f"{scheme}://{name}" + (f":{port}" if port else "")
    return _Server(url, mount, given.get("namespace"), given.get("ca") or True, timeout_s), given.get("token", "")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ask(hvac: Any, server: _Server, path: str, token: Callable[[], str]) -> Mapping[str, Any] | None:  # noqa: ANN401
    """Return what a secret holds, None where there is none; what libraries raise is dropped, for it holds the token."""
    from requests import RequestException, Session  # noqa: PLC0415 - hvac has brought it

    answer: object = None
    reason = "answers what no key-value engine of version 2 says"
    try:
        with Session() as session:
            session.trust_env = server.url.startswith("https:")  # a proxy would read what has no TLS
            client = hvac.Client(
                url=server.url,
                token=token(),
                namespace=server.namespace,
                verify=server.verify,
                timeout=server.timeout_s,
                allow_redirects=False,
                session=session,
            )
            answer = client.secrets.kv.v2.read_secret_version(
                path, mount_point=server.mount, raise_on_deleted_version=True
            )
    except hvac.exceptions.InvalidPath:
        return None
    except (hvac.exceptions.Forbidden, hvac.exceptions.Unauthorized):
        reason = f"does not let this token read {server.mount}/{path}"
    except hvac.exceptions.VaultError as error:
        reason = f"refuses: {type(error).__name__}"
    except (RequestException, OSError, ValueError) as error:
        reason = f"cannot be asked: {type(error).__name__}"
    data = answer.get("data") if isinstance(answer, dict) else None
    held = data.get("data") if isinstance(data, dict) else None
    if isinstance(held, dict):
        return held
    del answer, data, held
    raise SecretsError(f"{server.url} {reason}", help="see that it is up and unsealed, and what the token may read")
