"""A venue as ccxt speaks to it: found by the desk's name for it, with exact numbers and errors in one sentence."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.exchange.library import API_KEY, API_SECRET, Credentials, address_of, library, send_to

__all__ = ["Client", "Venue", "asking", "connect", "refused"]

_CCXT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "binance": ("binance", ("spot",)),
    "binance_spot": ("binance", ("spot",)),
    "binance_usdm": ("binanceusdm", ("linear",)),
    "hyperliquid": ("hyperliquid", ("swap", "spot")),
}  # what ccxt calls a venue, and which of its lists of markets are asked for
_LONGEST = 200  # characters of a venue's own words that a message repeats


class Client(Protocol):
    """What is used of ccxt's clients; all answers are its unified structures, numbers as text."""

    markets: Mapping[str, Mapping[str, Any]]
    markets_by_id: Mapping[str, Sequence[Mapping[str, Any]]]
    has: Mapping[str, Any]

    def fetch_markets(self) -> Sequence[Mapping[str, Any]]:
        """Ask for every market."""

    def set_markets(self, markets: Sequence[Mapping[str, Any]]) -> object:
        """Index markets by symbol and by the venue's id."""

    def fetch_tickers(self, symbols: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Ask for the last prices of symbols."""

    def fetch_leverage_tiers(self, symbols: Sequence[str]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Ask for the leverage brackets of symbols."""


class Venue(NamedTuple):
    """A venue by the desk's name for it; `source` says who is asked, `known` whether credentials were given."""

    name: str
    client: Client
    source: str
    known: bool


def connect(
    name: str, *, url: str | None = None, credentials: Credentials | None = None, timeout_s: float = 10
) -> Venue:
    """Prepare to ask the venue that a desk calls `name`; nothing is sent yet.

    With `url` every request goes to that address instead, its path unchanged. ccxt's own addresses stay as they are,
    since it reads the meaning of an error from the address that it believes it asked.

    Raise DeskcError where ccxt is missing or does not know the venue, and where the address is none.
    """
    ccxt = library()
    known, lists = _CCXT.get(name, (name if name in ccxt.exchanges else name.replace("_", ""), ()))
    if known not in ccxt.exchanges:
        guess = close_to(name, (*_CCXT, *ccxt.exchanges))
        raise DeskcError(f"ccxt knows no exchange {name}", help=f"did you mean {guess}?" if guess else "")
    options = {"fetchMargins": False, **({"fetchMarkets": {"types": list(lists)}} if lists else {})}
    keys = {"apiKey": credentials.api_key, "secret": credentials.secret} if credentials else {}
    # Three or four requests are far below any venue's limit, and ccxt would wait seconds between them.
    settings = {"timeout": int(timeout_s * 1000), "enableRateLimit": False, "options": options, **keys}
    client = getattr(ccxt, known)(settings)
    client.number = str  # what the venue writes is kept digit by digit
    client.on_json_response = lambda text: json.loads(text, parse_float=str)
    source = f"{known} through ccxt {ccxt.__version__}"
    if url is not None:
        address = address_of(url, signed=credentials is not None)
        send_to(client, address)
        source = f"{source} at {address}"
    return Venue(name, client, source, credentials is not None)


@contextmanager
def asking(venue: str) -> Iterator[None]:
    """Turn what ccxt raises into DeskcError: a venue that is down, silent, flooded, or that refuses what is asked."""
    ccxt = library()
    try:
        yield
    except ccxt.AuthenticationError as error:
        way_out = f"check {API_KEY} and {API_SECRET}; reading is all that the key must be allowed"
        raise DeskcError(f"{venue} refuses the key: {_said(error)}", help=way_out) from error
    except (ccxt.RateLimitExceeded, ccxt.DDoSProtection) as error:
        raise DeskcError(
            f"{venue} says that it is asked too often", help="wait some minutes, then try again"
        ) from error
    except ccxt.RequestTimeout as error:
        raise DeskcError(f"{venue} does not answer in time", help="try again later") from error
    except ccxt.NetworkError as error:
        way_out = "check the connection and --exchange-url, or try again later"
        raise DeskcError(f"{venue} cannot be reached, or is down", help=way_out) from error
    except ccxt.BaseError as error:
        raise DeskcError(f"{venue} does not say what it was asked: {_said(error)}", help="try again later") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # ccxt takes an answer apart without a look at its form.
        way_out = "check --exchange-url, or whether there is a newer ccxt"
        raise DeskcError(f"{venue} answers what ccxt cannot read", help=way_out) from error


def refused(error: Exception) -> bool:
    """Say whether ccxt asks for credentials, or has been told that they do not do."""
    return isinstance(error, library().AuthenticationError)


def _said(error: Exception) -> str:
    """Return what a venue says in one line; ccxt's own addresses, which are long and may be signed, are left out."""
    words = [word for word in str(error).split() if "://" not in word]
    text = " ".join(words)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
