"""Laws of sizing: whatever the market and the target, an order is legal, close to its target and never a surprise."""

from decimal import Decimal
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from deskc.markets.sizing import Lot, Order, Refusal, size_order
from laws import laws


class Given(NamedTuple):
    """What an order is sized by."""

    targets: tuple[Decimal, Decimal]
    price: Decimal
    lot: Lot
    min_usd: Decimal
    cap_usd: Decimal | None


def amounts(largest: str, places: int) -> st.SearchStrategy[Decimal]:
    """Return exact decimals from zero on."""
    return st.decimals(min_value=0, max_value=largest, allow_nan=False, allow_infinity=False, places=places)


@st.composite
def cases(draw: st.DrawFn) -> Given:
    """Return a market, two targets and limits of a few steps each, so that every limit decides now and then."""
    step = draw(st.sampled_from([Decimal(text) for text in ("0.00001", "0.001", "0.3", "1", "7", "100")]))
    price = draw(amounts("99999", 6).filter(bool))
    few = amounts("12", 2).map(lambda steps: steps * step)
    usd = few.map(lambda quantity: quantity * price)
    none = st.just(Decimal(0))
    lot = Lot(step, draw(none | few), draw(none | usd), draw(st.none() | few.filter(bool)))
    return Given((draw(usd), draw(usd)), price, lot, draw(none | usd), draw(st.none() | usd))


def sized(target: Decimal, market: Given) -> Order | Refusal:
    """Size an order."""
    return size_order(target, price=market.price, lot=market.lot, min_usd=market.min_usd, cap_usd=market.cap_usd)


@laws(150)
@given(market=cases())
def test_an_order_is_legal(market: Given) -> None:
    """A multiple of the step, at or over every minimum, within cap and largest quantity, at most one step too large."""
    target, lot = market.targets[0], market.lot
    order = sized(target, market)
    if isinstance(order, Refusal):
        return
    steps = order.quantity / lot.step_size
    assert steps == int(steps) >= 1
    assert order.notional_usd == order.quantity * market.price
    assert order.quantity >= lot.min_qty
    assert order.notional_usd >= max(lot.min_notional_usd, market.min_usd)
    assert order.notional_usd <= target + lot.step_size * market.price
    assert market.cap_usd is None or order.notional_usd <= market.cap_usd
    assert lot.max_qty is None or order.quantity <= lot.max_qty


@laws(150)
@given(market=cases(), neighbours=st.integers(1, 3))
def test_no_legal_step_is_nearer(market: Given, neighbours: int) -> None:
    """Each neighbouring step is illegal, too far above the target, or no closer to it; a refusal has no legal step."""
    target, lot = market.targets[0], market.lot
    order = sized(target, market)
    step_usd = lot.step_size * market.price
    start = int(order.quantity / lot.step_size) if isinstance(order, Order) else int(target / step_usd)
    for steps in range(start - neighbours, start + neighbours + 1):
        notional = steps * step_usd
        if steps < 1 or not legal(steps, notional, target=target, market=market):
            continue
        assert isinstance(order, Order)
        assert abs(notional - target) >= abs(order.notional_usd - target)


def legal(steps: int, notional: Decimal, *, target: Decimal, market: Given) -> bool:
    """Say whether a number of steps is legal, by the words of the rule and no arithmetic of ours."""
    lot = market.lot
    quantity = steps * lot.step_size
    return (
        target >= market.min_usd
        and quantity >= lot.min_qty
        and notional >= max(lot.min_notional_usd, market.min_usd)
        and notional <= target + lot.step_size * market.price
        and (market.cap_usd is None or notional <= market.cap_usd)
        and (lot.max_qty is None or quantity <= lot.max_qty)
    )


@laws(150)
@given(market=cases())
def test_a_larger_target_never_gets_a_smaller_order(market: Given) -> None:
    """Where the smaller of two targets can be sized the larger can, and its order is at least as large."""
    smaller, larger = (sized(target, market) for target in sorted(market.targets))
    if isinstance(smaller, Order):
        assert isinstance(larger, Order)
        assert larger.quantity >= smaller.quantity


@laws(100)
@given(market=cases())
def test_sizing_is_a_function(market: Given) -> None:
    """The same numbers, however they are written, give the same order."""
    target = market.targets[0]
    lot = market.lot._replace(min_notional_usd=market.lot.min_notional_usd.normalize())
    again = market._replace(price=market.price.normalize(), lot=lot)
    assert sized(target.normalize(), again) == sized(target, market)
