"""A plain table for a terminal."""

from collections.abc import Sequence
from decimal import Decimal

from deskc.report.cells import escape, width

__all__ = ["table"]


def table(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> str:
    """Write rows under their headers, columns two cells apart; a column of numbers stands right, None is empty."""
    right = [all(_is_number(row[index]) for row in rows) and bool(rows) for index in range(len(headers))]
    shown = [[_cell(value) for value in row] for row in (headers, *rows)]
    widths = [max(width(row[index]) for row in shown) for index in range(len(headers))]
    return "".join(_line(row, widths=widths, right=right) + "\n" for row in shown)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value))


def _line(row: Sequence[str], *, widths: Sequence[int], right: Sequence[bool]) -> str:
    cells = []
    for text, cell_width, stands_right in zip(row, widths, right, strict=True):
        gap = " " * (cell_width - width(text))
        cells.append(gap + text if stands_right else text + gap)
    return "  ".join(cells).rstrip()
