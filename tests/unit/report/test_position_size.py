"""A position's size as people and programs read it."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from deskc.core.findings import Place
from deskc.core.scopes import ScopeId
from deskc.markets.sizing import Order, Refusal
from deskc.plan.position_size import Input, Origin, Position
from deskc.report.position_size import position_json, position_text

TOLD = Position(
    scope=ScopeId("production", "engine", "BTCUSDT", "LONG"),
    exchange="venue",
    symbol="BTC/USDT",
    target_usd=Decimal("750.00"),
    price=Decimal("86500.5"),
    order=Order(Decimal("0.009"), Decimal("778.5045"), "target"),
    inputs=(
        Input("--equity", Decimal("5E+3"), None),
        Input("trading.use_exchange_minimums", value=True, place=Place("desk/global.yaml", 3, 9)),
        Input("max_qty", None, Place("desk/markets/venue.yaml", 11, 5)),
    ),
    origins=(
        Origin("facts", "the venue's list", "2025-11-26T03:36:10Z"),
        Origin("price", "the venue's ticker", "2025-11-26T03:36:09Z"),
    ),
)
REFUSED = replace(TOLD, order=Refusal(Decimal(10), Decimal(100), None, Decimal("86.5005")), symbol=None, origins=())


def test_a_size_is_told_with_what_it_follows_from(golden: Callable[[str, str], None]) -> None:
    """The order first, what bound it, then every number with its place."""
    golden("position_size", position_text(TOLD))


def test_a_refusal_is_told_with_its_numbers(golden: Callable[[str, str], None]) -> None:
    """No order, why, and the same numbers below."""
    golden("position_size_refused", position_text(REFUSED))


@pytest.mark.parametrize("bound_by", ["target", "step", "min_qty", "min_notional_usd", "min_usd", "max_qty", "cap_usd"])
def test_whatever_bound_an_order_is_explained(bound_by: str) -> None:
    """Each has words of its own."""
    order = Order(Decimal(1), Decimal(1), bound_by)
    assert "bound by  " in position_text(replace(TOLD, order=order))


def test_colour_changes_no_word() -> None:
    """Without its escapes the coloured text is the plain one."""
    coloured = position_text(TOLD, color=True)
    assert "\x1b[" in coloured
    assert "0.009 for 778.5045 usd" in coloured


def test_a_program_reads_exact_decimals() -> None:
    """Numbers are text, so that no reader rounds them; places are objects."""
    said = json.loads(position_json(TOLD))
    assert (said["quantity"], said["notional_usd"], said["bound_by"]) == ("0.009", "778.5045", "target")
    assert (said["target_usd"], said["price"], said["refused"]) == ("750", "86500.5", None)
    assert said["inputs"] == [
        {"name": "--equity", "value": "5000", "place": None},
        {
            "name": "trading.use_exchange_minimums",
            "value": True,
            "place": {"path": "desk/global.yaml", "line": 3, "column": 9},
        },
        {"name": "max_qty", "value": None, "place": {"path": "desk/markets/venue.yaml", "line": 11, "column": 5}},
    ]
    assert said["origins"][0] == {"what": "facts", "source": "the venue's list", "as_of": "2025-11-26T03:36:10Z"}


def test_a_program_reads_a_refusal() -> None:
    """No quantity, and the three numbers."""
    said = json.loads(position_json(REFUSED))
    assert (said["quantity"], said["notional_usd"], said["bound_by"], said["symbol"]) == (None, None, None, None)
    numbers = {name: said["refused"][name] for name in ("minimum_usd", "cap_usd", "step_usd")}
    assert numbers == {"minimum_usd": "100", "cap_usd": None, "step_usd": "86.5005"}
    assert said["refused"]["message"].startswith("no step sizes an order for 10 usd")
