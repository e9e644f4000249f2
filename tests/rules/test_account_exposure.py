"""RISK016: bots of one account stay together within its capital's exposure."""

import pytest

from deskc.core.findings import Finding
from rule_desk import LIMITS, found, text_at

RULE = "account_exposure"
MAKER, TAKER = "bots/maker/bot.yaml", "bots/taker/bot.yaml"


def bot(*, size: int, venue: str = "venue", account: str = "", more: str = "") -> str:
    """Return a bot of two coins on a venue that may hold so much of each."""
    named = f", account: {account}" if account else ""
    declared = f"bot: {{exchange: {venue}, strategy: template, environments: [paper], coins: [ETH, SOL]{named}}}\n"
    return f"{declared}trading:\n  max_position_size_usd: {size}\n{more}"


def findings(maker: str, taker: str) -> tuple[Finding, ...]:
    """Return what is found where two bots have an exposure of 800 usd."""
    return found(RULE, {LIMITS: "risk:\n  capital_usd: 1000\n", MAKER: maker, TAKER: taker})


def test_coins_and_bots_are_summed() -> None:
    """Each bot alone would keep to the exposure; the finding shows both, the capital and the share of it."""
    said = {LIMITS: "risk:\n  capital_usd: 1000\n", MAKER: bot(size=300), TAKER: bot(size=101)}
    (finding,) = found(RULE, said)
    together = "maker, taker may hold 802 usd on venue, over 800"
    assert finding.message == f"{together}: capital_usd 1000 × max_portfolio_exposure_pct 0.8"
    assert text_at(RULE, said, finding) == [
        (MAKER, "300", "max_position_size_usd set here"),
        (TAKER, "101", "max_position_size_usd set here"),
        (LIMITS, "1000", "capital_usd set here"),
        ("schemas/trading.schema.json", "0.8", "max_portfolio_exposure_pct has its default here"),
    ]
    assert finding.severity == "error"
    assert {scope.partition("/ETH")[0] for scope in finding.scopes} == {"paper/maker", "paper/taker"}


@pytest.mark.parametrize(
    ("maker", "taker", "heard"),
    [
        (bot(size=200), bot(size=200), 0),
        (bot(size=300), bot(size=300), 1),
        (bot(size=300), bot(size=300, venue="other"), 0),
        (bot(size=300, account="a"), bot(size=300), 0),
        (bot(size=300, account="a"), bot(size=300, account="b"), 0),
        (bot(size=300, account="a"), bot(size=300, account="a", venue="other"), 1),
        (bot(size=300, account="a", venue="other"), bot(size=300, more="exchange: {account: a}\n"), 1),
        (bot(size=300), bot(size=300, more="exchange: {account: own}\n"), 0),
        (bot(size=300), bot(size=300, more="  enabled: false\n"), 0),
        (bot(size=300), bot(size=300, more="strategy: {enabled: false}\n"), 0),
        (bot(size=300), bot(size=500, more="  max_concurrent_positions: 1\n"), 1),
        (bot(size=150), bot(size=500, more="  max_concurrent_positions: 1\n"), 0),
        (bot(size=350), bot(size=60), 1),
    ],
)
def test_bots_share_an_account_or_a_venue(maker: str, taker: str, heard: int) -> None:
    """The account's name decides, the venue where there is none; what is off or may not be open at once is left out."""
    assert len(findings(maker, taker)) == heard


def test_an_inventory_counts_where_it_is_capped_lower() -> None:
    """A market maker never holds more than that of a coin; the default of a bot that quotes nothing caps nothing."""
    assert findings(bot(size=500, more="  max_per_coin_notional: 200\n"), bot(size=200)) == ()
    (finding,) = findings(bot(size=500, more="  max_per_coin_notional: 201\n"), bot(size=200))
    assert finding.message.startswith("maker, taker may hold 802 usd on venue, over 800: ")
    assert finding.places[0].role == "max_per_coin_notional set here"


def test_nothing_is_judged_without_capital() -> None:
    """A share of nothing known is no limit."""
    assert found(RULE, {MAKER: bot(size=100_000), TAKER: bot(size=100_000)}) == ()


def test_a_bot_that_declares_no_capital_counts_on_the_account_of_one_that_does() -> None:
    """Its positions draw on the same equity, whoever wrote down how much that is."""
    own = {MAKER: bot(size=300, more="risk: {capital_usd: 1000}\n"), TAKER: bot(size=300)}
    limited = {LIMITS: "risk: {global: {max_leverage: 20}}\n"}
    (finding,) = found(RULE, own | limited)
    assert finding.message.startswith("maker, taker may hold 1200 usd on venue, over 800: capital_usd 1000 × ")


def test_of_numbers_that_differ_by_coin_the_most_cautious_counts() -> None:
    """A coin that allows itself more positions allows them to its bot, and one that exposes less binds the account."""
    few, many = "  max_concurrent_positions: 1\n", "trading: {max_concurrent_positions: 2}\n"
    ours = {MAKER: bot(size=300, more=few), TAKER: bot(size=300, more=few), LIMITS: "risk:\n  capital_usd: 1000\n"}
    assert found(RULE, ours) == ()
    assert "may hold 900 usd" in found(RULE, ours | {"bots/maker/coins/SOL.yaml": many})[0].message
    narrow = "trading: {max_portfolio_exposure_pct: 0.5, max_position_size_usd: 100}\n"
    (finding,) = found(RULE, ours | {"bots/taker/coins/SOL.yaml": narrow})
    assert finding.message.endswith("over 500: capital_usd 1000 × max_portfolio_exposure_pct 0.5")
