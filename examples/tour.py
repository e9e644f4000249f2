"""The main job in one screen, on a demonstration repository that it builds under build/tour.

Usage: python examples/tour.py. Two commits of the reference desk are compiled, recorded and published; a snapshot is
loaded back, a value explained and a mistake refused; a bot trades on paper through both commits, and its fills are
counted by version. Nothing outside build/ is touched.
"""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import deskc
from deskc.gitio.write import commit_files, init

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "examples" / "paper_bot"))

from bot import PaperBot  # noqa: E402 - lies in the folder just named
from tape import synthetic  # noqa: E402 - as above

TOUR = ROOT / "build" / "tour"
DESKC = Path(sys.executable).with_name("deskc")
DAY = 86_400
REDIS = ("REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD")
TICKS = 400
FIRST = 1_767_225_600  # 2026-01-01T00:00:00Z: fixed times make the tour print the same ids each time


def say(text: str = "") -> None:
    """Print a line now, so that it stands before what a command prints."""
    print(text, flush=True)


def run(*arguments: str, keep: slice = slice(None), without: tuple[str, ...] = (), fails: bool = False) -> None:
    """Run deskc as a user would and print what it printed, or only the lines that matter here."""
    say(f"$ deskc {' '.join(arguments)}")
    done = subprocess.run([DESKC, *arguments], cwd=TOUR, capture_output=True, text=True, check=False)
    if done.returncode != int(fails):
        sys.exit(f"{done.stdout}{done.stderr}the tour did not expect exit code {done.returncode}")
    lines = [
        line
        for line in done.stdout.rstrip("\n").split("\n")
        if line.strip() and not (without and line.endswith(without))
    ]
    say("".join(f"  {line}\n" for line in lines[keep]).rstrip("\n"))


def edit(name: str, old: str, new: str) -> None:
    """Replace one text in a file of the demonstration desk, as an editor would."""
    path = TOUR / "config-repo" / name
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        sys.exit(f"the tour expects {old!r} once in {name}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def commit(message: str, day: int) -> None:
    """Commit everything that the desk consists of."""
    files = sorted(path.relative_to(TOUR) for path in TOUR.rglob("*") if path.is_file())
    paths = [str(path) for path in files if path.parts[0] not in (".git", ".deskc")]
    commit_files(TOUR, paths, message, author="deskc tour", email="tour@example.invalid", when=FIRST + day * DAY)


def build() -> None:
    """Make the demonstration repository: the reference desk, its schemas and its rules, committed once."""
    shutil.rmtree(TOUR, ignore_errors=True)
    TOUR.mkdir(parents=True)
    for folder in ("config-repo", "schemas", "validators"):
        shutil.copytree(ROOT / folder, TOUR / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (TOUR / ".gitignore").write_text(".deskc/\n", encoding="utf-8")
    init(TOUR)
    commit("Start the desk", 0)


def main() -> None:
    """Take the tour."""
    build()
    channel, state = TOUR.parent / "channel", TOUR.parent / "state"
    for folder in (channel, state):
        shutil.rmtree(folder, ignore_errors=True)
    say(
        f"A demonstration repository stands in {TOUR.relative_to(ROOT)}. Its first commit, frozen, recorded, published:"
    )
    run("compile", "--publish", "../channel", keep=slice(-2, None))

    say("\nA bot loads what was published, verified and immutable:")
    snapshot = deskc.load(channel, environment="production", bot="tradeengine", env=VARIABLES)
    traded = snapshot["BTCUSDT", "LONG"]
    say('  snap = deskc.load("channel", environment="production", bot="tradeengine")')
    params = traded.stamp.params_digest[:8]
    say(f'  snap["BTCUSDT", "LONG"].trading.leverage → {traded.trading.leverage}     params {params}')

    say("\nWhy 20? Of all layers consulted, those that spoke; the last one wins:")
    scope = ("--env", "production", "--bot", "tradeengine", "--coin", "BTCUSDT", "--side", "LONG")
    run("explain", "trading.leverage", *scope, without=("silent", "no file"), keep=slice(1, 5))

    say("\nA mistake does not get that far:")
    edit("environments/development.yaml", "leverage: 3 #", "leverage: 5 #")
    run("check", fails=True, keep=slice(5))
    edit("environments/development.yaml", "leverage: 5 #", "leverage: 3 #")

    ledger = f"sqlite:///{TOUR}/.deskc/ledger.db"
    with (
        deskc.watch(channel, environment="production", bot="mm_multi_v1", env=VARIABLES, state=state) as watch,
        deskc.Recorder(ledger, watch.snapshot) as recorder,
    ):
        say("\nA market maker trades a made-up market on paper. Meanwhile somebody quotes ETH wider:")
        bot = PaperBot(watch, recorder, synthetic({"ETH": Decimal(2500), "AVAX": Decimal(25)}, seed=1))
        bot.run(TICKS)
        edit("bots/mm_multi_v1/coins/ETH.yaml", "min_spread_bps: 0.3", "min_spread_bps: 3.0")
        edit("bots/mm_multi_v1/coins/ETH.yaml", "config_version: 1.2.0", "config_version: 1.3.0")
        commit("Quote ETH wider", 1)
        run("diff", "HEAD~1", keep=slice(2))
        run("compile", "--publish", "../channel", keep=slice(-1, None))
        next(snap for snap in watch if snap["ETH"].config_version == "1.3.0")  # no restart: the watch takes it over
        bot.run(TICKS)
        bot.stop()
    say("\nEach fill says which settings caused it:")
    fills_by_version()
    say(
        f"\nNext: cd {TOUR.relative_to(ROOT)} and edit a file; .venv/bin/deskc alone tells what to run where you stand."
    )


def fills_by_version() -> None:
    """Ask the ledger for the fills of each version, as any SQLite shell would."""
    sql = "SELECT coin, coin_config_version, COUNT(*) FROM fills GROUP BY coin, coin_config_version;"
    say(f'$ sqlite3 .deskc/ledger.db "{sql}"')
    with closing(sqlite3.connect(TOUR / ".deskc" / "ledger.db")) as connection:
        for row in connection.execute(sql):
            say(f"  {'|'.join(map(str, row))}")


VARIABLES = dict.fromkeys((*(f"DB_{name}" for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")), *REDIS), "1")
"""What production's bot-level scope binds when it is loaded; a real bot has these in its environment."""

if __name__ == "__main__":
    main()
