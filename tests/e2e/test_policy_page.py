"""The page on the policy tells the truth: its tables are what the example prints, and its code runs."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from deskc.runtime.policy.guard import guard
from snapshots import ScopeText, SnapshotText, publish

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/policy.md").read_text(encoding="utf-8")


def test_the_tables_are_what_the_example_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """Every row, in its order."""
    runpy.run_path(str(ROOT / "examples/policy_examples.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert printed.startswith("### ")
    assert PAGE.endswith(f"\n\n{printed.rstrip()}\n")


def test_the_code_on_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that copies it is denied nothing at first, and the size is the settings'."""
    monkeypatch.chdir(tmp_path)
    trading = {"position_size_pct": 0.02, "max_daily_trades": 5, "max_daily_loss_pct": 0.05, "enabled": True}
    scopes = [ScopeText(), ScopeText({"trading": trading, "risk": {"global": {"min_liquidity": 5000}}}, coin="ETH")]
    publish(SnapshotText(scopes, bot="mm_multi_v1"), tmp_path / "channel")
    found: dict[str, Any] = {}
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(code, found)  # noqa: S102 - what the page says
    assert (found["denials"], found["sized"].usd) == ((), 200)
    assert len(guard(found["state"]._replace(liquidity_usd=None), found["eth"])) == 1
