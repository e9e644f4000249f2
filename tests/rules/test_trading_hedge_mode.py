"""TRADE005: a bot with scopes for longs and for shorts needs hedge mode."""

from rule_desk import COIN, LIMITS, found, text_at

RULE = "trading_hedge_mode"
BOT = "bots/maker/bot.yaml"


def test_the_mode_is_shown_for_the_scopes_that_have_it() -> None:
    """Both sides of the coin share a finding; the bot's own scope trades nothing."""
    said = {LIMITS: "trading:\n  position_mode: hedge\n", COIN: "trading:\n  position_mode: one-way\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [(COIN, "one-way", "position_mode set here")]
    assert finding.message == "position_mode is one-way, where longs and shorts are one position"
    assert finding.scopes == ("paper/maker/ETH/LONG", "paper/maker/ETH/SHORT")


def test_one_side_alone_may_be_held_in_one_way_mode() -> None:
    """Nothing nets against it; the same holds where a bot names no sides at all."""
    said = {LIMITS: "trading: {position_mode: one-way}\n"}
    bot = "bot: {exchange: venue, environments: [paper], coins: [ETH], sides: [LONG]}\n"
    assert found(RULE, said | {BOT: bot}) == ()
    assert found(RULE, said | {BOT: bot.replace(", sides: [LONG]", "")}) == ()
