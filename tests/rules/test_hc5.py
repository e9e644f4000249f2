"""HC5: little first, enough last."""

import pytest

from ladder_layers import bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc5"
INDENTS = (0, 5, 12, 20)


def test_each_broken_mass_is_found_with_its_limit() -> None:
    """A first quarter too heavy and a last one too light, each at the order where it ends or begins."""
    layers = ladder((24, 24.5, 25, 26.5), INDENTS, q1_cap=21, tail_floor=33)
    head, tail = found(RULE, layers)
    assert head.message == "orders 1 to 1 hold 24 %, over q1_cap 21"
    assert tail.message == "orders 4 to 4 hold 26.5 %, under tail_floor 33"
    assert [text for _, text, _ in text_at(RULE, layers, head)] == ["24", "21"]
    assert [text for _, text, _ in text_at(RULE, layers, tail)] == ["26.5", "33"]


def test_the_last_order_may_be_exactly_at_its_cap() -> None:
    """40 is kept, a hundredth more is not."""
    assert found(RULE, ladder((12, 19, 29, 40), INDENTS)) == ()
    (finding,) = found(RULE, ladder((12, 19, 28.99, 40.01), INDENTS))
    assert finding.message == "the last order holds 40.01 %, over tail_cap 40"


@pytest.mark.parametrize(("count", "quarter"), [(4, 1), (5, 2), (8, 2), (9, 3), (10, 3), (11, 3), (12, 3), (13, 4)])
def test_a_quarter_is_rounded_up(count: int, quarter: int) -> None:
    """⌈N/4⌉ orders, also at nine, ten and eleven."""
    volumes, indents = tuple(range(1, count + 1)), tuple(range(count))
    heads = [one for one in found(RULE, ladder(volumes, indents, q1_cap=0.5)) if "q1_cap" in one.message]
    assert heads[0].message.startswith(f"orders 1 to {quarter} hold {sum(volumes[:quarter])} %")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"q1_cap": 5, "m_max": 0.3}, "no ladder of 10 orders keeps q1_cap 5 and m_max 0.3 together"),
        ({"tail_floor": 95}, "no ladder of 10 orders keeps tail_floor 95 and m_max 1 together"),
        ({"tail_floor": 35, "tail_cap": 8}, "no ladder of 10 orders keeps tail_cap 8 and growth_eps 1e-06 together"),
    ],
)
def test_masses_without_room_are_found_without_orders(asked: dict[str, float], message: str) -> None:
    """The bounds in conflict are named, each with its value."""
    layers = bounds(**asked)
    (finding,) = found(RULE, layers)
    assert finding.message == message
    assert finding.severity == "error"


@pytest.mark.parametrize(("count", "names"), [(2, ["40", "0.1"]), (3, ["22", "40", "0.25"])])
def test_two_and_three_orders_have_no_masses_by_default(count: int, names: list[str]) -> None:
    """What LADDER 3 says of them is proved; the defaults are shown in the schema."""
    layers = {OWN: f"ladder:\n  core: {{num_orders: {count}}}\n"}
    (finding,) = found(RULE, layers)
    assert [text for _, text, _ in text_at(RULE, layers, finding)] == names
    assert found(RULE, {OWN: "ladder:\n  core: {num_orders: 4}\n"}) == ()


def test_a_conflict_with_what_is_not_enforced_is_a_warning() -> None:
    """An error would forbid a ladder that may exist."""
    (finding,) = found(RULE, bounds(q1_cap=5, m_max=0.3, enforce=["HC0", "HC5"]))
    assert finding.severity == "warning"
