"""The client that speaks to a venue: ccxt's own, imported when it is needed, sending to another address where told."""

from collections.abc import Mapping
from typing import Any

from deskc.core.errors import DeskcError
from deskc.exchange.library import Credentials, address_of, library, send_to

__all__ = ["open_client"]

_CLASSES: Mapping[str, str] = {"binance_usdm": "binanceusdm"}


def open_client(  # noqa: PLR0913 - what tells one client from another, by keyword past the first
    exchange: str,
    *,
    credentials: Credentials,
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
    target = None if url is None else address_of(url, signed=True)
    settings: dict[str, Any] = {
        "apiKey": credentials.api_key,
        "secret": credentials.secret,
        "timeout": round(timeout_s * 1000),
    }
    # Currencies are the spot wallet's: another host, and a permission that a key for trading need not have.
    settings["options"] = {"fetchCurrencies": False}
    client = getattr(library(), _CLASSES[exchange])(settings)
    if per_second is not None:
        client.rateLimit = max(client.rateLimit, 1000 / per_second)
    if testnet:
        client.enable_demo_trading(enable=True)
    if target is not None:
        send_to(client, target)
    return client
