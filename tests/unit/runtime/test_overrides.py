"""Variables that are named like settings: which are warned of at a load, and which are none of its business."""

import warnings
from pathlib import Path

import pytest

import deskc
from deskc.core.scopes import SECTIONS
from deskc.runtime import overrides
from snapshots import ScopeText, SnapshotText

LATE = {"type": "string", "minimum": None, "maximum": None, "enum": None}
TEXT = SnapshotText(
    [
        ScopeText(
            {
                "risk": {"global": {"max_leverage": 20}},
                "system": {
                    "api": {"host": "${SYSTEM_API_HOST}", "url": "${env:SYSTEM_API_URL:-x}", "note": "SYSTEM_DEBUG"}
                },
            }
        ),
        ScopeText({"trading": {"leverage": 10, "strategy_weights": {"trend.fast": 1}}}, coin="ETH"),
    ],
    header={"late": [{"path": path, **LATE} for path in ("system.api.host", "system.api.url")]},
)
NEEDED = {"SYSTEM_API_HOST": "localhost"}


def said(path: Path, **env: str) -> list[str]:
    """Load with these variables beside the one that is needed, and return what was warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        deskc.load(path, environment="production", bot="tradeengine", env={**NEEDED, **env})
    assert {one.category for one in caught} <= {deskc.IgnoredVariableWarning}
    assert {Path(one.filename) for one in caught} <= {Path(__file__)}
    return [str(one.message) for one in caught]


def test_a_variable_named_like_a_setting_is_warned_of_without_its_value(tmp_path: Path) -> None:
    """The bot's own settings and a coin's count, and one warning at the caller's line names all of them."""
    path = TEXT.write(tmp_path)
    (one,) = said(path, RISK_GLOBAL_MAX_LEVERAGE="2718", PATH="x")
    (two,) = said(
        path, TRADING_LEVERAGE="2718", RISK_GLOBAL_MAX_LEVERAGE="2718", TRADING_STRATEGY_WEIGHTS_TREND_FAST="1"
    )
    assert one == (
        "RISK_GLOBAL_MAX_LEVERAGE is set here and changes no setting: settings come from reviewed commits, "
        "and of the environment only what a layer names as ${env:NAME}; change the layer, or unset the variable"
    )
    names = "RISK_GLOBAL_MAX_LEVERAGE, TRADING_LEVERAGE, TRADING_STRATEGY_WEIGHTS_TREND_FAST are set here and change no"
    assert two.startswith(names)
    assert "2718" not in one + two


def test_the_settings_stay_what_was_committed(tmp_path: Path) -> None:
    """The warning tells the truth: the variable has no effect."""
    with pytest.warns(deskc.IgnoredVariableWarning, match="RISK_GLOBAL_MAX_LEVERAGE"):
        snap = deskc.load(
            TEXT.write(tmp_path),
            environment="production",
            bot="tradeengine",
            env={**NEEDED, "RISK_GLOBAL_MAX_LEVERAGE": "3"},
        )
    assert snap.bot["risk.global.max_leverage"] == 20


@pytest.mark.parametrize(
    "name",
    [
        "SYSTEM_API_URL",  # a late reference names it
        "RISK_FREE_RATE",  # no setting has such a path
        "RISK_GLOBAL",  # a group, which no value can stand for
        "risk_global_max_leverage",  # the documents' style is upper case
        "MY_RISK_GLOBAL_MAX_LEVERAGE",
        "TRADING_\udcff",
    ],
)
def test_any_other_variable_is_none_of_its_business(tmp_path: Path, name: str) -> None:
    """What a layer asks for by name is legal, and what names no setting may mean anything."""
    assert said(TEXT.write(tmp_path), **{name: "1"}) == []


def test_a_text_that_only_looks_like_the_variable_does_not_make_it_legal() -> None:
    """A reference alone asks for a variable."""
    found = overrides.ignored(TEXT.data(), ["SYSTEM_API_NOTE", "SYSTEM_API_HOST"])
    assert found == ("SYSTEM_API_NOTE",)


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"params":7}', b"\xff", b"[" * 100_000])
def test_a_broken_line_is_left_to_whoever_reads_it(raw: bytes) -> None:
    """The warning is no check of the file: a coin's damaged line stops that coin alone."""
    scopes = [
        ScopeText({"risk": {"cap": 1}}),
        ScopeText(coin="ETH", raw=raw),
        ScopeText({"risk": {"floor": 1}}, coin="X"),
    ]
    data = SnapshotText(scopes).data()
    assert overrides.ignored(data, ["RISK_FLOOR", "RISK_CAP", "RISK_OTHER"]) == ("RISK_CAP", "RISK_FLOOR")


def test_every_section_is_looked_for() -> None:
    """The loader keeps a list of its own, for speed, of the sections that there are."""
    names = [f"{section.upper()}_ONE" for section in SECTIONS]
    data = SnapshotText([ScopeText({section: {"one": 1} for section in SECTIONS})]).data()
    assert overrides.ignored(data, names) == tuple(names)
