"""EXCH001: leverage within the exchange's bracket."""

import pytest

from rule_desk import COIN, LIMITS, LOCK, found, lock, text_at

RULE = "market_leverage_bracket"


def layers(leverage: str, size: str) -> dict[str, str]:
    """Return an environment's size and a coin's leverage; the venue allows 25 up to 50,000 usd, 10 up to 250,000."""
    return {
        LIMITS: f"trading:\n  leverage: 1\n  max_position_size_usd: {size}\n",
        COIN: f"trading:\n  leverage: {leverage}\n",
    }


@pytest.mark.parametrize(
    ("leverage", "size", "fails"),
    [("25", "50000", False), ("26", "50000", True), ("11", "50001", True), ("10", "250000", False)],
)
def test_a_position_is_judged_by_its_bracket(leverage: str, size: str, *, fails: bool) -> None:
    """A bracket's own leverage is allowed up to its cap, and with the next dollar the next one holds."""
    assert [finding.code for finding in found(RULE, layers(leverage, size))] == ["EXCH001"] * fails


def test_the_lock_file_is_shown_with_both_values() -> None:
    """The finding points at the leverage, the size and the brackets."""
    said = layers("20", "60000")
    (finding,) = found(RULE, said)
    assert finding.message == "leverage 20 is over 10, what venue allows ETH at 60000 usd"
    assert finding.help == "lower leverage to 10 or less, or max_position_size_usd to a lower bracket"
    assert [place[::2] for place in text_at(RULE, said, finding)] == [
        (COIN, "leverage set here"),
        (LIMITS, "max_position_size_usd set here"),
        (LOCK, "leverage_brackets locked here"),
    ]


def test_over_the_last_bracket_only_the_size_can_be_lowered() -> None:
    """No leverage is allowed there at all."""
    (finding,) = [one for one in found(RULE, layers("1", "250001")) if "ETH" in one.message]
    assert finding.help == "lower max_position_size_usd to the last bracket's cap"


def test_unknown_brackets_are_said_and_not_guessed() -> None:
    """The engine says that the rule could not run for the coin."""
    (finding,) = found(RULE, layers("125", "1000") | {LOCK: lock(leverage_brackets=None)})
    assert (finding.code, finding.severity) == ("MARKET006", "note")
