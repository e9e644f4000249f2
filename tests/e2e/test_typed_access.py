"""A bot's own type checker knows the desk: real mypy over a bot that is right and one that is not."""

import os
import re
from pathlib import Path

import pytest
from mypy import api

from command_line import ROOT, deskc

_GOOD = """\
import deskc
from desk_types import MeanReversionScope, RiskGlobal, any_strategy, mean_reversion

snap = mean_reversion(deskc.load("channel", environment="production", bot="reverter"))


def size(scope: MeanReversionScope) -> float:
    limits: RiskGlobal = scope.risk["global"]
    return scope.trading.leverage * scope.strategy.parameters.position_size * limits.max_leverage


port: int = snap.bot.system.database.port
coins: tuple[str, ...] = snap.coins
whole: float = sum(size(snap[key]) for key in snap)
ids = [scope.stamp.record() for scope in snap.scopes if "leverage" in scope.trading]
plain: deskc.Snapshot = any_strategy(snap)
"""

_BAD = """\
import deskc
from desk_types import mean_reversion

snap = mean_reversion(deskc.load("channel", environment="production", bot="reverter"))
print(snap["ETH"].trading.levrage)
print(snap["ETH"].strategy.parameters.lookback)
text: str = snap["ETH"].trading.leverage
snap["ETH"].trading.leverage = 3
print(snap["ETH"].system)
print(snap.bot.risk["globl"])
print(snap["ETH"].trading.margin_type == "isolate")
"""

_WRONG = [
    '"Trading" has no attribute "levrage"; maybe "leverage"?  [attr-defined]',
    '"MeanReversionParameters" has no attribute "lookback"  [attr-defined]',
    'Incompatible types in assignment (expression has type "int", variable has type "str")  [assignment]',
    'Property "leverage" defined in "Trading" is read-only  [misc]',
    '"MeanReversionScope" has no attribute "system"  [attr-defined]',
    'Invalid index type "Literal[\'globl\']" for "Risk"; expected type "Literal[\'global\']"  [index]',
    (
        "Non-overlapping equality check (left operand type: \"Literal['isolated', 'cross']\", "
        "right operand type: \"Literal['isolate']\")  [comparison-overlap]"
    ),
]


def test_mypy_catches_a_misspelt_setting_and_a_wrong_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the module that `deskc schema --python` writes, each line of the bad bot is wrong, none of the good one."""
    ran = deskc("schema", "--python", "-o", "desk_types.py", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    (tmp_path / "good.py").write_text(_GOOD, encoding="utf-8")
    (tmp_path / "bad.py").write_text(_BAD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MYPYPATH", os.fspath(ROOT / "compiler"))
    said, trouble, _ = api.run(
        ["--strict", "--config-file=", "--cache-dir=cache", "good.py", "bad.py", "desk_types.py"]
    )
    assert trouble == ""
    found = re.findall(r"^bad\.py:(\d+): error: (.*)$", said, re.MULTILINE)
    assert found == [(str(line), wrong) for line, wrong in enumerate(_WRONG, start=5)]
    assert said.splitlines()[len(_WRONG) :] == [f"Found {len(_WRONG)} errors in 1 file (checked 3 source files)"]


@pytest.mark.parametrize("other", [("trading",), ("--layer",), ("--llm",), ("--strategy", "mean_reversion")])
def test_the_module_is_about_all_sections(tmp_path: Path, other: tuple[str, ...]) -> None:
    """Together with a part or another form it is refused in one sentence."""
    ran = deskc("schema", "--python", *other, cwd=tmp_path)
    assert ran.refuses("about all sections of a layer")
