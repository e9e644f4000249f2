"""A position's size, as text and as JSON."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from deskc.core.findings import Place
from deskc.markets.sizing import Order, Refusal, written
from deskc.plan.position_size import Input, Position
from deskc.report.cells import escape
from deskc.report.styles import Line, coloured, plain

__all__ = ["position_json", "position_text"]

_BOUND: Mapping[str, str] = {
    "target": "the target alone: it is the nearest step",
    "step": "step_size: the target is less than one step",
    "min_qty": "min_qty: the step nearest to the target is too small a quantity",
    "min_notional_usd": "min_notional_usd: the step nearest to the target is worth too little for the venue",
    "min_usd": "min_position_size_usd: the step nearest to the target is worth too little for the desk",
    "max_qty": "max_qty: the venue takes no more at once",
    "cap_usd": "max_position_size_usd: the target is over the cap",
}


def position_text(told: Position, *, color: bool = False) -> str:
    """Write the quantity and what bound it, or the refusal; then every number that it follows from, with its place."""
    where = f"{told.scope} ({told.symbol or told.scope.coin} at {told.exchange})"
    order = told.order
    if isinstance(order, Refusal):
        lines: list[Line] = [
            ((escape(f"no order in {where}"), "strong"),),
            (),
            (("  refused   ", "label"), (str(order), "")),
        ]
    else:
        size = f"{written(order.quantity)} for {written(order.notional_usd)} usd"
        lines = [
            ((escape(f"{size} in {where}"), "strong"),),
            (),
            (("  bound by  ", "label"), (_BOUND[order.bound_by], "")),
        ]
    lines += [(("  target    ", "label"), (f"{written(told.target_usd)} usd", ""))]
    for one in told.origins:
        lines += [((f"  {one.what:<10}", "label"), (escape(f"as of {one.as_of}, {one.source}"), ""))]
    lines += [(), *_inputs(told.inputs)]
    return coloured(lines) if color else plain(lines)


def _inputs(inputs: tuple[Input, ...]) -> Iterator[Line]:
    names = max(len(one.name) for one in inputs)
    values = max(len(_value(one.value)) for one in inputs)
    for one in inputs:
        where = "given" if one.place is None else f"{one.place.path}:{one.place.line}:{one.place.column}"
        yield ((f"  {one.name:<{names}}  {_value(one.value):>{values}}  {escape(where)}", ""),)


def _value(value: Decimal | bool | None) -> str:  # noqa: FBT001 - a setting may be a switch
    return written(value) if isinstance(value, Decimal) else json.dumps(value)


def position_json(told: Position) -> str:
    """Write one object; numbers are exact decimal text, and `refused` says why there is no quantity."""
    order = told.order if isinstance(told.order, Order) else None
    record = {
        "environment": told.scope.environment,
        "bot": told.scope.bot,
        "coin": told.scope.coin,
        "side": told.scope.side,
        "exchange": told.exchange,
        "symbol": told.symbol,
        "price": written(told.price),
        "target_usd": written(told.target_usd),
        "quantity": order and written(order.quantity),
        "notional_usd": order and written(order.notional_usd),
        "bound_by": order and order.bound_by,
        "refused": _refused(told.order) if isinstance(told.order, Refusal) else None,
        "inputs": [
            {"name": one.name, "value": _exact(one.value), "place": one.place and _spot(one.place)}
            for one in told.inputs
        ],
        "origins": [one._asdict() for one in told.origins],
    }
    return json.dumps(record, ensure_ascii=True, indent=2) + "\n"


def _exact(value: Decimal | bool | None) -> str | bool | None:  # noqa: FBT001 - as _value
    return written(value) if isinstance(value, Decimal) else value


def _refused(refusal: Refusal) -> dict[str, Any]:
    cap = refusal.cap_usd
    return {
        "message": str(refusal),
        "minimum_usd": written(refusal.minimum_usd),
        "cap_usd": cap and written(cap),
        "step_usd": written(refusal.step_usd),
    }


def _spot(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}
