"""ccxt, imported when a venue is asked; who asks, and to which address its requests go."""

from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from deskc.core.errors import DeskcError

__all__ = ["API_KEY", "API_SECRET", "Credentials", "address_of", "library", "send_to"]

API_KEY = "DESKC_EXCHANGE_API_KEY"
API_SECRET = "DESKC_EXCHANGE_API_SECRET"  # noqa: S105 - the name of the variable that holds it


class Credentials(NamedTuple):
    """What proves to a venue who asks; its repr shows neither half."""

    api_key: str
    secret: str

    def __repr__(self) -> str:
        """Show that there are two halves, never which."""
        return "Credentials('***', '***')"


def library() -> Any:  # noqa: ANN401 - ccxt comes without types
    """Return ccxt; raise DeskcError with the extra that brings it where it is not installed."""
    try:
        import ccxt  # noqa: PLC0415 - half a second, for those alone who ask a venue
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "ccxt":
            raise
        way_out = "pip install 'deskc[exchange]'"
        raise DeskcError("asking a venue needs ccxt, which is not installed", help=way_out) from error
    return ccxt


def address_of(url: str, *, signed: bool) -> str:
    """Return scheme, host and port of a URL; raise DeskcError where it is none, holds more, or shows who asks."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    more = parts.username or parts.path not in ("", "/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not host or more:
        way_out = "write scheme, host and port alone, such as http://127.0.0.1:8080"
        raise DeskcError("the address of --exchange-url is none of an exchange", help=way_out)
    if signed and parts.scheme == "http" and not _on_this_machine(host):
        raise DeskcError(f"a key would travel to {host} in the clear", help="write --exchange-url https://…")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port is None else f":{port}")


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def send_to(client: Any, address: str) -> None:  # noqa: ANN401 - ccxt comes without types
    """Let a ccxt client's requests go to another scheme and host, their paths unchanged.

    Its own addresses stay what they are: ccxt knows by how a URL begins which table of errors an answer belongs to.
    """
    from requests.adapters import HTTPAdapter  # noqa: PLC0415 - ccxt brings it

    scheme, host = urlsplit(address)[:2]

    class Elsewhere(HTTPAdapter):
        def send(self, request: Any, *args: Any, **settings: Any) -> Any:  # noqa: ANN401 - as its base has it
            moved = request.copy()
            moved.url = urlunsplit((scheme, host, *urlsplit(request.url)[2:]))
            return super().send(moved, *args, **settings)

    for prefix in ("https://", "http://"):
        client.session.mount(prefix, Elsewhere())
