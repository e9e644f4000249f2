"""Tables: columns that line up."""

from collections.abc import Callable
from decimal import Decimal

from deskc.report.cells import width
from deskc.report.table import table


def test_a_table_reads_as_its_golden_file(golden: Callable[[str, str], None]) -> None:
    """Text stands left, numbers right, wide characters take their cells, control characters are shown."""
    rows = [
        ("mm_multi_v1/ETH", "1.3.0", 12, Decimal("0.40")),
        ("\u5e01\u540d", "\x1b[31mred", 4_000, None),
        ("tradeengine/BTCUSDT", "2.0.0", 7, -1.5),
    ]
    golden("table", table(rows, ["scope", "version", "fills", "edge bps"]))


def test_columns_begin_at_one_cell() -> None:
    """The second column begins at the same cell on every line."""
    lines = table([("\u5e01", "b"), ("long name", "b")], ["x", "b"]).splitlines()
    assert {width(line[: line.index("b")]) for line in lines} == {11}


def test_a_flag_is_no_number() -> None:
    """A column of booleans stands left."""
    assert table([(True,), (False,)], ["published"]) == "published\nTrue\nFalse\n"


def test_a_table_without_rows_is_its_headers() -> None:
    """No rows leave the line of headers."""
    assert table([], ["bot", "fills"]) == "bot  fills\n"
