"""The reference desk's lock files say what the exchanges say."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deskc.core import times
from deskc.markets.facts import FACTS
from deskc.pipeline import Prepared, compile_desk, prepare
from deskc.stages.read import WorktreeSource

ROOT = Path(__file__).parents[1]
INFO = ROOT.parent / "shared" / "data" / "binance_usdm_exchange_info.json.gz"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Return the reference desk with its facts."""
    return prepare(WorktreeSource(ROOT, now=times.seconds("2026-12-01T00:00:00Z")), "config-repo/")


def exchange_info() -> dict[str, Any]:
    """Return what the exchange itself answered, numbers as text."""
    if not INFO.is_file():
        pytest.skip("the exchange's own answer lies beside the repository, in ../shared/data, where there is one")
    answer: dict[str, Any] = json.loads(gzip.decompress(INFO.read_bytes()))
    return answer


def test_binance_s_numbers_are_those_of_its_exchange_information(prepared: Prepared) -> None:
    """Tick, step, quantities and notional of every symbol of the desk, and the time of the answer."""
    info = exchange_info()
    exchange = prepared.markets.exchanges["binance_usdm"]
    assert times.seconds(exchange.as_of) == info["serverTime"] // 1000
    symbols = {symbol["symbol"]: symbol for symbol in info["symbols"]}
    assert exchange.coins
    for market in exchange.coins.values():
        symbol = symbols[market.symbol]
        filters = {one["filterType"]: one for one in symbol["filters"]}
        lot = filters["LOT_SIZE"]
        assert market.status == symbol["status"]
        assert market.tick_size == Decimal(filters["PRICE_FILTER"]["tickSize"])
        assert (market.step_size, market.min_qty) == (Decimal(lot["stepSize"]), Decimal(lot["minQty"]))
        assert market.max_qty == Decimal(lot["maxQty"])
        assert market.min_notional_usd == Decimal(filters["MIN_NOTIONAL"]["notional"])
        assert market.unknown == {"leverage_brackets", "reference_price"}


def test_no_fact_is_invented(prepared: Prepared) -> None:
    """What the named pages of the other two exchanges do not tell is null."""
    for market in prepared.markets.exchanges["hyperliquid"].coins.values():
        assert market.min_notional_usd == 10
        assert market.unknown == set(FACTS) - {"symbol", "min_notional_usd"}
    for market in prepared.markets.exchanges["phemex"].coins.values():
        assert market.unknown == set(FACTS) - {"symbol"}


def test_the_facts_know_every_market_of_the_desk(prepared: Prepared) -> None:
    """No bot of the reference desk, and no leg, trades a coin that its exchange's lock file leaves out."""
    assert set(prepared.markets.exchanges) == {"binance_usdm", "hyperliquid", "phemex"}
    unknown = {"MARKET005", "MARKET007"}
    assert [one.message for one in compile_desk(prepared).findings if one.code in unknown] == []
