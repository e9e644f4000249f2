"""HC0: orders make a ladder, and the bounds leave room for one."""

import pytest

from ladder_layers import INDENTS, VOLUMES, bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc0"


@pytest.mark.parametrize(
    ("volumes", "indents", "message", "texts"),
    [
        ((20, 30, 51), (0, 8, 20), "the volumes sum to 101, not to 100", ["[20, 30, 51]"]),
        ((20, 30, 49.99), (0, 8, 20), "the volumes sum to 99.99, not to 100", ["[20, 30, 49.99]"]),
        ((20, 30, 50), (1, 8, 20), "order 1 stands at 1 %, first_indent_pct says 0", ["1", "0"]),
        ((20, 30, 50), (0, 0.04, 20), "order 2 stands 0.04 % after the one before", ["0.04", "0.05"]),
        ((20, 30, 50), (0, 21, 20), "order 3 stands -1 % after the one before", ["20", "0.05"]),
        ((20, 30), (0, 8, 20), "2 volumes stand beside 3 indents", ["[0, 8, 20]", "[20, 30]"]),
    ],
)
def test_what_makes_it_no_ladder_is_shown(
    volumes: tuple[float, ...], indents: tuple[float, ...], message: str, texts: list[str]
) -> None:
    """Both numbers are told; the item is shown, or the list where no item is at fault, and the limit."""
    layers = ladder(volumes, indents)
    finding = next(one for one in found(RULE, layers) if one.message.startswith(message))
    assert [text for _, text, _ in text_at(RULE, layers, finding)] == texts
    assert finding.severity == "error"


def test_a_count_that_is_not_the_lists_is_shown() -> None:
    """`num_orders` and the lists have to agree."""
    layers = {OWN: ladder((20, 30, 50), (0, 8, 20))[OWN].replace("num_orders: 3", "num_orders: 4")}
    (finding,) = found(RULE, layers)
    assert finding.message == "the ladder has 3 orders, num_orders says 4"
    assert text_at(RULE, layers, finding)[1] == (OWN, "4", "num_orders set here")


def test_a_sound_ladder_is_passed() -> None:
    """A hundredth of a percent in order is nothing to report."""
    assert found(RULE, ladder(VOLUMES, INDENTS)) == ()
    assert found(RULE, ladder((20, 30, 50), (0, 0.05, 20))) == ()


def test_the_floor_of_rounded_ladders_is_the_rounding_s() -> None:
    """With two decimals no first volume may be below 0.01, and the switch that says so is shown."""
    text = ladder((0.001, 39.999, 60), (0, 8, 20))[OWN]
    layers = {OWN: f"{text}  normalization: {{post_round_2dp: true}}\n"}
    (finding,) = found(RULE, layers)
    assert finding.message == "the first volume 0.001 is below first_volume_min 0.01"
    assert text_at(RULE, layers, finding)[1] == (OWN, "true", "post_round_2dp set here")


@pytest.mark.parametrize(
    ("core", "message", "texts"),
    [
        ("num_orders: 10, overlap_pct: 0.4", "10 orders 0.05 % apart take 0.45 %, over the 0.4 %", ["0.4"]),
        ("overlap_pct: 100", "overlap_pct 100 puts the last price of a long ladder at 0 or below", ["100"]),
    ],
)
def test_bounds_without_room_are_found_without_orders(core: str, message: str, texts: list[str]) -> None:
    """Whoever sets them learns it before a search does."""
    layers = {OWN: f"ladder:\n  core: {{{core}}}\n"}
    (finding,) = found(RULE, layers)
    assert finding.message.startswith(message)
    assert [text for path, text, _ in text_at(RULE, layers, finding) if path == OWN][:1] == texts


def test_a_short_ladder_may_reach_beyond_the_price() -> None:
    """Prices above have no end."""
    assert found(RULE, {OWN: "ladder:\n  core: {overlap_pct: 150, side: short}\n"}) == ()


def test_bounds_with_room_are_passed() -> None:
    """The defaults leave some."""
    assert found(RULE, bounds(slope_cap=0.25)) == ()
