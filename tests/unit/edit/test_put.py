"""Putting a setting into a layer's text: the value arrives, every other byte stays."""

import pytest

from deskc.edit.put import put
from deskc.stages.parse import parse_file

CASES = {
    "in its place": ("a: 1 # one\nladder:\n  orders: {v: [1], i: [2]} # two\n", "[1]", "[3, 4.5]"),
    "a block list": (
        "ladder:\n  orders:\n    v:\n      - 1 # first\n      - 2 # second\n    i: [2]\n# end\n",
        None,
        None,
    ),
    "beside others": (
        "ladder:\n  # why\n  core: {num_orders: 2}  # so\nrisk: {}\n",
        "so\n",
        "so\n  orders:\n    v: [3, 4.5]\n",
    ),
    "in brackets": ("ladder: {core: {num_orders: 2}} # x\n", "2}}", "2}, orders: {v: [3, 4.5]}}"),
    "in empty brackets": ("ladder: {}\n", "{}", "{orders: {v: [3, 4.5]}}"),
    "in a new section": ("# top\nrisk:\n  a: 1 # one\n", "# one\n", "# one\nladder:\n  orders:\n    v: [3, 4.5]\n"),
    "without a last line end": ("risk: {a: 1}", "1}", "1}\nladder:\n  orders:\n    v: [3, 4.5]\n"),
    "with other line ends": ("risk: {a: 1}\r\n", "1}\r\n", "1}\r\nladder:\r\n  orders:\r\n    v: [3, 4.5]\r\n"),
    "in an empty file": ("", "", "ladder:\n  orders:\n    v: [3, 4.5]\n"),
    "after comments alone": ("# only\n", "only\n", "only\nladder:\n  orders:\n    v: [3, 4.5]\n"),
    "in place of nothing": ("ladder:\nrisk: {}\n", "ladder:", "ladder: {orders: {v: [3, 4.5]}}"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_value_is_put_and_the_rest_stays(case: str) -> None:
    """Strict reading finds the value at its path; the text differs in nothing else."""
    text, old, new = CASES[case]
    changed = put(text, ("ladder", "orders", "v"), [3, 4.5])
    if old is not None and new is not None:
        assert changed == (text.replace(old, new, 1) if old else new)
    outcome = parse_file("layer.yaml", changed.encode())
    assert outcome.findings == ()
    assert outcome.value.data["ladder"]["orders"]["v"] == [3, 4.5]


def test_a_block_list_gives_way_and_what_follows_stays() -> None:
    """Its own lines go, the comment after its last entry and all below stay."""
    changed = put(CASES["a block list"][0], ("ladder", "orders", "v"), [3, 4.5])
    assert changed == "ladder:\n  orders:\n    v:\n      [3, 4.5] # second\n    i: [2]\n# end\n"


def test_putting_twice_is_putting_once() -> None:
    """The second time finds it in its place."""
    for text, *_ in CASES.values():
        once = put(text, ("ladder", "orders", "v"), [3, 4.5])
        assert put(once, ("ladder", "orders", "v"), [3, 4.5]) == once
