"""What `import deskc` and a load may import: a bot's start is paid for at every deploy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snapshots import ScopeText, SnapshotText

ROOT = Path(__file__).parents[2]
PRELUDE = "import os; before = set(sys.modules)\n"
REPORT = "\nprint(*sorted(set(sys.modules) - before))"

FACE = {"__future__", "deskc"}
LOADING = {
    *{"_blake2", "_hashlib", "_json", "hashlib", "importlib", "itertools", "types", "warnings"},
    *{"importlib._bootstrap", "importlib._bootstrap_external", "_operator", "operator", "_opcode"},
    *{"deskc.core", "deskc.core.errors", "deskc.runtime"},
    *(f"deskc.runtime.{path.stem}" for path in (ROOT / "compiler/deskc/runtime").glob("*.py")),
}


def imported(program: str) -> set[str]:
    """Return the modules that a program imports in a bare interpreter, with the standard library alone."""
    lines = f"import sys; sys.path.insert(0, {os.fspath(ROOT / 'compiler')!r})\n{PRELUDE}{program}{REPORT}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", lines], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_importing_deskc_imports_nothing_else() -> None:
    """The root package is a list of names until one is used."""
    assert imported("import deskc") <= FACE


def test_a_load_and_a_read_stay_within_their_list(tmp_path: Path) -> None:
    """No json, re, enum, typing, dataclasses or pathlib on the way from nothing to a setting."""
    late = [{"path": "system.port", "type": "number", "minimum": 1, "maximum": None, "enum": None}]
    scopes = (ScopeText({"system": {"port": "${PORT}"}}), ScopeText({"trading": {"weights": {"1m": 1}}}, coin="ETH"))
    path = SnapshotText(scopes, header={"late": late, "floats": ["trading.weights"]}).write(tmp_path)
    found = imported(f"""
import deskc
snap = deskc.load({str(path)!r}, environment="production", bot="tradeengine", env={{"PORT": "5432"}})
assert snap["ETH"].trading.weights["1m"] == 1.0 and snap.bot.system.port == 5432
assert snap["ETH"].stamp.params_digest and "1m" in repr(snap["ETH"].trading)
""")
    assert found - FACE - LOADING == set()


@pytest.mark.parametrize("name", ["DeskcError", "SnapshotError"])
def test_an_error_type_costs_no_loading(name: str) -> None:
    """Naming an exception does not import the loader."""
    found = imported(f"import deskc; deskc.{name}")
    assert {module for module in found if module.startswith("deskc.")} <= {
        "deskc.core",
        "deskc.core.errors",
        "deskc.runtime",
        "deskc.runtime.errors",
    }
