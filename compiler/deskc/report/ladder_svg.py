"""A picture of a ladder as SVG, readable in light and in dark: volumes, position, prices and needs by order."""

import math
from collections.abc import Iterator
from html import escape as escape_markup
from itertools import accumulate
from typing import NamedTuple

from deskc.ladder.model import Ladder, averages, needs, prices
from deskc.ladder.settings import Core
from deskc.report.cells import escape

__all__ = ["ladder_svg"]

_WIDTH, _HEIGHT = 760, 590
_PLOT = (300.0, 170.0)  # width and height of what a panel draws in
_PLACES = ((60.0, 120.0), (430.0, 120.0), (60.0, 370.0), (430.0, 370.0))
_TICKS = 4
_MOST_NUMBERS = 12  # orders that the axis names
_MOST_VALUES = 10  # orders whose bars have their value written above them
_FILLED = 0.72  # a bar's share of the room that an order has
_FEWEST = 2
_ROUNDING = 1e-9  # how far a float may lie off a tick

_KEYS = (130.0, 193.0)  # where the key to a panel's lines stands, from the plot's left

_STYLE = """\
svg { color-scheme: light dark; font: 12px system-ui, sans-serif; }
.ground { fill: #ffffff; } .ink { fill: #1f2328; } .muted { fill: #59636e; }
.head { font-size: 16px; font-weight: 600; } .name { font-size: 13px; font-weight: 600; }
.value { font-size: 10px; } .grid { stroke: #d1d9e0; } .axis { stroke: #818b98; }
.one { fill: #0969da; } .two { fill: #bc4c00; }
.line { fill: none; stroke-width: 2; }
.line.one { fill: none; stroke: #0969da; } .line.two { fill: none; stroke: #bc4c00; stroke-dasharray: 5 3; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; } .ink { fill: #e6edf3; } .muted { fill: #9198a1; }
.grid { stroke: #2f353d; } .axis { stroke: #656c76; }
.one { fill: #4493f8; } .two { fill: #f0883e; }
.line.one { fill: none; stroke: #4493f8; } .line.two { fill: none; stroke: #f0883e; }
}
"""


class _Series(NamedTuple):
    """What a panel shows of each order: bars from zero, or a line with a name."""

    values: tuple[float, ...]
    colour: str
    line: str = ""


class _Panel(NamedTuple):
    """One of the four: where its plot begins, what it shows, and over which range."""

    name: str
    series: tuple[_Series, ...]
    left: float
    top: float
    low: float
    high: float
    step: float

    @property
    def orders(self) -> int:
        """Return how many orders share the width."""
        return len(self.series[0].values)

    def x(self, order: int) -> float:
        """Return the middle of what an order, from 0 on, has of the width."""
        return self.left + _PLOT[0] * (order + 0.5) / self.orders

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return self.top + _PLOT[1] * (self.high - value) / (self.high - self.low)


def ladder_svg(ladder: Ladder, core: Core, *, title: str) -> str:
    """Return an SVG document of a ladder's volumes, position, prices with average entry (1.3), and needs (1.4).

    It has no scripts, follows the reader's colour scheme and says in words what it shows. Equal ladders, equal text.
    Raise ValueError for fewer than two orders, for another number of indents, and where a volume or a price is not a
    finite number above 0.
    """
    _refuse(ladder, core)
    need = needs(ladder, core)
    head = _head(title=escape_markup(escape(title)), words=_words(ladder, core, need))
    return "\n".join([*head, *(mark for panel in _panels(ladder, core, need) for mark in _drawn(panel)), "</svg>", ""])


def _refuse(ladder: Ladder, core: Core) -> None:
    if not len(ladder.volumes) == len(ladder.indents) >= _FEWEST:
        raise ValueError(f"{len(ladder.volumes)} volumes and {len(ladder.indents)} indents are no ladder to draw")
    if not all(math.isfinite(number) and number > 0 for number in (*ladder.volumes, *prices(ladder.indents, core))):
        raise ValueError("only a ladder whose volumes and prices are finite numbers above 0 can be drawn")


def _panels(ladder: Ladder, core: Core, need: tuple[float, ...]) -> Iterator[_Panel]:
    """Yield the four panels, by rows."""
    held = tuple(accumulate(ladder.volumes))
    at, average = (
        tuple(100 * price / core.base_price for price in some)
        for some in (prices(ladder.indents, core), averages(ladder, core))
    )
    shown = (
        ("Volume, % of the budget", (_Series(ladder.volumes, "one"),)),
        ("Position so far, % of the budget", (_Series(held, "one"),)),
        ("Price, % of the base", (_Series(at, "one", "price"), _Series(average, "two", "average entry"))),
        ("Need, % of the order's price", (_Series(need, "two"),)),
    )
    for (name, series), (left, top) in zip(shown, _PLACES, strict=True):
        values = [value for one in series for value in one.values]
        if not series[0].line:
            values.append(0.0)
        yield _Panel(name, series, left, top, *_range(min(values), max(values)))


def _range(low: float, high: float) -> tuple[float, float, float]:
    """Return ends that cover the values, and the distance of the ticks between them: 1, 2 or 5 times a power of ten."""
    width = high - low or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(width / _TICKS))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * _TICKS >= width * (1 - _ROUNDING))
    return math.floor(low / step + _ROUNDING) * step, math.ceil(high / step - _ROUNDING) * step, step


def _words(ladder: Ladder, core: Core, need: tuple[float, ...]) -> tuple[str, str]:
    """Return the picture in two lines of words, also for those who do not see it."""
    worst = max(range(len(need)), key=need.__getitem__)
    first, last = ladder.volumes[0], ladder.volumes[-1]
    reach = f"indents from {ladder.indents[0]:.6g} to {ladder.indents[-1]:.6g} %"
    return (
        f"{len(need)} orders, {core.side}, sized in {core.sizing}, {reach}",
        f"volumes from {first:.4g} to {last:.4g} %, greatest need {need[worst]:.4g} % at order {worst + 1}",
    )


def _head(*, title: str, words: tuple[str, str]) -> Iterator[str]:
    """Yield the document's beginning, its words, colours and heading."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'aria-labelledby="ladder-title ladder-words">'
    )
    yield f'<title id="ladder-title">{title}</title>'
    yield f'<desc id="ladder-words">{"; ".join(words)}.</desc>'
    yield f"<style>\n{_STYLE}</style>"
    yield f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>'
    yield _text(_PLACES[0][0] - 36, 34, title, style="ink head")
    for line, height in zip(words, (54, 71), strict=True):
        yield _text(_PLACES[0][0] - 36, height, line, style="muted")


def _drawn(panel: _Panel) -> Iterator[str]:
    """Yield a panel: its name, its axes and its series."""
    yield _text(panel.left - 36, panel.top - 14, panel.name, style="ink name")
    for tick in range(round((panel.high - panel.low) / panel.step) + 1):
        value = panel.low + tick * panel.step
        height = panel.y(value)
        line = "axis" if not tick else "grid"
        yield f'<path class="{line}" d="M{panel.left:.1f} {height:.1f}h{_PLOT[0]:.1f}"/>'
        yield _text(panel.left - 6, height + 4, _number(value, panel.step), style="muted", anchor="end")
    every = -(-panel.orders // _MOST_NUMBERS)
    for order in range(0, panel.orders, every):
        yield _text(panel.x(order), panel.top + _PLOT[1] + 17, str(order + 1), style="muted", anchor="middle")
    for series in panel.series:
        yield from _line(panel, series) if series.line else _bars(panel, series)


def _bars(panel: _Panel, series: _Series) -> Iterator[str]:
    """Yield a bar an order from zero, with its value in words, and in figures where there is room."""
    width, zero = _FILLED * _PLOT[0] / panel.orders, panel.y(0)
    for order, value in enumerate(series.values):
        top, bottom = sorted((panel.y(value), zero))
        yield (
            f'<rect class="{series.colour}" x="{panel.x(order) - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{bottom - top:.1f}"><title>order {order + 1}: {value:.4g} %</title></rect>'
        )
        if panel.orders <= _MOST_VALUES:
            yield _text(panel.x(order), top - 4, f"{value:.3g}", style="muted value", anchor="middle")


def _line(panel: _Panel, series: _Series) -> Iterator[str]:
    """Yield a line through all orders, a mark at each with its value in words, and its name beside the panel's."""
    points = [(panel.x(order), panel.y(value)) for order, value in enumerate(series.values)]
    yield f'<path class="line {series.colour}" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>'
    for order, ((x, y), value) in enumerate(zip(points, series.values, strict=True), start=1):
        words = f"order {order}: {series.line} {value:.6g} %"
        yield f'<circle class="{series.colour}" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{words}</title></circle>'
    x, y = panel.left + _KEYS[panel.series.index(series)], panel.top - 14
    yield f'<path class="line {series.colour}" d="M{x:.1f} {y - 4:.1f}h20"/>'
    yield _text(x + 25, y, series.line, style="ink")


def _number(value: float, step: float) -> str:
    """Write a tick with as many decimals as its step has."""
    return f"{value:.{max(0, -math.floor(math.log10(step) + _ROUNDING))}f}"


def _text(x: float, y: float, words: str, *, style: str, anchor: str = "start") -> str:
    """Return a text; it begins, ends or has its middle at x."""
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}"{where}>{words}</text>'
