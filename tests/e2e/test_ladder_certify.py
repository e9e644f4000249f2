"""`deskc ladder certify`, as a user runs it."""

import json

import pytest

from command_line import Desk

JSON = ("--output-format", "json")


def test_the_certificate_of_a_preset_closes_its_gap(desk: Desk) -> None:
    """LADDER 6's checked value, as the JSON that others build on."""
    asked = ("--orders", "10", "--overlap", "20", "--preset", "fast_exit", "--gap", "1e-7")
    answer = desk.run("ladder", "certify", *asked, *JSON)
    assert (answer.code, answer.err) == (0, "")
    said = answer.json()
    assert list(said)[:6] == ["max_need_pct", "lower_bound_pct", "gap", "volumes", "indents_pct", "seconds"]
    assert said["max_need_pct"] == pytest.approx(3.45414, abs=5e-6)
    assert 0 < said["gap"] <= 1e-7
    assert said["max_need_pct"] * (1 - said["gap"]) == pytest.approx(said["lower_bound_pct"])
    assert (len(said["volumes"]), said["indents_pct"][-1], said["findings"]) == (10, 20.0, [])


def test_a_person_reads_orders_and_what_is_proven(desk: Desk) -> None:
    """A line an order, and the three numbers above them."""
    answer = desk.run("ladder", "certify", "--orders", "10", "--overlap", "20")
    assert (answer.code, answer.err) == (0, "")
    assert "  max need  3.45414376 %" in answer.out.splitlines()
    assert "no ladder at these indents needs less than 3.4541403" in answer.out
    assert "2.07545151 % at the best prices for these volumes" in answer.out
    rows = [line.split() for line in answer.out.splitlines()]
    assert ["10", "0.8", "20.0", "40.0", "0.454733", "3.45414"] in rows


def test_a_certified_ladder_is_one_that_check_accepts(desk: Desk) -> None:
    """What it prints goes into `ladder check` as it is, also where the preset enforces the wave."""
    answer = desk.run("ladder", "certify", "--orders", "8", "--preset", "production", *JSON)
    said = answer.json()
    assert said["gap"] > 1e-3
    assert said["lower_bound_pct"] < said["max_need_pct"]
    desk.write("orders.json", json.dumps({"volumes_pct": said["volumes"], "indents_pct": said["indents_pct"]}))
    judged = desk.run("ladder", "check", "--file", "orders.json", *JSON)
    assert (judged.code, judged.json()["violations"]) == (0, [])


def test_bounds_in_conflict_are_a_finding_that_names_both(desk: Desk) -> None:
    """Exit code 1, as of every error finding."""
    asked = ("--q1-cap", "5", "--m-max", "0.3")
    message = "no ladder of 10 orders keeps constraints.m_max 0.3 and constraints.q1_cap 5 together"
    answer = desk.run("ladder", "certify", *asked)
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.splitlines()[0] == f"error[HC0]: {message}"
    said = desk.run("ladder", "certify", *asked, *JSON)
    assert said.code == 1
    assert [one["message"] for one in said.json()["findings"]] == [message]
    assert (said.json()["max_need_pct"], said.json()["volumes"]) == (None, [])


def test_a_reach_too_small_is_a_finding(desk: Desk) -> None:
    """Ten orders a twentieth of a percent apart need .45 %."""
    answer = desk.run("ladder", "certify", "--overlap", "0.4")
    assert answer.code == 1
    assert "core.overlap_pct 0.4 and generation.min_indent_step_pct 0.05 together" in answer.out


@pytest.mark.parametrize(
    ("asked", "message", "way_out"),
    [
        (("--preset", "prodution"), "there is no preset prodution", "did you mean production?"),
        (("--gap", "0"), "a gap of 0 cannot be proven; it is above 0", ""),
        (("--gap", "nan"), "a gap of nan cannot be proven", ""),
        (("--orders", "1"), "num_orders is 1, below 2", "write 2 or more"),
        (("--overlap", "nan"), "overlap_pct is no finite number", "write a number"),
        (("--overlap", "120"), "an order at 120 % has no price above 0", ""),
        (("--side", "up"), 'side is "up", not one of long, short', ""),
        (("--preset", "strict", "--output-format", "xml"), "xml is no output format", ""),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(
    desk: Desk, asked: tuple[str, ...], message: str, way_out: str
) -> None:
    """Exit code 2, the way out, no traceback."""
    assert desk.run("ladder", "certify", *asked).refuses(message, way_out)
