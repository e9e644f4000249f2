"""`deskc ladder check`, as a user runs it."""

import json
from pathlib import Path

import pytest

from command_line import Desk, deskc

LONG = ("--env", "production", "--bot", "tradeengine", "--coin", "BTCUSDT", "--side", "LONG")
SHORT = (*LONG[:-1], "SHORT")
MEAN = ("--env", "development", "--bot", "mean_reversion", "--coin", "ETH-USD")
LAYER = "config-repo/bots/tradeengine/coins/BTCUSDT.LONG.yaml"
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


@pytest.mark.parametrize("scope", [LONG, SHORT, MEAN], ids=["long", "short", "mean"])
def test_the_ladders_of_the_reference_desk_keep_all_eight_exactly(desk: Desk, scope: tuple[str, ...]) -> None:
    """They are of two decimals, nothing is tolerated, and not even what only warns is broken."""
    said = desk.run("ladder", "check", *scope, "--output-format", "json").json()
    assert (said["exact"], said["passed"], said["violations"]) == (True, True, [])
    assert len(said["orders"]) >= 4
    assert all(bound["margin"] >= -1e-9 for one in said["constraints"] for bound in one["bounds"])


def test_a_commit_s_ladder_is_judged_as_it_was(desk: Desk) -> None:
    """The working tree's edit breaks a constraint, HEAD's orders keep it."""
    desk.edit(LAYER, "[10.00, 11.94, 15.72, 23.00, 39.34]", "[10.00, 11.94, 15.72, 22.34, 40.00]")
    answer = desk.run("ladder", "check", *LONG)
    assert answer.code == 1
    assert "error[HC4]: order 5's ratio moves by 0.369391, over slope_cap 0.25" in answer.out.splitlines()
    assert desk.run("ladder", "check", *LONG, "--at", "HEAD").code == 0


def test_check_shows_the_order_and_the_limit_with_their_lines(desk: Desk) -> None:
    """What breaks in the desk is found by check too: the item of the list, and the bound in the preset's file."""
    desk.edit(LAYER, "[10.00, 11.94, 15.72, 23.00, 39.34]", "[10.00, 11.94, 15.72, 22.34, 40.00]")
    answer = desk.run("check")
    assert answer.code == 1
    assert "error[HC4]: order 5's ratio moves by 0.369391, over slope_cap 0.25" in answer.out
    assert f"--> {LAYER}:13:47" in answer.out
    assert "::: config-repo/templates/ladder_production.yaml:4:16" in answer.out


def test_a_warning_fails_nothing(desk: Desk) -> None:
    """What a preset does not enforce is told."""
    desk.write("orders.json", json.dumps({**FIVE, "volumes_pct": [6, 7, 12, 28, 47]}))
    assert desk.run("ladder", "check", "--file", "orders.json", "--preset", "strict").code == 1
    desk.write("config-repo/templates/ladder_lenient.yaml", "ladder:\n  constraints: {enforce: [HC0]}\n")
    answer = desk.run("ladder", "check", "--file", "orders.json", "--preset", "lenient")
    assert answer.code == 0
    assert "warning[HC4]: order 3's ratio moves by" in answer.out


def test_a_file_s_own_settings_outrank_the_preset(desk: Desk) -> None:
    """The preset's cap refuses the ladder, the file's own allows it."""
    orders = "orders: {volumes_pct: [6, 10, 18, 28, 38], indents_pct: [0, 3, 7, 12, 20]}\n"
    desk.write("orders.yaml", orders)
    strict = ("ladder", "check", "--file", "orders.yaml", "--preset", "strict")
    assert desk.run(*strict).code == 1
    desk.write("orders.yaml", f"constraints: {{slope_cap: 0.25}}\n{orders}")
    assert desk.run(*strict).code == 0


def test_what_optimize_and_certify_print_is_a_file_of_orders(desk: Desk) -> None:
    """Their JSON names the volumes alone."""
    desk.write(
        "found.json", json.dumps({"score": 8.1, "volumes": FIVE["volumes_pct"], "indents_pct": [0, 3, 7, 12, 20]})
    )
    assert desk.run("ladder", "check", "--file", "found.json").code == 0


@pytest.mark.parametrize(
    ("arguments", "message", "way_out"),
    [
        (("--file", "none.json"), "none.json cannot be read", "readable"),
        (("--file", "orders.json", "--preset", "prodution"), "there is no preset prodution", "production"),
        (("--file", "orders.json", *LONG), "a file of orders belongs to no scope", "--env"),
        ((*LONG, "--preset", "strict"), "a scope's own settings judge its orders", "--file"),
        (LONG[2:], "ladder check needs --env", "production"),
        (LONG[:6], "BTCUSDT has a scope a side", "--side LONG"),
        (LONG[:4], "production/tradeengine has no section ladder", "ladder.orders"),
        (("--file", "nan.json"), 'orders.volumes_pct[0] is the text "NaN", not a number (nan.json)', "number"),
        (("--file", "one.json"), "volumes_pct is [100], a list of fewer than 2 items (one.json)", "2"),
        (("--file", "text.json"), 'orders.volumes_pct[0] is the text "x", not a number', "number"),
        (("--file", "typo.yaml"), "ladder.constraints.slop_cap is no setting", "slope_cap"),
        (("--file", "empty.json"), "empty.json has no orders", "orders"),
    ],
)
def test_wrong_use_is_one_sentence(desk: Desk, arguments: tuple[str, ...], message: str, way_out: str) -> None:
    """What is missing or wrong, and the way out."""
    desk.write("orders.json", json.dumps(FIVE))
    desk.write("nan.json", '{"volumes_pct": [NaN, 50], "indents_pct": [0, 20]}')
    desk.write("one.json", '{"orders": {"volumes_pct": [100], "indents_pct": [0]}}')
    desk.write("text.json", '{"volumes_pct": ["x", 50], "indents_pct": [0, 20]}')
    desk.write("empty.json", "{}")
    desk.write("typo.yaml", f"constraints: {{slop_cap: 0.2}}\norders: {json.dumps(FIVE)}\n")
    assert desk.run("ladder", "check", *arguments).refuses(message, way_out)


def test_presets_that_came_with_deskc_serve_where_no_desk_is(tmp_path: Path) -> None:
    """Outside any repository a preset has the same name and the same bounds."""
    (tmp_path / "orders.json").write_text(json.dumps(FIVE), encoding="utf-8")
    answer = deskc("ladder", "check", "--file", "orders.json", "--preset", "strict", cwd=tmp_path)
    assert answer.code == 1
    assert "error[HC4]: order 4's ratio moves by 0.244444, over slope_cap 0.2" in answer.out.splitlines()


def test_what_is_no_ladder_breaks_hc0_and_is_not_judged_further(tmp_path: Path) -> None:
    """Whether it passes the others is not known, and it has no score."""
    (tmp_path / "orders.json").write_text('{"volumes_pct": [20, 30], "indents_pct": [0, 8, 20]}', encoding="utf-8")
    answer = deskc("ladder", "check", "--file", "orders.json", "--output-format", "json", cwd=tmp_path)
    said = answer.json()
    assert (answer.code, said["score"], said["orders"]) == (1, None, [])
    assert [one["passed"] for one in said["constraints"]] == [False, *[None] * 7]
    assert said["violations"][0]["message"] == "2 volumes stand beside 3 indents"
