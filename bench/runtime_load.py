"""The load part of the runtime benchmark: a bot's cold start on a snapshot of 5 MB, and a setting in its hot path."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from timeit import repeat

import deskc
from budgets import Budget
from deskc.pipeline import Selection, compile_desk, prepare
from deskc.stages.read import WorktreeSource
from deskc.testing import snapshot
from parts import Found

__all__ = ["run"]

COINS = 2_000  # with all settings of the reference desk's market maker: 5 MB
ROUNDS, QUICK_ROUNDS = 41, 15
READS, REPEATS = 200_000, 9
_ROOT = Path(__file__).resolve().parents[1]
_MEASURE = Path(__file__).with_name("measure.py")
_TARGET = 'environment="test", bot="test_bot", env={}'


def run(*, quick: bool) -> Found:
    """Start processes in turn, and read settings in this one."""
    with TemporaryDirectory() as folder:
        path = _written(Path(folder))
        seconds = _race(_programs(path), log=Path(folder) / "log", rounds=QUICK_ROUNDS if quick else ROUNDS)
        size_mb = path.stat().st_size / 1e6
        attribute_ns, setting_ns, path_ns = _reads(deskc.load(path, environment="test", bot="test_bot", env={}))
    bare, ours, whole = (seconds[name] for name in ("python -c pass", "deskc.load, one scope", "json.load"))
    table = (
        f"{'CPU ms of a process':30}{'median':>10}",
        *(f"{name:30}{1e3 * cost:10.1f}" for name, cost in seconds.items()),
        f"the snapshot has {size_mb:.1f} MB and {COINS:,} coins",
        f"a plain attribute {attribute_ns:.0f} ns, trading.leverage {setting_ns:.0f} ns, by its path {path_ns:.0f} ns",
    )
    budgets = (
        Budget("cold load of one verified scope", 3.5, "x python -c pass", ours / bare),
        Budget("cold load beside json.load of the file", 1 / 3, "x", ours / whole),
        Budget("a setting in the hot path", 2, "x a plain attribute", setting_ns / attribute_ns),
    )
    return Found(table, budgets, ())


def _written(folder: Path) -> Path:
    """Write a snapshot as large as a fleet's: the reference desk's market maker, with a great many coins."""
    prepared = prepare(WorktreeSource(_ROOT, 0), "config-repo/")
    (made,) = compile_desk(prepared, Selection(("production",), ("mm_multi_v1",))).snapshots
    params = json.loads(bytes(made.params()[-1]))
    coins = {
        f"COIN{number:04}": {**params, "trading": {**params["trading"], "leverage": number % 20 + 1}}
        for number in range(COINS)
    }
    snap = snapshot({"system": {"log_level": "INFO"}, "coins": coins})
    path = folder / f"{snap.digest}.jsonl"
    path.write_bytes(snap.data)
    return path


def _programs(path: Path) -> Mapping[str, str]:
    return {
        "python -c pass": "pass",
        "deskc.load, one scope": f'import deskc; deskc.load({str(path)!r}, {_TARGET})["COIN1000"].trading.leverage',
        "json.load": f"import json; [json.loads(line) for line in open({str(path)!r}, 'rb')]",
    }


def _race(programs: Mapping[str, str], *, log: Path, rounds: int) -> dict[str, float]:
    """Run everyone in turn and return the median CPU seconds; one round before warms the files up."""
    found: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, program in programs.items():
            command = [sys.executable, "-I", "-S", str(_MEASURE), str(log), sys.executable, "-c", program]
            words = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            if words[3] != "0":
                raise AssertionError(log.read_text(encoding="utf-8"))
            if turn:
                found[name].append(float(words[1]))
    return {name: median(costs) for name, costs in found.items()}


class _Plain:
    def __init__(self, leverage: int) -> None:
        self.leverage = leverage


def _reads(snap: deskc.Snapshot) -> tuple[float, float, float]:
    """Return nanoseconds of an attribute, of a setting from a held section, and of one by its path."""
    scope = snap["COIN1000"]
    names = {"plain": _Plain(20), "trading": scope.trading, "scope": scope}
    programs = ("plain.leverage", "trading.leverage", 'scope["trading.leverage"]')
    found = (min(repeat(program, globals=names, number=READS, repeat=REPEATS)) / READS * 1e9 for program in programs)
    return next(found), next(found), next(found)
