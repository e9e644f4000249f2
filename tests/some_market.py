"""A market of which nothing is known but its name, and a lock file, for tests of what is done with facts."""

from deskc.markets.facts import FACTS, Market

__all__ = ["LOCK", "UNKNOWN"]

UNKNOWN = Market(
    exchange="venue",
    coin="ETH",
    as_of="2025-11-26T03:36:10Z",
    age_s=60,
    symbol="ETH/USDT",
    status=None,
    tick_size=None,
    step_size=None,
    min_qty=None,
    max_qty=None,
    min_notional_usd=None,
    leverage_brackets=None,
    reference_price=None,
    unknown=frozenset(FACTS) - {"symbol"},
)

LOCK = """\
exchange: venue
as_of: 2025-11-26T03:36:10Z
source: the venue's public list of markets
coins:
  ETH:
    symbol: ETH/USDT
    status: TRADING
    tick_size: 0.010
    step_size: 0.001
    min_qty: 0.002
    max_qty: 500
    min_notional_usd: 20
    leverage_brackets:
      - notional_cap_usd: 5000.5
        max_leverage: 20
      - notional_cap_usd: 250000
        max_leverage: 10
    reference_price:
      price: 2950.25
      as_of: 2025-11-26T03:36:09Z
      source: the venue's ticker
"""
"""All facts of one coin."""
