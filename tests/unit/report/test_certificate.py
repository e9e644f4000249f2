"""What a certificate says where it has a ladder, where it has none, and where nothing was decided."""

import json

from deskc.ladder.exact.certify import Certificate, Undecided
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Core, Settings
from deskc.report.certificate import certificate_json, certificate_text

SETTINGS = Settings(Core(num_orders=3))
LADDER = Ladder((20.0, 35.0, 45.0), (0.0, 10.0, 20.0))
BOUND = 9.0


def test_what_the_bound_leaves_out_stands_beside_it() -> None:
    """A reader is not to take the gap for one of all eight constraints."""
    told = Certificate(LADDER, 9.375, BOUND, 0.04, LADDER.indents, ("HC6",), 3)
    lines = certificate_text(told, SETTINGS, seconds=0.5).splitlines()
    assert lines[0] == "3 orders to 20 %, long, base sizing"
    assert "  max need  9.375 %" in lines
    assert "  proven    no ladder at these indents needs less than 9 % (3 boxes, 0.50 s)" in lines
    assert "            the bound is of HC0 to HC5: HC6 is left out of it" in lines
    assert ["3", "0.8", "20.0", "45.0", "0.285714", "9.375"] in [line.split() for line in lines]


def test_a_bound_without_a_ladder_says_that_none_was_found() -> None:
    """Numbers that are not there are null in JSON."""
    told = Certificate(None, None, BOUND, None, LADDER.indents, ("HC6", "HC7"), 1)
    text = certificate_text(told, SETTINGS, seconds=0.5)
    assert "max need  none: no ladder was found that keeps HC6 and HC7 too" in text
    assert "order" not in text.splitlines()[-1]
    said = json.loads(certificate_json(told, SETTINGS, seconds=0.5))
    assert (said["max_need_pct"], said["gap"], said["volumes"]) == (None, None, [])
    assert (said["lower_bound_pct"], said["indents_pct"]) == (BOUND, [0.0, 10.0, 20.0])


def test_undecided_is_a_finding() -> None:
    """Neither a ladder nor a proof: the reader is told both."""
    said = json.loads(certificate_json(Undecided(400), SETTINGS, seconds=2.0))
    assert said["findings"][0]["message"] == "no ladder of 3 orders was found, and none was ruled out"
    assert certificate_text(Undecided(400), SETTINGS, seconds=2.0).startswith("error[HC0]: no ladder of 3 orders")
