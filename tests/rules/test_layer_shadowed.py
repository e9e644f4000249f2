"""LAYER002: no line is overruled everywhere."""

from rule_desk import COIN, LIMITS, OWN, SIDE, found, text_at

RULE = "layer_shadowed"


def test_both_lines_are_shown() -> None:
    """The one that overrules second."""
    said = {LIMITS: "trading: {leverage: 5}\n", OWN: "trading: {leverage: 3}\n"}
    (finding,) = found(RULE, said)
    assert (finding.code, finding.severity) == ("LAYER002", "warning")
    assert finding.message == f"trading.leverage holds nowhere: all that read it set it anew, such as {OWN}"
    assert text_at(RULE, said, finding) == [(LIMITS, "5", "leverage set here"), (OWN, "3", "leverage set here")]


def test_both_sides_together_overrule_their_coin() -> None:
    """One of them alone does not."""
    short = SIDE.replace("LONG", "SHORT")
    said = {COIN: "trading: {leverage: 5}\n", SIDE: "trading: {leverage: 3}\n"}
    assert found(RULE, said) == ()
    (finding,) = found(RULE, said | {short: "trading: {leverage: 4}\n"})
    assert [place.path for place in finding.places] == [COIN, SIDE]


def test_a_bots_own_scope_needs_what_all_its_coins_overrule() -> None:
    """No layer of a coin speaks to it."""
    coins = {COIN.replace("ETH", coin): "trading: {leverage: 3}\n" for coin in ("ETH", "SOL")}
    assert found(RULE, {OWN: "trading: {leverage: 5}\n", **coins}) == ()


def test_a_comment_lets_it_pass() -> None:
    """As with any rule."""
    said = " # deskc: ignore[LAYER002] until 2027-01-01: the bot moves to another venue\n"
    assert found(RULE, {LIMITS: f"trading:\n  leverage: 5{said}", OWN: "trading: {leverage: 3}\n"}) == ()


def test_a_repetition_is_another_rules_business() -> None:
    """A line that says what holds anyway is LAYER001's."""
    same = "trading: {leverage: 5}\n"
    assert found(RULE, {LIMITS: same, OWN: same}) == ()
