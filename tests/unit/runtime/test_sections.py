"""Sections: frozen mappings whose keys are attributes."""

import copy
import json
import pickle
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import deskc.testing
from deskc.core.paths import child
from deskc.runtime.errors import UnknownSettingError
from deskc.runtime.scopes import Scope
from deskc.runtime.sections import Section, plain

TRADING = {
    "leverage": 20,
    "margin_type": "isolated",
    "override_min_qty": None,
    "strategy_weights": {"default": 1.0, "1m": 0.5, "a.b": 3},
    "legs": [{"coin": "ETH", "sizes": [1, 2]}, {"coin": "BTC", "sizes": []}],
}
RISK = {"global": {"max_leverage": 20}, "items": 3, "values": 4, "get": 5, "class": "x"}


@pytest.fixture
def scope() -> Scope:
    """Return a coin's scope with the settings above."""
    return deskc.testing.snapshot({"bot": "mm", "coins": {"ETH": {"trading": TRADING, "risk": RISK}}})["ETH"]


def test_a_setting_is_read_in_three_ways(scope: Scope) -> None:
    """As attributes, key by key, and by its path."""
    assert scope.trading.leverage == scope["trading"]["leverage"] == scope["trading.leverage"] == 20
    assert scope.trading["strategy_weights.1m"] == scope["trading.strategy_weights"]["1m"] == 0.5
    assert scope['trading.strategy_weights["a.b"]'] == scope.trading.strategy_weights["a.b"] == 3
    assert scope["trading.legs[1].coin"] == scope.trading.legs[1].coin == "BTC"
    assert scope.trading["legs[0].sizes[1]"] == 2


def test_a_section_is_a_mapping(scope: Scope) -> None:
    """Length, iteration, membership, views, dict() and comparison work as on any mapping."""
    trading = scope.trading
    assert isinstance(trading, Mapping)
    assert len(trading) == len(TRADING)
    assert list(trading) == sorted(TRADING) == list(trading.keys())
    assert dict(trading) == {**trading} == dict(trading.items()) == trading
    assert trading == TRADING
    assert trading != {**TRADING, "leverage": 21}
    assert "leverage" in trading
    assert "trading.legs[0].coin" in scope
    assert "leverag" not in trading
    assert 7 not in trading
    assert trading.get("leverage") == 20
    assert (trading.get("leverag"), trading.get("legs[7].coin", 8)) == (None, 8)
    assert json.loads(json.dumps(plain(trading))) == TRADING


def test_as_an_attribute_a_setting_wins_over_a_method(scope: Scope) -> None:
    """A name means the setting wherever there is one; what needs no name goes on working."""
    risk = scope.risk
    assert (risk.items, risk.values, risk.get) == (3, 4, 5)
    assert getattr(risk, "global").max_leverage == risk["global"].max_leverage == 20
    assert getattr(risk, "class") == "x"
    assert dict(risk) == risk == RISK
    assert repr(risk).startswith("Section({'class': 'x', 'get': 5, 'global': Section(")


def test_a_setting_named_keys_is_read_and_costs_dict_alone() -> None:
    """dict() is the one thing that asks a mapping by a name, and it fails loudly."""
    snap = deskc.testing.snapshot({"system": {"keys": 1, "__class__": 2, "_path": 3}})
    section = snap.bot.system
    assert (section.keys, section["__class__"], section["_path"]) == (1, 2, 3)
    assert {name: section[name] for name in section} == section == {"keys": 1, "__class__": 2, "_path": 3}
    with pytest.raises(TypeError):
        dict(section)


def test_attributes_are_found_without_comparing_text(scope: Scope) -> None:
    """Keys are interned at every depth, without which an attribute costs three times a plain one."""
    sections = (scope, scope.trading, scope.trading.strategy_weights, scope.trading.legs[0])
    assert all(key is sys.intern(key) for section in sections for key in section)


CHANGES: list[Callable[[Any], object]] = [
    lambda section: setattr(section, "leverage", 1),
    lambda section: setattr(section, "new", 1),
    lambda section: delattr(section, "leverage"),
    lambda section: section.__setitem__("leverage", 1),
    lambda section: section.__delitem__("leverage"),
    lambda section: section.update({}),
    lambda section: section.clear(),
    lambda section: vars(section).__setitem__("leverage", 1),
    lambda section: section.__dict__.update(leverage=1),
    lambda section: setattr(section, "__dict__", {}),
    lambda section: setattr(section, "__class__", dict),
    lambda section: section.legs.append(1),
    lambda section: section.legs[0].__setitem__("coin", "X"),
    lambda section: setattr(section.strategy_weights, "default", 2),
]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_can_be_changed(scope: Scope, change: Callable[[Any], object]) -> None:
    """Settings change in the desk, never in a bot: by attribute, by key, by dictionary, at any depth."""
    with pytest.raises((AttributeError, TypeError)):
        change(scope.trading)
    assert scope.trading == TRADING


def test_a_scope_is_as_frozen_as_its_sections(scope: Scope) -> None:
    """Neither its sections nor its stamp can be exchanged, and the refusal says what to do."""
    for name in ("trading", "stamp", "coin"):
        with pytest.raises(AttributeError, match=f"settings are frozen: change {name} in the desk, then load"):
            setattr(scope, name, None)
    with pytest.raises(TypeError):
        hash(scope)


@pytest.mark.parametrize(
    ("path", "setting", "way_out"),
    [
        ("trading.leverag", "trading.leverag", "did you mean leverage?"),
        ("tradin.leverage", "tradin.leverage", "did you mean trading?"),
        ("trading.legs[0].coins", "trading.legs[0].coins", "did you mean coin?"),
        ("trading.legs[9].coin", "trading.legs[9].coin", ""),
        ("trading.leverage.x", "trading.leverage.x", ""),
        ("trading..leverage", "trading..leverage", ""),
        ("", "", ""),
    ],
)
def test_an_unknown_setting_is_named_with_a_guess(scope: Scope, path: str, setting: str, way_out: str) -> None:
    """The error is a KeyError that tells scope, path and the nearest name."""
    with pytest.raises(UnknownSettingError) as caught:
        _ = scope[path]
    assert isinstance(caught.value, KeyError)
    assert str(caught.value) == f"test/mm/ETH has no setting {setting}"
    assert (caught.value.setting, caught.value.help) == (setting, way_out)


def test_an_unknown_setting_is_told_from_the_root(scope: Scope) -> None:
    """A held section still knows where it stands."""
    with pytest.raises(
        UnknownSettingError, match=r"test/mm/ETH has no setting trading.strategy_weights.defaul$"
    ) as caught:
        _ = scope.trading.strategy_weights["defaul"]
    assert caught.value.known == ("1m", "a.b", "default")
    with pytest.raises(UnknownSettingError, match=r"no setting trading.legs\[1\].7$"):
        _ = scope.trading.legs[1][7]


def test_an_unknown_attribute_is_an_attribute_error(scope: Scope) -> None:
    """Both hasattr and getattr with a default work, and dir lists the settings for Python's own guess."""
    assert not hasattr(scope.trading, "leverag")
    assert getattr(scope.trading, "leverag", 7) == 7
    assert set(TRADING) < set(dir(scope.trading))


def test_copies_are_the_thing_itself_and_pickles_are_refused(scope: Scope) -> None:
    """What never changes needs no copy; what may hold secrets is not written out by accident."""
    for section in (scope, scope.trading):
        assert copy.copy(section) is copy.deepcopy(section) is section
        with pytest.raises(TypeError, match="settings are not pickled, for they may hold secrets"):
            pickle.dumps(section)
    assert copy.deepcopy({"held": scope.trading})["held"] is scope.trading


def test_a_scope_says_who_it_is(scope: Scope) -> None:
    """Its repr names target and version; an empty section is still a section."""
    assert repr(scope) == f"Scope('test/mm/ETH', None · {scope.params_digest[:8]})"
    assert (scope.coin, scope.side, scope.arm, scope.config_version) == ("ETH", None, None, None)
    assert Section is not Scope


@pytest.mark.parametrize("key", ["a", "a_b", "1m", "BTC-USD", "@1", "$x", "a.b", "a b", "", 'q"', "é", "a[0]"])
def test_paths_follow_the_core_grammar(key: str) -> None:
    """The loader's own, import-free writing of paths agrees with core.paths for every kind of key."""
    snap = deskc.testing.snapshot({"system": {key: {"x": 1.0}}})
    assert isinstance(snap.bot[child("system", key) + ".x"], float)
