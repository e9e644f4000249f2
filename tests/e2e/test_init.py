"""deskc init as a person types it: from an empty folder to a bot that loads, and every way it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import command_line
import deskc
from command_line import Answer

COMPILER = Path(__file__).parents[2] / "compiler"
BOT = """\
{
  "bot_id": "grid", "config_version": "2.0.0", "coins": ["ETH", "SOL"],
  "leverage": 12, // high
  "per_coin": {"SOL": {"leverage": 20}}
}
"""


def run(folder: Path, *arguments: str) -> Answer:
    """Run one deskc command in a folder."""
    return command_line.deskc(*arguments, cwd=folder)


def commit(folder: Path) -> None:
    """Commit everything, as init's next commands say."""
    who = ["-c", "user.name=Desk", "-c", "user.email=desk@example.org"]
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    subprocess.run(["git", *who, "commit", "--quiet", "-m", "Begin the desk"], cwd=folder, check=True)


def assert_refused(answer: Answer, *parts: str) -> None:
    """Hold a refusal against the contract: exit 2, nothing on stdout, what is wrong and the way out on stderr."""
    assert (answer.code, answer.out) == (2, "")
    assert "help: " in answer.err
    assert "Traceback" not in answer.err
    assert "bug in deskc" not in answer.err
    for part in parts:
        assert part in answer.err


def test_an_empty_folder_becomes_a_desk_that_a_bot_loads(tmp_path: Path) -> None:
    """Init, check, commit, compile and load, each as init's own output says."""
    answer = run(tmp_path, "init", "my-desk")
    assert (answer.code, answer.err) == (0, "")
    assert len(answer.out.splitlines()) < 20
    desk = tmp_path / "my-desk"
    check = run(desk, "check", "--strict")
    assert check.code == 0, check.out
    commit(desk)
    compiled = run(desk, "compile", "--publish", "channel", "--output-format", "json")
    assert compiled.code == 0, compiled.out
    told = compiled.json()
    assert len(told["snapshots"]) == 3
    assert [finding["code"] for finding in told["findings"]] == ["MARKET007"]  # its venue has no lock file yet
    snapshot = deskc.load(desk / "channel", environment="development", bot="mm_multi_v1")
    assert snapshot["ETH"].trading.min_spread_bps == 0.3
    assert snapshot["AVAX"].trading.min_spread_bps == 0.6
    status = subprocess.run(["git", "status", "--porcelain"], cwd=desk, capture_output=True, text=True, check=True)
    assert status.stdout == ""


TEMPLATES = {
    "mm": ("mm_multi_v1", "ETH", "trading", "size_notional_usd", 25),
    "mean_reversion": ("mean_reversion_v1", "SOL-USD", "trading", "take_profit_pct", 3.0),
    "arb": ("arb_v1", "BTC-USD", "trading", "time_in_force", "IOC"),
    "dca": ("dca_v1", "ETHUSDT", "trading", "min_position_size_usd", 60),
}


def test_schema_writes_what_init_gave_to_editors(tmp_path: Path) -> None:
    """One command refreshes an editor's copy; of schemas that did not change it makes the same bytes."""
    assert run(tmp_path, "init", "desk").code == 0
    layer = (tmp_path / "desk/.vscode/layer.schema.json").read_text(encoding="utf-8")
    assert run(tmp_path / "desk", "schema", "--layer").out == layer


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_checks_clean_and_loads(tmp_path: Path, template: str) -> None:
    """From an empty folder to a value of each template's own, in the environment with the strictest limits."""
    bot, coin, section, name, value = TEMPLATES[template]
    assert run(tmp_path, "init", "desk", "--template", template).code == 0
    desk = tmp_path / "desk"
    check = run(desk, "check", "--strict")
    assert check.code == 0, check.out
    commit(desk)
    assert run(desk, "compile", "--publish", "channel").code == 0
    snapshot = deskc.load(desk / "channel", environment="production", bot=bot)
    assert getattr(getattr(snapshot[coin], section), name) == value


def test_the_commands_that_init_prints_work_as_printed(tmp_path: Path) -> None:
    """A person who copies them line by line gets a setting from a loaded snapshot at the end."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    python = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    program = f'#!/bin/sh\nexec "{sys.executable}" -c "from deskc.cli import main; main()" "$@"\n'
    for name, script in (("python", python), ("deskc", program)):
        (bin_folder / name).write_text(script, encoding="utf-8")
        (bin_folder / name).chmod(0o755)
    lines = run(tmp_path, "init", "my desk").out.partition("Next:\n")[2]
    who = {f"GIT_{role}_{what}": "desk@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(COMPILER)}
    shell = ["sh", "-e", "-c", lines]
    answer = subprocess.run(
        shell, cwd=tmp_path, env=os.environ | who | path, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1] == "2"


def test_a_migrated_bot_trades_with_its_own_numbers(tmp_path: Path) -> None:
    """The JSON's values come out of the loaded snapshot, the coin's over the file's, in a desk that checks clean."""
    (tmp_path / "grid.json").write_text(BOT, encoding="utf-8")
    answer = run(tmp_path, "init", "my-desk", "--from", "grid.json")
    assert answer.code == 0, answer.err
    assert "grid.json names neither venue nor environments" in answer.out
    desk = tmp_path / "my-desk"
    assert run(desk, "check", "--strict").code == 0
    commit(desk)
    assert run(desk, "compile", "--publish", "channel").code == 0
    snapshot = deskc.load(desk / "channel", environment="production", bot="grid")
    assert [snapshot[coin].trading.leverage for coin in ("ETH", "SOL")] == [12, 20]


def test_a_repository_that_is_there_is_used(tmp_path: Path) -> None:
    """A desk below a repository's root checks clean from anywhere in it, and git never takes what deskc makes."""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    answer = run(tmp_path, "init", "config-repo")
    assert answer.code == 0, answer.err
    assert not (tmp_path / "config-repo/.git").exists()
    assert run(tmp_path, "check", "--strict").code == 0
    assert run(tmp_path / "config-repo/bots", "check", "--strict").code == 0
    commit(tmp_path)
    assert run(tmp_path, "compile").code == 0
    untracked = subprocess.run(
        ["git", "status", "--porcelain"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert untracked.stdout == ""


def test_a_second_init_is_refused(tmp_path: Path) -> None:
    """A desk is never overwritten."""
    run(tmp_path, "init", "my-desk")
    (tmp_path / "my-desk/global.yaml").write_text("# mine\n", encoding="utf-8")
    assert_refused(run(tmp_path, "init", "my-desk"), "my-desk is a desk already")
    assert (tmp_path / "my-desk/global.yaml").read_text(encoding="utf-8") == "# mine\n"


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """All or nothing: one file of the same name, and no other file is written."""
    (tmp_path / "README.md").write_text("mine\n", encoding="utf-8")
    assert_refused(run(tmp_path, "init", "."), "README.md is in the way")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


@pytest.mark.parametrize("folder", ["/proc/my-desk", "/dev/null/my-desk"])
def test_a_folder_that_takes_no_files_is_named(tmp_path: Path, folder: str) -> None:
    """Where nothing can be written, not even by root, one sentence says so."""
    assert_refused(run(tmp_path, "init", folder), folder.removesuffix("/my-desk"), "cannot be written")


@pytest.mark.parametrize(
    ("template", "way_out"),
    [("grid", "available: arb, dca, mean_reversion, mm"), ("mean_revision", "did you mean mean_reversion?")],
)
def test_a_template_that_is_not_there_is_answered_with_those_that_are(
    tmp_path: Path, template: str, way_out: str
) -> None:
    """One sentence names the nearest or the available ones, and no folder is made."""
    assert_refused(run(tmp_path, "init", "my-desk", "--template", template), template, way_out)
    assert list(tmp_path.iterdir()) == []


def test_a_template_beside_a_file_is_refused(tmp_path: Path) -> None:
    """A desk begins from one or the other."""
    assert_refused(run(tmp_path, "init", "my-desk", "--template", "mm", "--from", "a.json"), "--from", "--template")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A JSON file that cannot be read is no reason for a folder."""
    assert_refused(run(tmp_path, "init", "my-desk", "--from", "bot.json"), "bot.json cannot be read")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"bot_id": "b",\n "coins": [}', "bot.json:2:12", "this is no JSON"),
        ("[]", "bot.json:1:1", "does not hold one bot's settings"),
        ('{"bot_id": "b", "coins": ["ETH", "ETH"]}', "bot.json:1:34", "the coin ETH is listed twice"),
        ('{"bot_id": "b", "coins": ["E/H"]}', "bot.json:1:27", "is no name of a coin"),
        ('{"bot_id": "B", "coins": ["ETH"]}', "bot.json:1:12", "no name of a bot"),
        ('{"bot_id": "b", "coins": ["ETH"], "leverge": 1}', "bot.json:1:35", "did you mean leverage?"),
    ],
)
def test_a_file_that_the_desk_would_not_take_is_shown_at_its_place(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    """The finding points into the JSON file, exit is 2, and nothing was written."""
    (tmp_path / "bot.json").write_text(text, encoding="utf-8")
    assert_refused(run(tmp_path, "init", "my-desk", "--from", "bot.json"), place, message, "Nothing was written.")
    assert [path.name for path in tmp_path.iterdir()] == ["bot.json"]
