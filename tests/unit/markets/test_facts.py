"""What a market's facts answer."""

from decimal import Decimal

import pytest

from deskc.core.findings import Place
from deskc.markets.facts import FACTS, NOTHING_KNOWN, Bracket, Exchange, Markets
from some_market import UNKNOWN

BRACKETS = (Bracket(Decimal(5000), 20), Bracket(Decimal(250_000), 10))
MARKETS = Markets(
    {"venue": Exchange("venue", "markets/venue.yaml", UNKNOWN.as_of, "a page", {"ETH": UNKNOWN})},
    lambda file, _: Place(file),
)


@pytest.mark.parametrize(
    ("notional", "allowed"), [(1, 20), (5000, 20), (Decimal("5000.01"), 10), (5000.01, 10), (250_000, 10), (250_001, 0)]
)
def test_a_bracket_holds_up_to_its_cap(notional: Decimal | float, allowed: int) -> None:
    """The cap itself belongs to the bracket; over the last one nothing is allowed."""
    assert UNKNOWN._replace(leverage_brackets=BRACKETS).max_leverage(notional_usd=notional) == allowed


def test_unknown_brackets_allow_no_answer() -> None:
    """A guess would be a leverage that nobody promised."""
    with pytest.raises(LookupError, match="leverage brackets of ETH at venue are unknown"):
        UNKNOWN.max_leverage(notional_usd=1)


def test_facts_are_named_as_the_lock_file_names_them() -> None:
    """Rules ask by these names; what dates and places the facts is none of them."""
    assert FACTS == (
        "symbol",
        "status",
        "tick_size",
        "step_size",
        "min_qty",
        "max_qty",
        "min_notional_usd",
        "leverage_brackets",
        "reference_price",
    )


@pytest.mark.parametrize(
    ("exchange", "coin", "known"),
    [
        ("venue", "ETH", True),
        ("venue", "SOL", False),
        ("other", "ETH", False),
        (None, "ETH", False),
        ("venue", None, False),
    ],
)
def test_a_market_is_found_by_exchange_and_coin(exchange: str | None, coin: str | None, *, known: bool) -> None:
    """A bot's own scope has no coin and a service no exchange, so neither has a market."""
    assert (MARKETS.find(exchange, coin) is UNKNOWN) is known
    assert NOTHING_KNOWN.find(exchange, coin) is None
