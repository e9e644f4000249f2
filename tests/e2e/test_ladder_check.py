"""`deskc ladder check`, as a user runs it."""

import json

import pytest

from command_line import Desk

FIVE = {"volumes_pct": [6, 10, 18, 28, 38], "indents_pct": [0, 3, 7, 12, 20]}


def test_the_orders_of_a_file_are_judged(desk: Desk) -> None:
    """Orders, bounds with their margins and the score's parts stand there, and nothing is broken."""
    desk.write("orders.json", json.dumps(FIVE))
    answer = desk.run("ladder", "check", "--file", "orders.json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("orders.json: 5 orders, judged exactly")
    rows = [line.split() for line in answer.out.splitlines()]
    assert ["HC5", "q1_cap", "2", "16", "22", "6", "kept"] in rows
    assert ["max_need_pct", "9.35", "0.5"] in rows
    assert rows[-1] == ["All", "eight", "constraints", "are", "kept."]


def test_a_broken_constraint_is_named_and_exits_with_1(desk: Desk) -> None:
    """What is enforced is an error, at its order, with both numbers."""
    desk.write("orders.json", json.dumps({**FIVE, "volumes_pct": [6, 7, 12, 28, 47]}))
    answer = desk.run("ladder", "check", "--file", "orders.json")
    assert (answer.code, answer.err) == (1, "")
    assert "error[HC4]: order 3's ratio moves by 0.547619, over slope_cap 0.25" in answer.out.splitlines()
    assert "error[HC5]: the last order holds 47 %, over tail_cap 40" in answer.out.splitlines()


def test_a_program_reads_the_eight_constraints(desk: Desk) -> None:
    """As JSON, each with its bounds."""
    desk.write("orders.yaml", "orders: {volumes_pct: [6, 10, 18, 28, 38], indents_pct: [0, 3, 7, 12, 20]}\n")
    said = desk.run("ladder", "check", "--file", "orders.yaml", "--output-format", "json").json()
    assert [one["code"] for one in said["constraints"]] == [f"HC{number}" for number in range(8)]
    assert (
        said["max_need_pct"]
        == said["score"]["max_need_pct"]
        == pytest.approx(max(order["need_pct"] for order in said["orders"]))
    )
