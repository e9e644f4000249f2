"""The bot's side runs from a copied folder, with nothing but Python."""

import shutil
import subprocess
import sys
from pathlib import Path

from snapshots import ScopeText, SnapshotText, publish

PACKAGE = Path(__file__).parents[2] / "compiler/deskc"
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import deskc
assert deskc.__file__.startswith(sys.argv[1])
snap = deskc.load(sys.argv[2], environment="production", bot="tradeengine", env={"PORT": "1"})
snap.verify()
assert snap["BTCUSDT", "LONG"]["trading.leverage"] == 20 and snap.bot.system.port == 1
try:
    snap["BTCUSD"]
except deskc.UnknownScopeError as error:
    assert error.help == "did you mean BTCUSDT?", error.help
assert deskc.testing.snapshot({"coins": {"ETH": {"trading": {"leverage": 3.0}}}})["ETH"].trading.leverage == 3.0
deskc.load("file://" + sys.argv[2], environment="production", bot="tradeengine", env={"PORT": "1"})
"""


def test_core_and_runtime_run_from_a_copied_folder(tmp_path: Path) -> None:
    """Neither an installed package nor the rest of deskc is needed to load, verify, read and test."""
    copy = tmp_path / "deskc"
    for part in ("core", "runtime"):
        shutil.copytree(PACKAGE / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("__init__.py", "testing.py"):
        shutil.copy(PACKAGE / file, copy / file)
    late = [{"path": "system.port", "type": "integer", "minimum": None, "maximum": None, "enum": None}]
    coin = ScopeText({"trading": {"leverage": 20}}, coin="BTCUSDT", side="LONG")
    text = SnapshotText((ScopeText({"system": {"port": "${PORT}"}}), coin), header={"late": late})
    publish(text, tmp_path / "channel")
    command = [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", PROGRAM]
    subprocess.run([*command, str(tmp_path), str(tmp_path / "channel")], check=True)
