"""SIZE002: a single fill cannot carry a coin's inventory past its cap."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "trading_quote_size"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's cap and a coin's quote."""
    return {
        LIMITS: f"trading:\n  max_per_coin_notional: {allowed}\n",
        COIN: f"trading:\n  size_notional_usd: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("500", "500.0", False), ("500.01", "500", True)])
def test_one_quote_may_fill_the_inventory(asked: str, allowed: str, *, fails: bool) -> None:
    """A quote as large as the cap is allowed, a cent more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["SIZE002"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("25", "20.5"))
    assert text_at(RULE, layers("25", "20.5"), finding) == [
        (COIN, "25", "size_notional_usd set here"),
        (LIMITS, "20.5", "max_per_coin_notional set here"),
    ]
    assert finding.message == "size_notional_usd 25 is over max_per_coin_notional 20.5"
    assert finding.help == "lower size_notional_usd to 20.5 or less, or raise max_per_coin_notional"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule SIZE002")
