"""Sizes of orders in exact decimals: a target in usd becomes a quantity that the venue takes, or a refusal."""

from decimal import Context, Decimal, Inexact
from typing import NamedTuple

from deskc.markets.facts import Market

__all__ = ["Lot", "Order", "Refusal", "lot_of", "size_order", "target_usd", "written"]

_EXACT = Context(prec=1000, traps=[Inexact])  # products of numbers that doubles stand for fit whole
_NOTHING = Decimal(0)


class Lot(NamedTuple):
    """What a venue demands of an order: quantities in units of the coin, the notional value in usd."""

    step_size: Decimal
    min_qty: Decimal
    min_notional_usd: Decimal
    max_qty: Decimal | None = None


class Order(NamedTuple):
    """A legal order. `bound_by` says what decided its quantity.

    It is `target` where the quantity is the step nearest to the target; `step`, `min_qty`, `min_notional_usd` or
    `min_usd` where that had to be raised; `max_qty` or `cap_usd` where it had to be lowered.
    """

    quantity: Decimal
    notional_usd: Decimal
    bound_by: str


class Refusal(NamedTuple):
    """No multiple of the step is legal: what was wanted, the least that is allowed, the cap, and one step, in usd."""

    target_usd: Decimal
    minimum_usd: Decimal
    cap_usd: Decimal | None
    step_usd: Decimal

    def __str__(self) -> str:
        """Return the fact with its numbers."""
        least, step = written(self.minimum_usd), written(self.step_usd)
        cap = "there is no cap" if self.cap_usd is None else f"the cap {written(self.cap_usd)} usd"
        target = written(self.target_usd)
        return f"no step sizes an order for {target} usd: the minimum is {least} usd, {cap}, one step {step} usd"


def lot_of(market: Market) -> Lot:
    """Return what a venue demands of orders; raise LookupError where step, smallest quantity or notional is unknown.

    An unknown largest quantity limits nothing.
    """
    step, least, notional = market.step_size, market.min_qty, market.min_notional_usd
    if step is None or least is None or notional is None:
        names = [name for name in ("step_size", "min_qty", "min_notional_usd") if name in market.unknown]
        msg = f"{', '.join(names)} of {market.coin} at {market.exchange} unknown"
        raise LookupError(msg)
    return Lot(step, least, notional, market.max_qty)


def target_usd(equity_usd: Decimal, *, size_fraction: Decimal, multiplier: Decimal = Decimal(1)) -> Decimal:
    """Return the notional value that a position aims at: the fraction of equity, times the multiplier."""
    return _EXACT.multiply(_EXACT.multiply(equity_usd, size_fraction), multiplier)


def size_order(
    target_usd: Decimal,
    *,
    price: Decimal,
    lot: Lot,
    min_usd: Decimal = _NOTHING,
    cap_usd: Decimal | None = None,
) -> Order | Refusal:
    """Return the multiple of the step nearest to a target that is legal, the smaller of two equally near.

    Legal is what reaches the venue's minimums and the desk's own `min_usd`, is within `max_qty` and the cap, and lies
    at most one step above the target: a target far below the minimum is refused and not enlarged. So is one below
    `min_usd`, which is what the desk says is not worth opening. `price` is in usd for a unit of the coin.

    Raise ValueError for a price or a step that is not above zero.
    """
    if price <= 0 or lot.step_size <= 0:
        msg = f"a price of {price} and a step of {lot.step_size} size nothing: both must be above zero"
        raise ValueError(msg)
    step_usd = _EXACT.multiply(lot.step_size, price)
    below = _whole(target_usd, step_usd)
    least, raised_by = _least(lot, step_usd=step_usd, min_usd=min_usd)
    most, lowered_by = _most(lot, step_usd=step_usd, cap_usd=cap_usd, above=below + 1)
    if target_usd < min_usd or least > most:
        minimum = max(lot.min_notional_usd, min_usd, _EXACT.multiply(lot.min_qty, price))
        return Refusal(target_usd, minimum, cap_usd, step_usd)
    halves = _whole_up(_EXACT.add(target_usd, target_usd), step_usd)
    nearest = below + (halves > 2 * below + 1)
    steps = max(least, min(nearest, most))
    bound_by = "target" if steps == nearest else raised_by if steps > nearest else lowered_by
    return Order(_EXACT.multiply(lot.step_size, Decimal(steps)), _EXACT.multiply(step_usd, Decimal(steps)), bound_by)


def _least(lot: Lot, *, step_usd: Decimal, min_usd: Decimal) -> tuple[int, str]:
    """Return the fewest steps that are enough, and what asks for them."""
    asked = (
        (1, "step"),
        (_whole_up(lot.min_qty, lot.step_size), "min_qty"),
        (_whole_up(lot.min_notional_usd, step_usd), "min_notional_usd"),
        (_whole_up(min_usd, step_usd), "min_usd"),
    )
    return max(asked, key=lambda one: one[0])


def _most(lot: Lot, *, step_usd: Decimal, cap_usd: Decimal | None, above: int) -> tuple[int, str]:
    """Return the most steps that are allowed, and what allows no more; `above` is the step above the target."""
    allowed = [(above, "target")]
    if cap_usd is not None:
        allowed.append((_whole(cap_usd, step_usd), "cap_usd"))
    if lot.max_qty is not None:
        allowed.append((_whole(lot.max_qty, lot.step_size), "max_qty"))
    return min(allowed, key=lambda one: one[0])


def _whole(size: Decimal, step: Decimal) -> int:
    """Return how many whole steps fit into a size."""
    (a, b), (c, d) = size.as_integer_ratio(), step.as_integer_ratio()
    return a * d // (b * c)


def _whole_up(size: Decimal, step: Decimal) -> int:
    """Return how many whole steps reach a size."""
    return -_whole(-size, step)


def written(number: Decimal) -> str:
    """Write a number as people do: no exponent, no zeros at the end of its fraction."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
