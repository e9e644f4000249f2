"""`deskc ladder optimize`, as a user runs it: documents, flags, limits, interruptions, and what it writes."""

import json
import os
import pty
import re
import resource
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from command_line import DESKC, Answer, Desk, deskc, environment, run
from deskc.ladder.constraints import exact
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings, to_mapping
from deskc.tuning.configure import settings_from
from deskc.tuning.presets import bundled_presets, preset
from forks import Start
from searching import left_behind, rows

RANDOM = ("ladder", "optimize", "--mode", "random", "--workers", "1")
LONG = "production/tradeengine/BTCUSDT/LONG"
LAYER = "config-repo/bots/tradeengine/environments/production/BTCUSDT.LONG.yaml"

DOCUMENTED = """
deskc ladder optimize \\
  --config-preset exploration \\
  --batches 10 \\
  --batch-size 100

deskc ladder optimize \\
  --config-preset production \\
  --batches 50 \\
  --batch-size 500 \\
  --ledger production.db

deskc ladder optimize \\
  --config-preset strict \\
  --post-round-2dp \\
  --max-time-sec 300

deskc ladder optimize \\
  --config-preset production \\
  --slope-cap 0.20 \\
  --save-config my_config.json \\
  --print-config

deskc ladder optimize \\
  --config my_config.json \\
  --batches 100 \\
  --workers 4

for preset in exploration production strict; do
  deskc ladder optimize \\
    --config-preset $preset \\
    --batches 20 \\
    --ledger results_${preset}.db
done

deskc ladder optimize \\
  --resume \\
  --ledger production.db
"""
"""Every command block of the document, with nothing but the program's name and the databases changed."""


def optimize(folder: Path, *arguments: str | Path) -> Answer:
    """Search at random in one thread."""
    return deskc(*RANDOM, *arguments, cwd=folder)


def found(folder: Path, *arguments: str | Path) -> dict[str, object]:
    """Search at random and return the JSON."""
    answer = optimize(folder, *arguments, "--output-format", "json")
    assert (answer.code, answer.err) == (0, "")
    told: dict[str, object] = answer.json()
    return told


def ladder_in(told: dict[str, object]) -> Ladder:
    """Return the ladder that was told."""
    return Ladder(tuple(told["volumes"]), tuple(told["indents_pct"]))  # type: ignore[arg-type]


# What is told


def test_the_contract_of_its_json(tmp_path: Path) -> None:
    """The documented keys; what is told is the least in the ledger, and passes what is enforced."""
    told = found(tmp_path, "--batches", "2", "--seed", "5", "--ledger", "l.db")
    names = "score max_need_pct volumes indents_pct evaluations seed config_hash violations"
    assert set(names.split()) <= told.keys()
    assert [(told["score"],)] == rows(tmp_path / "l.db", "SELECT min(score) FROM results")
    assert (told["violations"], told["seed"], told["evaluations"]) == ([], 5, 200)
    assert told == found(tmp_path, "--batches", "2", "--seed", "5", "--ledger", "again.db")
    assert told["score"] != found(tmp_path, "--batches", "2", "--seed", "6", "--ledger", "l.db")["score"]


def test_its_text_shows_orders_and_what_it_took(tmp_path: Path) -> None:
    """J first, an order a line, then counters; constraints that are not enforced are warnings."""
    answer = optimize(tmp_path, "--batches", "2")
    lines = answer.out.splitlines()
    assert (answer.code, answer.err) == (0, "")
    assert re.fullmatch(r"J \d\.\d{6}, max need \d\.\d{6} %", lines[0])
    assert [line.split()[0] for line in lines[3:13]] == [str(order) for order in range(1, 11)]
    assert "200 evaluations in 2 batches; all batches are done" in lines
    assert "cache: 0 of 4 jobs known, 0.0 %; pruned: 0" in lines
    assert lines[-1].startswith("experiment 1, run 1-1; mode random, seed 0, configuration ")
    assert (tmp_path / ".deskc/ledger.db").is_file()


def test_no_ladder_is_exit_code_1(tmp_path: Path) -> None:
    """Where a proof says so before the search, where the search ends without one; JSON has nulls, no NaN."""
    proved = optimize(tmp_path, "--orders", "20", "--overlap", "0.5")
    assert (proved.code, proved.err) == (1, "")
    assert proved.out.startswith("No ladder exists: 20 orders 0.05 % apart take 0.95 %, over the 0.5 %")
    proved = optimize(tmp_path, "--orders", "3", "--output-format", "json")
    assert (proved.code, proved.json()["score"], proved.json()["volumes"]) == (1, None, [])
    assert "keeps q1_cap 22, tail_cap 40 and slope_cap 0.25 together" in proved.json()["impossible"]
    searched = ("--wave-turns-min", "7", "--enforce", "hc0,HC7", "--batches", "1")
    answer = optimize(tmp_path, *searched)
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith("No ladder was found that keeps HC0, HC7.\n")
    assert optimize(tmp_path, *searched, "--output-format", "json").json()["max_need_pct"] is None


def test_a_ladder_is_drawn(tmp_path: Path) -> None:
    """As an SVG file, titled with its run; a file that cannot be written is one sentence."""
    found(tmp_path, "--batches", "1", "--plot", "ladder.svg")
    text = (tmp_path / "ladder.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "Run 1-1, J " in text
    answer = optimize(tmp_path, "--batches", "1", "--plot", "nowhere/ladder.svg")
    assert (answer.code, answer.err.splitlines()[0]) == (
        2,
        "deskc: nowhere/ladder.svg cannot be written: No such file or directory",
    )


# Settings


def test_every_setting_is_a_flag(tmp_path: Path) -> None:
    """Given its default, or its opposite, each reaches the configuration as a flag's."""
    values = to_mapping(Settings())
    special = {"core.overlap_pct": "--overlap", "core.num_orders": "--orders", "penalties.preset": "--penalty-preset"}
    special |= {"adaptive.strategy": "--adaptive-strategy", "normalization.strategy": "--post-round-strategy"}
    special |= {"normalization.keep_v2_band": "--post-round-keep-v1-band"}
    special |= {"normalization.v2_band": "--post-round-v2-band"}
    arguments: list[str] = []
    for group, inside in values.items():
        for name, value in inside.items():
            flag = special.get(f"{group}.{name}", f"--{name.replace('_', '-')}")
            if isinstance(value, bool):
                arguments.append(flag.replace("--", "--no-") if value else flag)
            else:
                text = ",".join(map(str, value)) if isinstance(value, list) else "1" if value is None else str(value)
                arguments += [flag, text]
    printed = optimize(tmp_path, *arguments, "--print-config", "--output-format", "json")
    assert (printed.code, printed.err) == (0, "")
    told = printed.json()
    assert set(told["sources"].values()) == {"flag"}
    for group, inside in values.items():
        for name, value in inside.items():
            expected = not value if isinstance(value, bool) else 1.0 if value is None else value
            assert told[group][name] == expected, f"{group}.{name}"


def test_a_flag_wins_over_a_file_that_over_a_preset(tmp_path: Path) -> None:
    """And --print-config says which gave what, and runs nothing."""
    (tmp_path / "own.yaml").write_text("ladder:\n  constraints: {slope_cap: 0.21, q1_cap: 21}\n", encoding="utf-8")
    given = ("--config-preset", "strict", "--config", "own.yaml", "--slope-cap", "0.22")
    answer = optimize(tmp_path, *given, "--print-config")
    lines = {line.split()[0]: line.split()[1:] for line in answer.out.splitlines()}
    assert lines["constraints.slope_cap"] == ["0.22", "flag"]
    assert lines["constraints.q1_cap"] == ["21.0", "file"]
    assert lines["constraints.m2_max"] == ["0.8", "preset"]
    assert lines["constraints.m2_min"] == ["0.1", "default"]
    assert not (tmp_path / ".deskc").exists()


def test_what_was_saved_is_what_runs(tmp_path: Path) -> None:
    """--save-config writes what --config reads: one configuration, one hash."""
    told = found(tmp_path, "--slope-cap", "0.2", "--orders", "8", "--batches", "1", "--save-config", "own.json")
    again = found(tmp_path, "--config", "own.json", "--batches", "1")
    assert (again["config_hash"], again["score"]) == (told["config_hash"], told["score"])


@pytest.mark.parametrize(
    ("arguments", "message", "way_out"),
    [
        (("--config-preset", "prodution"), "there is no preset prodution", "did you mean production?"),
        (("--config", "gone.json"), "gone.json cannot be read", "name a JSON or YAML file"),
        (("--mode", "randon"), "randon is no mode of a search", "did you mean random?"),
        (("--orders", "1"), "num_orders is 1", "2 or more"),
        (("--slope-cap", "nan"), "slope_cap is no finite number", "write a number"),
        (("--take-profit-pct", "inf"), "take_profit_pct is no finite number", "write a number"),
        (("--side", "up"), "core.side is", ""),
        (("--enforce", "HC9"), "HC9", ""),
        (("--post-round-v2-band", "a,b"), "no pair of numbers", "1.1,2.0"),
        (("--batches", "0"), "--batches is 0", "from 1 on"),
        (("--workers", "-1"), "--workers is -1", "0 for one thread a core"),
        (("--max-time-sec", "0"), "--max-time-sec is 0", "above 0"),
        (("--max-time-sec", "nan"), "--max-time-sec is nan", "above 0"),
        (("--grid-orders", "5:9"), "mode exhaustive alone", "--mode exhaustive"),
        (("--grid-orders", "5.5"), "no range of whole numbers", "5:15"),
        (("--grid-overlap", "9:5"), "no range of numbers", "10:30:5"),
        (("--grid-overlap", "wide"), "no range of numbers", "10:30:5"),
        (("--experiment", "3"), "--resume is missing", "add --resume"),
        (("--ledger", ""), "--ledger names nothing", "unset variable"),
        (("--ledger", "mysql://x"), "names no ledger", "sqlite:///"),
        (("--resume", "--ledger", "gone.db"), "there is no ledger at gone.db yet", "makes one"),
        (("--write", "production/tradeengine"), "is no scope of a ladder", "environment/bot/coin"),
        (("--save-config", "nowhere/own.json", "--print-config"), "cannot be written", ""),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], message: str, way_out: str) -> None:
    """What is wrong and the way out; no ledger is made."""
    assert deskc("ladder", "optimize", *arguments, cwd=tmp_path).refuses(message, way_out)
    assert not (tmp_path / ".deskc").exists()
    assert not (tmp_path / "gone.db").exists()


# The document


def typed(script: str) -> list[list[str]]:
    """Return the arguments of each deskc command that a shell script runs, as the shell hands them over."""
    # Each argument ends with a NUL, each command with one more.
    shell = "set -e\ndeskc() { printf '%s\\0' \"$@\" ''; }\n" + script
    said = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout
    return [command.split("\0") for command in said.split("\0\0")[:-1]]


def test_the_documented_command_blocks_run(tmp_path: Path) -> None:
    """Verbatim, in one folder, one after the other; every ladder told keeps what its preset enforces."""
    told = []
    for command in typed(DOCUMENTED):
        answer = deskc(*command, cwd=tmp_path, env={"DESKC_OUTPUT_FORMAT": "json"})
        assert (answer.code, answer.err) == (0, ""), command
        told.append(answer.json())
    names = [
        "exploration",
        "production",
        "strict",
        "printed",
        "production",
        "exploration",
        "production",
        "strict",
        "production",
    ]
    assert len(told) == len(names)
    for name, one in zip(names, told, strict=True):
        if name == "printed":
            assert one["sources"]["constraints.slope_cap"] == "flag"
            continue
        settings = settings_from({}, {}, preset(name, bundled_presets())).settings
        assert one["violations"] == []
        if settings.normalization.post_round_2dp:
            assert exact(ladder_in(one), settings) == ()
    assert told[4]["config_hash"] != told[1]["config_hash"] == told[8]["config_hash"]
    assert (told[8]["run_id"], told[8]["score"]) == ("1-2", told[1]["score"])


# Interruptions


def lines_of(ledger: Path) -> int:
    """Return how many batches an experiment has kept, 0 while there is no ledger."""
    try:
        return int(rows(ledger, "SELECT coalesce(max(batches), 0) FROM experiments")[0][0])
    except Exception:  # noqa: BLE001 - not made yet, or being made
        return 0


def test_a_run_that_was_killed_goes_on_to_the_same_end(tmp_path: Path) -> None:
    """By kill -9 in the middle of a batch; resumed, it leaves what a run leaves that nobody killed, bit for bit."""
    plan = ("--batches", "12", "--batch-size", "4000", "--patience", "12")
    command: list[str | Path] = [DESKC, *RANDOM, *plan, "--ledger", "killed.db"]
    running = subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while lines_of(tmp_path / "killed.db") < 2 and running.poll() is None and time.monotonic() < deadline:
        os.sched_yield()
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    kept = lines_of(tmp_path / "killed.db")
    assert 2 <= kept < 12
    told = found(tmp_path, "--resume", "--ledger", "killed.db")
    whole = found(tmp_path, *plan, "--ledger", "whole.db")
    assert (told.pop("run_id"), whole.pop("run_id")) == ("1-2", "1-1")
    assert told == whole
    assert left_behind(tmp_path / "killed.db") == left_behind(tmp_path / "whole.db")


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_is_quiet_and_resumes(tmp_path: Path) -> None:
    """^C is exit code 130 without a traceback; what whole batches found is there."""
    command: list[str | Path] = [DESKC, *RANDOM, "--batches", "1000", "--batch-size", "4000", "--ledger", "l.db"]
    running = subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while lines_of(tmp_path / "l.db") < 1 and running.poll() is None and time.monotonic() < deadline:
        os.sched_yield()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate()
    assert (running.returncode, out, err) == (130, b"", b"")
    done = lines_of(tmp_path / "l.db")
    told = found(tmp_path, "--resume", "--batches", str(done), "--ledger", "l.db")
    assert (told["batches"], told["ended_by"]) == (done, "batches")


def test_a_checkpoint_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    """Another configuration's, another mode's, a damaged one; and everything is there as before."""
    found(tmp_path, "--batches", "1", "--ledger", "l.db")
    before = left_behind(tmp_path / "l.db")
    resume = ("--resume", "--ledger", "l.db")
    assert optimize(tmp_path, *resume, "--slope-cap", "0.2").refuses(
        "the checkpoint of experiment 1 is of conf", "--resume"
    )
    other = deskc("ladder", "optimize", *resume, "--mode", "adaptive", cwd=tmp_path)
    assert other.refuses("experiment 1 has mode random, and adaptive was asked for", "leave --mode out")
    assert optimize(tmp_path, *resume, "--experiment", "7").refuses("there is no experiment 7", "deskc ladder runs")
    rows_changed = "UPDATE checkpoints SET state_json = replace(state_json, 'bytes', 'bites')"
    change(tmp_path / "l.db", rows_changed)
    assert optimize(tmp_path, *resume).refuses("the checkpoint of experiment 1 is damaged", "without --resume")
    assert left_behind(tmp_path / "l.db")[:2] == before[:2]


def change(ledger: Path, statement: str) -> None:
    """Change a ledger behind deskc's back."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    """Where a file may grow no more, the batch is not there, those before are, and with room the run goes on."""
    plan = ("--batches", "30", "--batch-size", "2000")
    found(tmp_path, "--batches", "1", "--batch-size", "2000", "--ledger", "l.db")
    room = (tmp_path / "l.db").stat().st_size + 300_000

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        [DESKC, *RANDOM, "--resume", "--batches", "30", "--ledger", "l.db"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False, preexec_fn=little_room,
    )  # fmt: skip
    assert Answer(done.returncode, done.stdout, done.stderr).refuses("the ledger l.db", "make room on the disk")
    assert 1 <= lines_of(tmp_path / "l.db") < 30
    found(tmp_path, "--resume", "--ledger", "l.db")
    found(tmp_path, *plan, "--ledger", "whole.db")
    assert left_behind(tmp_path / "l.db")[:3] == left_behind(tmp_path / "whole.db")[:3]


def test_progress_is_for_people_alone(tmp_path: Path) -> None:
    """On a terminal a bar moves on standard error, and is gone at the end; -q and --no-progress show none."""
    for more, shown in (((), True), (("--no-progress",), False), (("-q",), False)):
        screen, stderr = pty.openpty()
        start = Start([str(DESKC), *RANDOM, "--batches", "2", *more], str(tmp_path), environment(TERM="xterm"))
        with os.fdopen(stderr, "wb", closefd=False) as shows, Path(os.devnull).open("r+b") as nothing:
            assert run(start, (nothing, nothing, shows)) == 0
        os.set_blocking(screen, False)
        os.close(stderr)
        try:
            said = os.read(screen, 65_536)
        except (BlockingIOError, OSError):
            said = b""
        os.close(screen)
        assert (b"batch" in said) is shown


# Modes and limits


def test_a_grid_is_searched_whole(tmp_path: Path) -> None:
    """The best of all cells wins, and hopeless cells are pruned."""
    grid = ("--mode", "exhaustive", "--grid-overlap", "10:30:10", "--grid-orders", "6:9")
    answer = deskc("ladder", "optimize", *grid, "--batch-size", "3", "--output-format", "json", cwd=tmp_path)
    told = answer.json()
    assert (answer.code, told["ended_by"], told["cache"]["asked"]) == (0, "batches", 12)
    assert (told["indents_pct"][-1], len(told["volumes"])) == (10.0, 9)
    assert told["pruned"] >= 4
    found_in = rows(tmp_path / ".deskc/ledger.db", "SELECT params_json FROM results")
    assert {"overlap_pct": 10.0, "num_orders": 9} in [json.loads(text) for (text,) in found_in]


def test_time_ends_a_run(tmp_path: Path) -> None:
    """With what was found until then, and word that it can go on."""
    answer = optimize(tmp_path, "--batches", "100000", "--patience", "0", "--max-time-sec", "0.5")
    assert answer.code == 0
    assert "time is over; --resume goes on" in answer.out


# Writing


def test_orders_go_into_the_layer_of_their_scope(desk: Desk) -> None:
    """Found by the scope's settings: a new layer, then its place, comments kept; what comes next is told beside."""
    arguments = ("ladder", "optimize", "--batches", "1", "--ledger", "l.db", "--write", LONG)
    answer = desk.run(*arguments, "--output-format", "json")
    assert answer.code == 0, answer.err
    told = answer.json()
    assert f"wrote    {LAYER}" in answer.err
    assert "deskc check" in answer.err
    text = (desk.root / LAYER).read_text(encoding="utf-8")
    assert f"volumes_pct: {told['volumes']}" in text
    assert desk.run("check").code == 0
    (desk.root / LAYER).write_text("# ours\n" + text.replace("ladder:\n", "ladder:  # of the desk\n"), encoding="utf-8")
    answer = desk.run(*arguments, "--seed", "9", "--output-format", "json")
    assert f"changed  {LAYER}" in answer.err
    again = (desk.root / LAYER).read_text(encoding="utf-8")
    assert again.replace(str(answer.json()["volumes"]), str(told["volumes"])).replace(
        str(answer.json()["indents_pct"]), str(told["indents_pct"])
    ) == "# ours\n" + text.replace("ladder:\n", "ladder:  # of the desk\n")


def test_a_ladder_that_the_scope_forbids_is_not_written(desk: Desk) -> None:
    """Found by a preset alone, it breaks what the scope's layers say: the finding says so, the desk is as it was."""
    arguments = (*RANDOM, "--config-preset", "production", "--batches", "1", "--ledger", "l.db", "--write", LONG)
    answer = desk.run(*arguments)
    assert answer.code == 1
    assert "error[HC0]: the first volume" in answer.err
    assert "Nothing was written." in answer.err
    assert not (desk.root / LAYER).exists()


def test_an_unknown_scope_is_refused_before_the_search(desk: Desk) -> None:
    """With what was probably meant; no run is recorded."""
    answer = desk.run(*RANDOM, "--write", "production/tradeengine/BTCUSD/LONG", "--ledger", "l.db")
    assert answer.refuses("tradeengine trades no coin BTCUSD", "did you mean BTCUSDT?")
    assert not (desk.root / "l.db").exists()
