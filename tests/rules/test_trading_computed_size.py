"""SIZE003: on the declared capital a full position reaches the floor."""

import pytest

from rule_desk import COIN, LIMITS, OWN, found, text_at

RULE = "trading_computed_size"


def layers(floor: str, capital: str) -> dict[str, str]:
    """Return a tenth of a bot's capital, halved, and a coin's floor."""
    return {
        LIMITS: "trading:\n  position_size_pct: 0.1\n  quantity_multiplier: 0.5\n",
        OWN: f"risk:\n  capital_usd: {capital}\n",
        COIN: f"trading:\n  min_position_size_usd: {floor}\n",
    }


@pytest.mark.parametrize(
    ("floor", "capital", "fails"), [("50", "1000", False), ("50", "999", True), ("51", "1000", True)]
)
def test_a_position_may_equal_the_floor(floor: str, capital: str, *, fails: bool) -> None:
    """A size that just reaches the floor is traded, a smaller one never is."""
    assert [finding.code for finding in found(RULE, layers(floor, capital))] == ["SIZE003"] * fails


def test_every_factor_is_shown() -> None:
    """The floor comes first, then what the size is made of; capital is a declared figure, so it is a warning."""
    said = layers("60", "1000")
    (finding,) = found(RULE, said)
    assert finding.message == "a full position is worth 50 usd, below min_position_size_usd 60"
    assert finding.severity == "warning"
    assert text_at(RULE, said, finding) == [
        (COIN, "60", "min_position_size_usd set here"),
        (OWN, "1000", "capital_usd set here"),
        (LIMITS, "0.1", "position_size_pct set here"),
        (LIMITS, "0.5", "quantity_multiplier set here"),
    ]


def test_nothing_is_judged_without_capital() -> None:
    """A fraction of nothing known is no size."""
    assert found(RULE, {COIN: "trading: {min_position_size_usd: 9000}\n"}) == ()
