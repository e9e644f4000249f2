"""deskc.testing: snapshots for a bot's own unit tests."""

import doctest

import pytest

import deskc
from deskc import testing
from deskc.runtime.errors import FormatError


def test_a_bot_under_test_gets_a_real_snapshot() -> None:
    """Sections at the top are the bot's, its trading sections are every coin's, and a coin's own settings win."""
    snap = deskc.testing.snapshot(
        {
            "bot": "mm",
            "environment": "staging",
            "system": {"log_level": "DEBUG"},
            "trading": {"leverage": 3, "weights": {"a": 1.0, "b": 2}, "steps": [1, 2]},
            "coins": {"ETH": {"trading": {"weights": {"b": 5}, "steps": [9]}}, ("BTC", "LONG"): {"risk": {"max": 1}}},
        }
    )
    assert isinstance(snap, deskc.Snapshot)
    assert (snap.environment, snap.bot_id, snap.coins, snap.bot.system.log_level) == (
        "staging",
        "mm",
        ("BTC", "ETH"),
        "DEBUG",
    )
    assert snap["ETH"] == {"trading": {"leverage": 3, "weights": {"a": 1.0, "b": 5}, "steps": [9]}}
    assert snap["BTC", "LONG"].risk.max == 1
    assert "system" not in snap["ETH"]


def test_floats_stay_floats() -> None:
    """A bot is tested with the types that it was given, in maps and lists as well."""
    snap = testing.snapshot({"trading": {"pct": 6.0, "count": 6, "list": [1.0, 2], "map": {"1m": 1.0, "a.b": 2.0}}})
    trading = snap.bot.trading
    assert repr(dict(trading)) == "{'count': 6, 'list': (1.0, 2), 'map': Section({'1m': 1.0, 'a.b': 2.0}), 'pct': 6.0}"


def test_equal_settings_are_equal_snapshots() -> None:
    """The order in which a test writes its settings does not matter; a reference is plain text."""
    one = testing.snapshot({"coins": {"B": {}, "A": {}}, "system": {"a": "${HOME}", "b": 1}})
    other = testing.snapshot({"system": {"b": 1, "a": "${HOME}"}, "coins": {"A": {}, "B": {}}})
    assert one.digest == other.digest
    assert one.bot.system.a == "${HOME}"


@pytest.mark.parametrize(
    ("settings", "message", "way_out"),
    [
        ({"tradin": {}}, "'tradin' is neither a section nor one of bot, coins, config_version, environment", "trading"),
        ({"coins": {"ETH": {"leverage": 3}}}, "'leverage' is neither a section nor one of config_version", None),
        ({"coins": {"ETH": {"system": {}}}}, "'system' is neither a section nor one of config_version", None),
    ],
)
def test_a_misplaced_key_is_refused(settings: dict[str, object], message: str, way_out: str | None) -> None:
    """A test that sets nothing by mistake would pass for the wrong reason."""
    with pytest.raises(FormatError) as caught:
        testing.snapshot(settings)
    assert str(caught.value) == message
    assert caught.value.help == (f"did you mean {way_out}?" if way_out else "")


def test_the_example_in_its_documentation_is_true() -> None:
    """The docstring's lines run as they stand."""
    assert doctest.testmod(testing) == (0, 3)


def test_the_face_is_complete() -> None:
    """Every name of the root package resolves, is listed by dir, and no other name does."""
    assert [name for name in deskc.__all__ if getattr(deskc, name) is None] == []
    assert dir(deskc) == sorted(deskc.__all__)
    with pytest.raises(AttributeError, match="module 'deskc' has no attribute 'lod'"):
        _ = deskc.lod  # type: ignore[attr-defined]  # wrong on purpose
