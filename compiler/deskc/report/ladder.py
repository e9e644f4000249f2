"""A judged ladder, as text and as JSON: its orders, every bound with what is left of it, and its score."""

import json
from collections.abc import Iterator
from typing import Any

from deskc.ladder.margins import Margin, margins
from deskc.ladder.model import needs, prices, ratios
from deskc.ladder.score import Score, score
from deskc.ladder.settings import CODES
from deskc.ladder.verdict import Verdict, severity
from deskc.report.cells import escape
from deskc.report.styles import Line, coloured, plain
from deskc.report.table import table

__all__ = ["ladder_json", "ladder_text"]

_PARTS = (*("need_variance", "tail_share", "gini", "entropy", "disorder", "step_variance", "tail_excess", "wave"),)
_LADDER = 2  # orders, at the least


def ladder_text(told: Verdict, *, name: str, color: bool = False) -> str:
    """Write what a ladder is, what it keeps and breaks, and what it scores; `name` is its scope or file."""
    lines = tuple(_lines(told, name))
    return coloured(lines) if color else plain(lines)


def _lines(told: Verdict, name: str) -> Iterator[Line]:
    count = len(told.ladder.volumes)
    how = "judged exactly, as all is of two decimals" if told.exact else "judged within 1e-9"
    yield (escape(name), "strong"), (f": {count} orders, {how}", "")
    if _is_ladder(told):
        for rows, headers in (
            (_orders(told), ("order", "price", "indent %", "volume %", "ratio", "need %")),
            (_bounds(told), ("code", "bound", "order", "actual", "limit", "margin", "")),
            (_parts(told), ("part", "value", "weight")),
        ):
            yield ()
            yield from (((line, ""),) for line in table(rows, headers).splitlines())
    yield ()
    for one in told.violations:
        said = severity(one.code, told.settings)
        yield (f"{said}[{one.code}]", said), (f": {escape(one.message)}", "")
    if not told.violations:
        yield (("All eight constraints are kept.", ""),)


def _is_ladder(told: Verdict) -> bool:
    """Say whether there are ratios to measure: what is no ladder breaks HC0 alone, at a number that has none."""
    volumes, indents = told.ladder
    sound = len(volumes) == len(indents) >= _LADDER and min(volumes) > 0
    return sound and min(prices(indents, told.settings.core)) > 0


def _orders(told: Verdict) -> list[tuple[object, ...]]:
    ladder, core = told.ladder, told.settings.core
    ratio: tuple[float | None, ...] = (None, *ratios(ladder.volumes))
    columns = zip(prices(ladder.indents, core), ladder.indents, ladder.volumes, ratio, needs(ladder, core), strict=True)
    return [(order, *map(_short, row)) for order, row in enumerate(columns, start=1)]


def _bounds(told: Verdict) -> list[tuple[object, ...]]:
    broken = {(one.code, one.setting) for one in told.violations}
    rows: list[tuple[object, ...]] = []
    for one in margins(told.ladder, told.settings):
        said = severity(one.code, told.settings) if (one.code, one.setting) in broken else "kept"
        numbers = map(_short, (one.actual, one.limit, one.margin))
        rows.append((one.code, one.setting.partition(".")[2], one.order, *numbers, said))
    return rows


def _parts(told: Verdict) -> list[tuple[object, ...]]:
    found, weights = score(told.ladder, told.settings), told.settings.scoring
    rest = [(name, getattr(found, name), weights.lambda_) for name in _PARTS[2:]]
    rows = [
        ("J", found.value, None),
        ("max_need_pct", found.max_need_pct, weights.alpha),
        ("need_variance", found.need_variance, weights.beta),
        ("1 - tail_share", 1 - found.tail_share, weights.gamma),
        *rest,
    ]
    return [(name, _short(value), weight) for name, value, weight in rows]


def _short(value: float | None) -> float | None:
    """Round to what a person reads: six decimals, whole numbers without any."""
    if value is None:
        return None
    shown = round(float(value), 6)
    return int(shown) if shown.is_integer() else shown


def ladder_json(told: Verdict, *, name: str) -> str:
    """Write one object: the orders, the eight constraints with each bound, what is broken, and the score's parts."""
    measured = margins(told.ladder, told.settings) if _is_ladder(told) else ()
    found = score(told.ladder, told.settings) if _is_ladder(told) else None
    record = {
        "ladder": name,
        "exact": told.exact,
        "passed": not told.failed,
        "orders": _records(told) if found else [],
        "constraints": [_constraint(code, told, measured) for code in CODES],
        "violations": [
            {
                "code": one.code,
                "severity": severity(one.code, told.settings),
                "order": one.order,
                "actual": float(one.actual),
                "limit": float(one.limit),
                "setting": one.setting,
                "message": one.message,
            }
            for one in told.violations
        ],
        "max_need_pct": found and found.max_need_pct,
        "score": found and _score(found),
    }
    return json.dumps(record, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def _records(told: Verdict) -> list[dict[str, Any]]:
    names = ("order", "price", "indent_pct", "volume_pct", "ratio", "need_pct")
    ladder, core = told.ladder, told.settings.core
    ratio = (None, *ratios(ladder.volumes))
    columns = zip(prices(ladder.indents, core), *reversed(ladder), ratio, needs(ladder, core), strict=True)
    return [dict(zip(names, (order, *row), strict=True)) for order, row in enumerate(columns, start=1)]


def _constraint(code: str, told: Verdict, measured: tuple[Margin, ...]) -> dict[str, Any]:
    """Return what became of a constraint; `passed` is null where it asks nothing of these orders."""
    bounds = [one._asdict() for one in measured if one.code == code]
    for one in bounds:
        del one["code"]
    passed = all(one.code != code for one in told.violations) if bounds or code == CODES[0] else None
    return {"code": code, "enforced": severity(code, told.settings) == "error", "passed": passed, "bounds": bounds}


def _score(found: Score) -> dict[str, Any]:
    return {**found._asdict(), "soft": list(found.soft)}
