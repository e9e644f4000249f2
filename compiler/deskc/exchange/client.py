"""The client that speaks to a venue: ccxt's own, imported when it is needed, sending to another address where told."""

from collections.abc import Mapping
from importlib import import_module
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from deskc.core.errors import DeskcError

__all__ = ["Access", "library", "open_client"]

_CLASSES: Mapping[str, str] = {"binance_usdm": "binanceusdm"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Access(NamedTuple):
    """What proves who asks; its repr shows neither half."""

    key: str
    secret: str

    def __repr__(self) -> str:
        """Show that there are two halves, never which."""
        return "Access('***', '***')"


def library() -> Any:  # noqa: ANN401 - a module
    """Return ccxt; raise DeskcError with the extra that brings it where it is not installed."""
    try:
        return import_module("ccxt")
    except ModuleNotFoundError as error:
        if error.name != "ccxt":
            raise
        msg = "what talks to venues needs ccxt, which is not installed"
        raise DeskcError(msg, help="pip install 'deskc[exchange]'") from error


def open_client(  # noqa: PLR0913 - what tells one client from another, by keyword past the first
    exchange: str,
    *,
    access: Access,
    url: str | None = None,
    testnet: bool = False,
    per_second: float | None = None,
    timeout_s: float = 10,
) -> Any:  # noqa: ANN401 - ccxt publishes no types
    """Return a ccxt client of a venue whose leverage deskc keeps; nothing is sent yet.

    `url` is where requests go instead of the venue's own address, scheme and host alone. `per_second` is the rate of
    requests, never faster than the client's own. Raise DeskcError for a venue or an address that this deskc cannot use,
    and where ccxt is not installed.
    """
    if exchange not in _CLASSES:
        msg = f"deskc keeps the leverage of {', '.join(_CLASSES)}, not of {exchange}"
        raise DeskcError(msg, help="set it at the venue, and size by what the venue says")
    target = None if url is None else _address(url)
    settings: dict[str, Any] = {"apiKey": access.key, "secret": access.secret, "timeout": round(timeout_s * 1000)}
    # Currencies are the spot wallet's: another host, and a permission that a key for trading need not have.
    settings["options"] = {"fetchCurrencies": False}
    client = getattr(library(), _CLASSES[exchange])(settings)
    if per_second is not None:
        client.rateLimit = max(client.rateLimit, 1000 / per_second)
    if testnet:
        client.enable_demo_trading(enable=True)
    if target is not None:
        _send_to(client, target)
    return client


def _address(url: str) -> str:
    """Return scheme and host of an address; raise DeskcError where it is none, or signatures would travel in clear."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise DeskcError(f"{url!r} is no address: {error}", help="give one as https://HOST:PORT") from error
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.username or parts.path.strip("/") or parts.query:
        raise DeskcError(f"{url!r} is no scheme and host alone", help="give one as https://HOST:PORT")
    if parts.scheme == "http" and not _is_loopback(host):
        raise DeskcError(f"{url!r} would carry signed requests unencrypted", help="give an https:// address")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}:{port or _DEFAULT_PORTS[parts.scheme]}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _send_to(client: Any, target: str) -> None:  # noqa: ANN401 - ccxt publishes no types
    """Let a client's requests go to another address.

    Its own addresses stay what they are: ccxt knows by how a URL begins which table of errors an answer belongs to.
    """
    adapters = import_module("requests.adapters")

    class Elsewhere(adapters.HTTPAdapter):  # type: ignore[misc, name-defined]  # requests comes with ccxt, untyped
        """Sends each request to the target instead."""

        def send(self, request: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as its base has it
            moved = request.copy()
            scheme, netloc, _, _, _ = urlsplit(target)
            moved.url = urlunsplit((scheme, netloc, *urlsplit(request.url)[2:]))
            return super().send(moved, *arguments, **options)

    client.session.mount("https://", Elsewhere())
    client.session.mount("http://", Elsewhere())
