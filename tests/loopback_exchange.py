"""A venue on this machine that speaks the few Binance USD-M endpoints of leverage, keeps state and fails by script.

Its rules are the venue's own, with the codes of its documentation: a margin type does not change under a position, a
leverage is not reduced under an isolated one, none goes over the first bracket, and to set what is set already fails.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from loopback import listening

__all__ = ["DROPPED", "KEY", "SECRET", "Symbol", "Venue", "serve"]

KEY, SECRET = "a key of the tests", "a secret of the tests"  # they open nothing

Answer = tuple[int, object]
DROPPED: Answer = (0, "")
"""No answer: the line is closed."""
Scripted = Callable[["Venue"], Answer | None]
"""What happens instead of an answer: None lets the venue answer after all."""


@dataclass(slots=True)
class Symbol:
    """What the venue has of one symbol."""

    base: str
    leverage: int = 20
    margin_type: str = "CROSSED"
    position: float = 0
    max_leverage: int = 50

    @property
    def name(self) -> str:
        """The venue's name of it."""
        return f"{self.base}USDT"

    def information(self) -> Mapping[str, object]:
        """Return it as the list of markets has it."""
        return {
            "symbol": self.name,
            "pair": self.name,
            "contractType": "PERPETUAL",
            "status": "TRADING",
            "baseAsset": self.base,
            "quoteAsset": "USDT",
            "marginAsset": "USDT",
            "pricePrecision": 2,
            "quantityPrecision": 3,
            "orderTypes": ["LIMIT", "MARKET"],
            "filters": [
                {"filterType": "PRICE_FILTER", "minPrice": "0.10", "maxPrice": "1000000", "tickSize": "0.10"},
                {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "1000", "stepSize": "0.001"},
                {"filterType": "MIN_NOTIONAL", "notional": "100"},
            ],
        }


@dataclass(slots=True)
class Venue:
    """The venue's state, what it was asked, and by endpoint what happens there next instead."""

    symbols: dict[str, Symbol]
    hedged: bool = False
    script: dict[str, list[Scripted]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def answer(self, endpoint: str, given: Mapping[str, str]) -> Answer:
        """Return status and body."""
        self.asked.append(endpoint)
        waiting = self.script.get(endpoint)
        scripted = waiting.pop(0)(self) if waiting else None
        if scripted is not None:
            return scripted
        if endpoint not in _ENDPOINTS:
            return 404, {"code": -5000, "msg": f"Path {endpoint} is invalid."}
        return _ENDPOINTS[endpoint](self, given)

    def set_leverage(self, given: Mapping[str, str]) -> Answer:
        """Change a symbol's leverage."""
        symbol, leverage = self.symbols.get(given["symbol"]), int(given["leverage"])
        if symbol is None:
            return 400, {"code": -1121, "msg": "Invalid symbol."}
        if leverage > symbol.max_leverage:
            return 400, {"code": -4028, "msg": f"Leverage {leverage} is not valid"}
        if symbol.position and symbol.margin_type == "ISOLATED" and leverage < symbol.leverage:
            return 400, {"code": -4161, "msg": "Leverage reduction is not supported in Isolated Margin Mode."}
        symbol.leverage = leverage
        return 200, {"symbol": symbol.name, "leverage": leverage, "maxNotionalValue": "1000000"}

    def set_margin_type(self, given: Mapping[str, str]) -> Answer:
        """Change a symbol's margin type."""
        symbol = self.symbols[given["symbol"]]
        if given["marginType"] == symbol.margin_type:
            return 400, {"code": -4046, "msg": "No need to change margin type."}
        if symbol.position:
            return 400, {"code": -4048, "msg": "Margin type cannot be changed if there exists position."}
        symbol.margin_type = given["marginType"]
        return 200, {"code": 200, "msg": "success"}

    def set_mode(self, given: Mapping[str, str]) -> Answer:
        """Change the account's position mode."""
        hedged = given["dualSidePosition"] == "true"
        if hedged == self.hedged:
            return 400, {"code": -4059, "msg": "No need to change position side."}
        if any(symbol.position for symbol in self.symbols.values()):
            return 400, {"code": -4068, "msg": "Position side cannot be changed if there exists position."}
        self.hedged = hedged
        return 200, {"code": 200, "msg": "success"}

    def order(self, given: Mapping[str, str]) -> Answer:
        """Take no order that is worth less than 100; a test sends no other."""
        assert float(given["quantity"]) * float(given["price"]) < 100
        return 400, {"code": -4164, "msg": "Order's notional must be no smaller than 100."}

    def positions(self) -> list[Mapping[str, object]]:
        """Return the open positions."""
        open_ones = (symbol for symbol in self.symbols.values() if symbol.position)
        return [{"symbol": one.name, "positionSide": "BOTH", "positionAmt": f"{one.position}"} for one in open_ones]

    def brackets(self) -> list[Mapping[str, object]]:
        """Return one bracket a symbol."""
        one = {"bracket": 1, "notionalFloor": 0, "notionalCap": 10**6, "maintMarginRatio": 0.01, "cum": 0}
        return [
            {"symbol": name, "brackets": [{**one, "initialLeverage": symbol.max_leverage}]}
            for name, symbol in self.symbols.items()
        ]

    def configurations(self) -> list[Mapping[str, object]]:
        """Return what is set of each symbol."""
        return [
            {"symbol": name, "marginType": one.margin_type, "isAutoAddMargin": False, "leverage": one.leverage}
            for name, one in self.symbols.items()
        ]


_ENDPOINTS: Mapping[str, Callable[[Venue, Mapping[str, str]], Answer]] = {
    "GET /fapi/v1/exchangeInfo": lambda venue, _: (
        200,
        {"symbols": [symbol.information() for symbol in venue.symbols.values()]},
    ),
    "GET /fapi/v1/leverageBracket": lambda venue, _: (200, venue.brackets()),
    "GET /fapi/v1/symbolConfig": lambda venue, _: (200, venue.configurations()),
    "GET /fapi/v1/positionSide/dual": lambda venue, _: (200, {"dualSidePosition": venue.hedged}),
    "GET /fapi/v3/positionRisk": lambda venue, _: (200, venue.positions()),
    "GET /fapi/v2/account": lambda venue, _: (200, {"positions": venue.configurations()}),
    "POST /fapi/v1/positionSide/dual": Venue.set_mode,
    "POST /fapi/v1/marginType": Venue.set_margin_type,
    "POST /fapi/v1/leverage": Venue.set_leverage,
    "POST /fapi/v1/order": Venue.order,
}


class _Handler(BaseHTTPRequestHandler):
    venue: Venue

    def do_GET(self) -> None:
        self._respond(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._respond(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())

    def _respond(self, query: str) -> None:
        endpoint = f"{self.command} {urlsplit(self.path).path}"
        signed, _, signature = query.rpartition("&signature=")
        public = endpoint.endswith("/exchangeInfo")
        if not public and not (self.headers.get("X-MBX-APIKEY") == KEY and signature == _signature(signed)):
            answer: Answer = (401, {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."})
        else:
            answer = self.venue.answer(endpoint, dict(parse_qsl(query)))
        if answer == DROPPED:
            return
        status, body = answer
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as its base has it
        """Say nothing."""


def _signature(signed: str) -> str:
    return hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()


@contextmanager
def serve(*symbols: Symbol) -> Iterator[Venue]:
    """Answer on a free port of this machine until the block ends."""
    venue = Venue({symbol.name: symbol for symbol in symbols})
    handler = type("Handler", (_Handler,), {"venue": venue})
    with listening(handler, waited_for=lambda: venue.let_go) as venue.url:
        yield venue
