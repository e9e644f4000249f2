"""`deskc position-size`, as a user runs it."""

import pytest

from command_line import Desk

LONG = ("--env", "production", "--bot", "tradeengine", "--coin", "BTCUSDT", "--side", "LONG")
PRICE = ("--price", "86500.5")
COIN = "config-repo/coins/BTCUSDT.yaml"
LOCK = "config-repo/markets/binance_usdm.yaml"


def test_it_tells_quantity_notional_what_bound_them_and_places(desk: Desk) -> None:
    """The order stands first, its reasons below, and each number names its line."""
    answer = desk.run("position-size", *LONG, *PRICE, "--equity", "5000")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == "0.009 for 778.5045 usd in production/tradeengine/BTCUSDT/LONG (BTCUSDT at binance_usdm)"
    assert any("bound by" in line and "the nearest step" in line for line in lines)
    assert any(line.split()[:2] == ["step_size", "0.001"] and LOCK in line for line in lines)


def test_a_program_reads_it(desk: Desk) -> None:
    """As JSON, with exact decimals."""
    said = desk.run("position-size", *LONG, *PRICE, "--equity", "20000", "--output-format", "json").json()
    assert (said["quantity"], said["bound_by"], said["exchange"]) == ("0.011", "cap_usd", "binance_usdm")


def test_an_order_that_no_step_makes_legal_exits_with_1(desk: Desk) -> None:
    """The minimum, the cap and one step are named, and the result is still a result."""
    answer = desk.run("position-size", *LONG, *PRICE, "--equity", "600")
    assert (answer.code, answer.err) == (1, "")
    assert "the minimum is 100 usd, the cap 1000 usd, one step 86.5005 usd" in answer.out
    said = desk.run("position-size", *LONG, *PRICE, "--equity", "600", "--output-format", "json").json()
    assert (said["quantity"], said["refused"]["minimum_usd"]) == (None, "100")


@pytest.mark.parametrize(
    ("arguments", "message", "way_out"),
    [
        ((*LONG, "--equity", "5000"), "gives no reference_price of this coin", "--price"),
        ((*LONG, *PRICE), "sets no risk.capital_usd", "--equity"),
        ((*LONG, "--price", "dear"), "--price dear is no number above zero", "10000"),
        ((*LONG, "--price", "-1"), "--price -1 is no number above zero", "10000"),
        ((*LONG, "--price", "0"), "--price 0 is no number above zero", "10000"),
        ((*LONG, "--price", "true"), "--price true is no number above zero", "10000"),
        ((*LONG, "--equity", "1e999"), "--equity: no double holds 1e999 exactly", "smaller"),
        ((*LONG[:4], "--coin", "BTCUSD"), "tradeengine trades no coin BTCUSD", "BTCUSDT"),
        (LONG[:6], "BTCUSDT has a scope a side", "add --side LONG or --side SHORT"),
        (LONG[2:], "position-size needs --env", "production"),
        (LONG[:4], "a position has a coin, and none is named", "add --coin"),
        ((*LONG, "--output-format", "jsn"), "jsn is no output format", "json"),
    ],
)
def test_wrong_use_is_one_sentence(desk: Desk, arguments: tuple[str, ...], message: str, way_out: str) -> None:
    """What is missing or wrong, and the way out."""
    assert desk.run("position-size", *arguments).refuses(message, way_out)


def test_facts_that_nobody_knows_are_named(desk: Desk) -> None:
    """Hyperliquid's steps stand in no page that we could name."""
    scope = ("--env", "production", "--bot", "mm_multi_v1", "--coin", "ETH")
    answer = desk.run("position-size", *scope, "--price", "3000", "--equity", "1000")
    assert answer.refuses("has null for step_size, min_qty of ETH", "use_exchange_minimums: false")


def test_a_broken_layer_is_shown_as_check_shows_it(desk: Desk) -> None:
    """The finding stands in place of the size."""
    desk.edit(COIN, "position_size_pct: 0.15", "position_size_pct: large")
    answer = desk.run("position-size", *LONG, *PRICE, "--equity", "5000")
    assert answer.code == 1
    assert "TYPE001" in answer.out


def test_a_broken_lock_file_is_mentioned(desk: Desk) -> None:
    """Its facts are not used, and the error that keeps the bot from compiling is pointed at."""
    desk.edit(LOCK, "step_size: 0.001", "step_size: -0.001")
    answer = desk.run("position-size", *LONG, *PRICE, "--equity", "5000")
    assert answer.refuses("does not give the facts of this coin", "deskc check")
    check = desk.run("check")
    assert check.code == 1
    assert "coins.BTCUSDT.step_size is -0.001, not above 0" in check.out
    assert "1 error" in check.out
