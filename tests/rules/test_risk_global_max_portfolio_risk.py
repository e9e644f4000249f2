"""RISK008: every position stopped on the same day costs no more than the portfolio's risk."""

import pytest

from rule_desk import COIN, LIMITS, SIDE, found, text_at

RULE = "risk_global_max_portfolio_risk"
RISK = "risk: {global: {max_leverage: 20, max_portfolio_risk: 0.25}}\n"


def layers(**trading: float) -> dict[str, str]:
    """Return an environment's trading numbers over its portfolio's risk."""
    numbers = {"leverage": 10, "stop_loss_pct": 2, "position_size_pct": 0.1, "take_profit_pct": 90, **trading}
    return {LIMITS: f"trading: {{{', '.join(f'{name}: {value}' for name, value in numbers.items())}}}\n{RISK}"}


@pytest.mark.parametrize(
    ("trading", "lost"),
    [
        ({"leverage": 12, "stop_loss_pct": 5}, None),  # 4 × 0.1 × 0.6 = 0.24
        ({"leverage": 12.5}, None),
        ({"leverage": 20, "stop_loss_pct": 4}, "0.32"),
        ({"leverage": 20, "stop_loss_pct": 4, "max_concurrent_positions": 3}, None),  # 0.24
        ({"leverage": 10, "stop_loss_pct": 6.25}, None),  # exactly 0.25
        ({"leverage": 20, "stop_loss_pct": 4, "position_size_pct": 1}, "0.64"),
        ({"leverage": 20, "stop_loss_pct": 4, "quantity_multiplier": 0.5}, None),  # 0.16
        ({"leverage": 12, "stop_loss_pct": 5, "quantity_multiplier": 1.5}, "0.36"),
        ({"leverage": 10, "stop_loss_pct": 6.2500001}, "0.250000004"),
        ({"leverage": 20, "stop_loss_pct": 4, "position_size_pct": 1, "max_portfolio_exposure_pct": 0.3}, None),
    ],
)
def test_positions_are_counted_as_far_as_they_may_be_open(trading: dict[str, float], lost: str | None) -> None:
    """Two coins by two sides are four positions, fewer where only so many may be open or the exposure is used up."""
    trading = {name: int(value) if name == "leverage" else value for name, value in trading.items()}
    messages = [finding.message for finding in found(RULE, layers(**trading))]
    assert messages == [f"positions stopped together lose {lost} of equity, over max_portfolio_risk 0.25"] * bool(lost)


def test_the_worst_positions_count_first() -> None:
    """With one position at a time, the side with the highest leverage decides, and the finding shows it."""
    said = layers(max_concurrent_positions=1, stop_loss_pct=10)
    said |= {COIN: "trading: {leverage: 15, position_size_pct: 0.2}\n", SIDE: "trading: {leverage: 20}\n"}
    (finding,) = found(RULE, said)
    assert finding.message == "positions stopped together lose 0.4 of equity, over max_portfolio_risk 0.25"
    assert finding.scopes == ("paper/maker/ETH/LONG",)
    shown = text_at(RULE, said, finding)
    assert shown[:3] == [
        (SIDE, "20", "leverage set here"),
        (LIMITS, "10", "stop_loss_pct set here"),
        (LIMITS, "0.25", "max_portfolio_risk set here"),
    ]
    assert {role for _, _, role in shown[3:]} == {
        "position_size_pct set here",
        "quantity_multiplier has its default here",
        "max_portfolio_exposure_pct has its default here",
        "max_concurrent_positions set here",
    }


def test_a_large_position_counts_before_a_small_one_of_a_farther_stop() -> None:
    """One position at a time: the one that loses most decides, not the one whose stop is farthest."""
    said = layers(max_concurrent_positions=1, position_size_pct=0.5, leverage=6, stop_loss_pct=10)
    said |= {COIN: "trading: {leverage: 20, position_size_pct: 0.01}\n"}
    (finding,) = found(RULE, said)
    assert finding.message == "positions stopped together lose 0.3 of equity, over max_portfolio_risk 0.25"
    assert finding.scopes == ("paper/maker/SOL/LONG",)


def test_of_limits_that_differ_by_coin_the_widest_counts() -> None:
    """No coin's own count of positions hides what the others may hold; the finding shows the count that it used."""
    said = layers(leverage=20, stop_loss_pct=4)
    said |= {COIN: "trading: {leverage: 20, stop_loss_pct: 4.1, max_concurrent_positions: 1}\n"}
    (finding,) = found(RULE, said)
    assert finding.message == "positions stopped together lose 0.324 of equity, over max_portfolio_risk 0.25"
    roles = [role for _, _, role in text_at(RULE, said, finding)]
    assert "max_concurrent_positions has its default here" in roles
