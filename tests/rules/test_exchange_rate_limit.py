"""RISK015: no bot allows itself more requests than all may send to its venue."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "exchange_rate_limit"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return a venue's limit and a bot's own."""
    return {
        LIMITS: f"risk:\n  exchange_limits:\n    venue:\n      rate_limit_per_second: {allowed}\n",
        OWN: f"exchange:\n  rate_limit_per_second: {asked}\n",
    }


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [("10", "10", False), ("10.5", "10", True), ("null", "10", False)]
)
def test_a_bot_may_use_all_of_the_limit(asked: str, allowed: str, *, fails: bool) -> None:
    """The limit itself is allowed, half a request more is not; null is no limit of the bot's own."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK015"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("20", "10"))
    assert text_at(RULE, layers("20", "10"), finding) == [
        (OWN, "20", "rate_limit_per_second set here"),
        (LIMITS, "10", "rate_limit_per_second set here"),
    ]
    assert finding.message == "rate_limit_per_second 20 is over venue's limit 10"
    assert finding.help == "lower exchange.rate_limit_per_second to 10 or less"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK015")
