"""LADDER001: a ladder is on the side that trades it."""

from rule_desk import OWN, SIDE, found, text_at

RULE = "ladder_side"


def test_a_long_ladder_on_a_short_side_is_found_for_that_side_alone() -> None:
    """Every coin's; the bot's own scope has no side."""
    layers = {OWN: "ladder:\n  core:\n    side: long\n"}
    findings = found(RULE, layers)
    assert [one.message for one in findings] == ["the ladder is long, and the scope's side is SHORT"]
    assert findings[0].scopes == ("paper/maker/ETH/SHORT", "paper/maker/SOL/SHORT")
    assert findings[0].help == "set ladder.core.side to short in a layer of this side"
    assert text_at(RULE, layers, findings[0]) == [(OWN, "long", "side set here")]


def test_a_default_is_a_side_too() -> None:
    """Whoever sets a ladder for both sides sets one long, and is shown the schema."""
    layers = {OWN: "ladder: {core: {num_orders: 12}}\n"}
    (finding,) = found(RULE, layers)
    assert text_at(RULE, layers, finding) == [
        ("schemas/ladder.schema.json", '"long"', "side has its default here"),
    ]


def test_each_side_with_its_own_ladder_is_passed() -> None:
    """As the desk's sides are meant."""
    short = SIDE.replace("LONG", "SHORT")
    layers = {SIDE: "ladder: {core: {side: long}}\n", short: "ladder: {core: {side: short}}\n"}
    assert found(RULE, layers) == ()
