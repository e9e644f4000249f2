"""The size that settings and facts give a position."""

from decimal import Decimal

import pytest

from deskc.core.errors import DeskcError
from deskc.core.scopes import ScopeId
from deskc.markets.sizing import Order, Refusal
from deskc.pipeline import prepare
from deskc.plan.asked import scope_asked
from deskc.plan.position_size import Origin, Position, position_size
from in_memory import InMemory
from rule_desk import COIN, LIMITS, files_with
from some_market import LOCK

FILE = "markets/venue.yaml"
SIZES = "trading: {position_size_pct: 0.1, max_position_size_usd: 1000, min_position_size_usd: 50}\n"
CAPITAL = "risk: {capital_usd: 5000}\n"
LONG = ScopeId("paper", "maker", "ETH", "LONG")


def sized(
    layers: dict[str, str], *, lock: str | None = LOCK, asked: ScopeId = LONG, price: str = "", equity: str = ""
) -> Position:
    """Size a position of the desk with these layers and this lock file."""
    facts = {} if lock is None else {FILE: lock}
    prepared = prepare(InMemory(files_with("trading_size_order", {**layers, **facts})), "")
    scope = scope_asked(prepared, asked).value
    assert scope is not None
    assert prepared.layers is not None
    return position_size(
        scope,
        prepared.layers,
        prepared.markets,
        price=Decimal(price) if price else None,
        equity_usd=Decimal(equity) if equity else None,
    )


def test_a_share_of_capital_at_the_reference_price() -> None:
    """A tenth of 5000 usd at 2950.25 usd is 0.169 in steps of 0.001."""
    told = sized({LIMITS: SIZES + CAPITAL})
    assert (told.target_usd, told.price) == (Decimal(500), Decimal("2950.25"))
    assert told.order == Order(Decimal("0.169"), Decimal("498.59225"), "target")
    assert (told.scope, told.exchange, told.symbol) == (LONG, "venue", "ETH/USDT")
    assert told.origins == (
        Origin("facts", "the venue's public list of markets", "2025-11-26T03:36:10Z"),
        Origin("price", "the venue's ticker", "2025-11-26T03:36:09Z"),
    )


def test_every_number_has_its_place() -> None:
    """Settings in their layers, defaults in their schema, facts in the lock file."""
    layers = {LIMITS: SIZES + CAPITAL, COIN: "trading:\n  quantity_multiplier: 0.5\n"}
    told = sized(layers)
    places = {one.name: (one.place.path, one.place.line) for one in told.inputs if one.place}
    assert places.pop("trading.use_exchange_minimums")[0] == "schemas/trading.schema.json"
    assert places == {
        "risk.capital_usd": (LIMITS, 2),
        "trading.position_size_pct": (LIMITS, 1),
        "trading.quantity_multiplier": (COIN, 2),
        "trading.min_position_size_usd": (LIMITS, 1),
        "trading.max_position_size_usd": (LIMITS, 1),
        "reference_price": (FILE, 19),
        "step_size": (FILE, 9),
        "min_qty": (FILE, 10),
        "min_notional_usd": (FILE, 12),
        "max_qty": (FILE, 11),
    }
    assert told.target_usd == 250


def test_what_is_given_wins_over_what_is_configured() -> None:
    """Price and equity of the moment, for the person who asks; they stand in no file."""
    told = sized({LIMITS: SIZES + CAPITAL}, price="2000", equity="1000")
    assert told.order == Order(Decimal("0.05"), Decimal(100), "target")
    assert [one.name for one in told.inputs if one.place is None] == ["--equity", "--price"]
    assert [one.what for one in told.origins] == ["facts"]


@pytest.mark.parametrize(
    ("equity", "bound_by"), [("20000", "cap_usd"), ("500", "target"), ("501", "target"), ("499", "refused")]
)
def test_cap_and_floor_are_the_desk_s(equity: str, bound_by: str) -> None:
    """At a dollar a coin: a target over the cap is lowered to it, one below the floor is skipped."""
    order = sized({LIMITS: SIZES}, equity=equity, price="1", lock=LOCK.replace("max_qty: 500", "max_qty: null")).order
    assert bound_by == ("refused" if isinstance(order, Refusal) else order.bound_by)


def test_overrides_stand_for_facts_that_nobody_has() -> None:
    """With use_exchange_minimums false a market without facts is sized by hand; a null override asks nothing."""
    by_hand = SIZES.replace("}", ", use_exchange_minimums: false, override_step_size: 0.1, override_min_notional: 150}")
    told = sized({LIMITS: by_hand}, lock=None, equity="1420", price="100")
    assert (told.order, told.symbol) == (Order(Decimal("1.5"), Decimal(150), "min_notional_usd"), None)
    assert told.origins == ()
    named = {one.name: one.value for one in told.inputs if "override" in one.name}
    assert named == {
        "trading.override_step_size": Decimal("0.1"),
        "trading.override_min_qty": None,
        "trading.override_min_notional": 150,
    }
    assert isinstance(sized({LIMITS: by_hand}, lock=None, equity="1000", price="100").order, Refusal)


def test_the_largest_quantity_has_no_override() -> None:
    """Where the facts know it, it holds whatever is set by hand."""
    by_hand = SIZES.replace("}", ", use_exchange_minimums: false, override_step_size: 0.1}")
    told = sized({LIMITS: by_hand}, equity="8000", price="1")
    assert told.order == Order(Decimal(500), Decimal(500), "max_qty")
    assert told.inputs[-1].name == "max_qty"


@pytest.mark.parametrize(
    ("layers", "lock", "said", "way_out"),
    [
        (SIZES, LOCK, "paper/maker/ETH/LONG sets no risk.capital_usd", "--equity"),
        (CAPITAL, LOCK, "paper/maker/ETH/LONG does not set trading.position_size_pct", "set trading.position_size_pct"),
        (SIZES + CAPITAL, None, f"{FILE} gives no reference_price of this coin", "--price"),
        (SIZES + CAPITAL, LOCK.replace("ETH:", "SOL:"), f"{FILE} gives no reference_price of this coin", "--price"),
    ],
)
def test_what_is_missing_is_one_sentence(layers: str, lock: str | None, said: str, way_out: str) -> None:
    """Whoever asks is told what to give."""
    with pytest.raises(DeskcError, match=said) as error:
        sized({LIMITS: layers}, lock=lock)
    assert way_out in error.value.help


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        (None, f"{FILE} does not give the facts of this coin, so no order can be sized"),
        (
            LOCK.replace("step_size: 0.001", "step_size: null").replace("usd: 20", "usd: null"),
            f"{FILE} has null for step_size, min_notional_usd of ETH, so no order can be sized",
        ),
    ],
)
def test_facts_that_nobody_knows_size_nothing(lock: str | None, said: str) -> None:
    """A step is never guessed."""
    with pytest.raises(DeskcError) as error:
        sized({LIMITS: SIZES + CAPITAL}, lock=lock, price="1")
    assert (error.value.message, bool(error.value.help)) == (said, True)


BY_HAND = SIZES.replace("}", ", use_exchange_minimums: false}")


def test_the_venue_s_step_serves_where_none_is_set_by_hand() -> None:
    """Minimums are switched off, steps cannot be: what lies between them is refused."""
    told = sized({LIMITS: BY_HAND + CAPITAL})
    assert told.order == Order(Decimal("0.169"), Decimal("498.59225"), "target")
    shown = {one.name: (one.value, one.place and one.place.line) for one in told.inputs}
    assert (shown["step_size"], shown["max_qty"]) == ((Decimal("0.001"), 9), (Decimal(500), 11))
    assert not {"min_qty", "min_notional_usd"} & shown.keys()


@pytest.mark.parametrize("lock", [None, LOCK.replace("step_size: 0.001", "step_size: null")])
def test_a_step_must_be_there(lock: str | None) -> None:
    """Without one by hand and without the venue's, any quantity would pass."""
    with pytest.raises(DeskcError) as error:
        sized({LIMITS: BY_HAND + CAPITAL}, lock=lock, price="1")
    unknown = f"trading.override_step_size is null and {FILE} gives no step_size, so quantities have no step"
    assert (error.value.message, error.value.help) == (unknown, "set trading.override_step_size, or add the fact")


def test_a_bot_has_no_position_of_its_own() -> None:
    """A position has a coin."""
    with pytest.raises(DeskcError) as error:
        sized({LIMITS: SIZES + CAPITAL}, asked=ScopeId("paper", "maker"))
    assert error.value.help == "add --coin"
