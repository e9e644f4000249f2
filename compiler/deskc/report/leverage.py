"""What a venue has of coins' leverage: a table with a sentence for each problem, one object for programs."""

from collections.abc import Sequence
from json import dumps
from typing import Any

from deskc.core.times import text
from deskc.exchange.leverage import Leverage
from deskc.ledger.ledger import Run
from deskc.report.table import table

__all__ = ["leverage_json", "leverage_text"]

_HEADERS = ("coin", "symbol", "configured", "actual", "sizes use")


def leverage_text(run: Run, answers: Sequence[Leverage]) -> str:
    """Write a line a coin, and below the table what is not as the settings want it."""
    lines = table([_cells(answer) for answer in answers], _HEADERS)
    notes = [f"{run}/{_name(answer)}: {answer.problem}" for answer in answers if answer.problem]
    return lines + "".join(f"{note}\n" for note in ("", *notes) if notes)


def leverage_json(run: Run, answers: Sequence[Leverage]) -> str:
    """Write the run and one object a coin; times are text, and null stands for what nobody knows."""
    told = {**run._asdict(), "coins": [_record(answer) for answer in answers]}
    del told["instance"]
    return dumps(told, ensure_ascii=False, indent=2) + "\n"


def _name(answer: Leverage) -> str:
    return "/".join(filter(None, (answer.coin, answer.side)))


def _cells(answer: Leverage) -> tuple[object, ...]:
    has = "unknown" if answer.actual is None else f"{answer.actual}x {answer.margin_type or ''}"
    sizing = "no order" if answer.sizing is None else f"{answer.sizing}x"
    return _name(answer), answer.symbol, f"{answer.configured}x {answer.configured_margin_type}", has, sizing


def _record(answer: Leverage) -> dict[str, Any]:
    return {
        "coin": answer.coin,
        "side": answer.side,
        "symbol": answer.symbol,
        "configured": answer.configured,
        "configured_margin_type": answer.configured_margin_type,
        "actual": answer.actual,
        "margin_type": answer.margin_type,
        "sizing": answer.sizing,
        "differs": answer.differs,
        "refused": answer.refused,
        "error": answer.problem or None,
        "last_attempt": None if answer.last_attempt_ns is None else text(answer.last_attempt_ns),
        "at": text(answer.at_ns),
    }
