"""Taking a setting out of a layer's text: it goes with its line, every other byte stays."""

import pytest

from deskc.edit.drop import drop, value_at
from deskc.edit.put import put
from deskc.stages.parse import parse_file

STEPS = ("trading", "enabled")
CASES = {
    "among others": ("trading:\n  # why\n  leverage: 2\n  enabled: false # so\n  size: 1\n", "  enabled: false # so\n"),
    "the last one": ("risk: {a: 1}\ntrading:\n  leverage: 2\n  enabled: false", "  enabled: false"),
    "alone in its section": ("# top\nrisk: {}\ntrading:\n  enabled: false\n# end\n", "trading:\n  enabled: false\n"),
    "in brackets": ("trading: {leverage: 2, enabled: false, size: 1} # x\n", "enabled: false, "),
    "last in brackets": ("trading: {leverage: 2, enabled: false}\n", ", enabled: false"),
    "alone in brackets": ("a: 1\ntrading: {enabled: false}\r\nb: 2\n", "trading: {enabled: false}\r\n"),
    "not there": ("trading: {leverage: 2}\n", ""),
    "nothing there": ("", ""),
    "below what is no map": ("trading: 7\n", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_a_setting_goes_and_the_rest_stays(case: str) -> None:
    """Just its own text is gone, and a section that it would leave empty."""
    text, gone = CASES[case]
    assert drop(text, STEPS) == text.replace(gone, "", 1)
    assert parse_file("layer.yaml", drop(text, STEPS).encode()).findings == ()


@pytest.mark.parametrize(
    "text", ["", "# only\n", "risk: {a: 1}\n", "trading:\n  leverage: 2 # two\n", "trading: {a: 1}\n"]
)
def test_dropping_takes_back_what_was_put(text: str) -> None:
    """A halt and its end leave a layer as it was."""
    halted = put(text, STEPS, value=False)
    assert value_at(halted, STEPS) is False
    assert drop(halted, STEPS) == text


def test_a_value_is_read_where_it_is_one() -> None:
    """Anything but a truth value counts as none."""
    assert value_at("trading: {enabled: true}", STEPS) is True
    assert [value_at(text, STEPS) for text in ("", "trading: 1", "trading: {enabled: maybe}", "trading: {}")] == [
        None
    ] * 4
