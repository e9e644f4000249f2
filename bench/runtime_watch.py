"""The watch part of the runtime benchmark: from a commit to the bot that trades by it, on one machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter, thread_time

import deskc
from budgets import Budget
from deskc.gitio.write import commit_files, init
from deskc.runtime.late import Sources
from deskc.runtime.locate import Found as Bytes
from deskc.runtime.snapshot import follow_snapshot
from deskc.testing import snapshot
from parts import Found

__all__ = ["run"]

ROUNDS, QUICK_ROUNDS = 21, 9
COINS = 6_000
_ROOT = Path(__file__).resolve().parents[1]
_DESKC = Path(sys.executable).with_name("deskc")
_ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
_SETTING = "min_spread_bps: 0.3"


def run(*, quick: bool) -> Found:
    """Commit, compile and publish as a merge job does, while a bot follows the channel."""
    build = _ROOT / "build"
    build.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=build) as folder:
        whole, after = _rounds(Path(folder), QUICK_ROUNDS if quick else ROUNDS)
    large_s = _large()
    table = (
        f"{'seconds':44}{'median':>8}{'max':>8}",
        f"{'git commit to reloaded bot':44}{median(whole):8.3f}{max(whole):8.3f}",
        f"{'end of deskc compile --publish to reloaded bot':44}{median(after):8.3f}{max(after):8.3f}",
        f"going over to a snapshot of {COINS:,} coins, all changed, one of them read: {1e3 * large_s:.0f} ms of a core",
    )
    return Found(table, (Budget("commit to reloaded bot", 1, "s, median", median(whole)),), ())


def _rounds(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Return, round by round, seconds from before the commit and from the end of the publish to the new snapshot.

    The second may be below zero: the bot is told while the command still records the builds.
    """
    root, channel = folder / "desk", folder / "channel"
    for name in ("config-repo", "schemas", "validators"):
        shutil.copytree(_ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    init(root)
    paths = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    _commit(root, paths)
    _publish(root, channel)
    text, whole, after = (root / _ETH).read_text(encoding="utf-8"), [], []
    env = dict.fromkeys((f"DB_{name}" for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")), "1")
    with deskc.watch(channel, environment="development", bot="mm_multi_v1", env=env, state=folder / "state") as watch:
        for number in range(rounds):
            spread, reloaded = 0.4 + number / 10, Event()
            watch.on_change(lambda *_, seen=reloaded: seen.set(), section="trading")
            (root / _ETH).write_text(text.replace(_SETTING, f"min_spread_bps: {spread:.1f}"), encoding="utf-8")
            begin = perf_counter()
            _commit(root, [_ETH])
            _publish(root, channel)
            end = perf_counter()
            reloaded.wait()
            whole.append(perf_counter() - begin)
            after.append(perf_counter() - end)
            if watch.snapshot["ETH"].trading.min_spread_bps != round(spread, 1):
                raise AssertionError(watch.snapshot["ETH"])
    return whole, after


def _commit(root: Path, paths: list[str]) -> None:
    commit_files(root, paths, "Change the desk", author="bench", email="bench@example.invalid")


def _publish(root: Path, channel: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "DESKC_"))}
    subprocess.run([_DESKC, "compile", "-q", "--publish", channel], cwd=root, env=env, check=True, capture_output=True)


def _large() -> float:
    """Return the CPU seconds of going over to a fleet's snapshot in which everything changed."""
    old, new = (_fleet(turn) for turn in (1, 2))
    target = {"environment": old.environment, "bot": old.bot_id}
    if old["COIN3000"].trading.leverage == new["COIN3000"].trading.parameter_01:  # a bot reads what it trades by
        raise AssertionError(old)
    found = Bytes(data=new.data, digest=new.digest, source="bench", git_sha=None, dirty=False)
    seconds = []
    for _ in range(3):
        begin = thread_time()
        follow_snapshot(found, **target, sources=Sources(env={}, secrets=None), after=old)
        seconds.append(thread_time() - begin)
    return min(seconds)


def _fleet(turn: int) -> deskc.Snapshot:
    params = {f"parameter_{number:02}": number / 7 + turn for number in range(24)}
    return snapshot({"coins": {f"COIN{number:04}": {"trading": {"leverage": 5, **params}} for number in range(COINS)}})
