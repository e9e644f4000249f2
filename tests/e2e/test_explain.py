"""`deskc explain`, as a user runs it."""

import json
from pathlib import Path

import pytest

from command_line import deskc
from small_desk import Repository, start

ETH = ("--env", "production", "--bot", "maker", "--coin", "ETH")


@pytest.fixture
def desk(tmp_path: Path) -> Repository:
    """Return a small desk with one commit."""
    return start(tmp_path / "repository")


def test_it_tells_value_layers_and_history(desk: Repository) -> None:
    """The value stands first, then every layer with the winner marked, then author and causing commit."""
    done = deskc("explain", "trading.spread_bps", "desk", *ETH, cwd=desk.root)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "trading.spread_bps is 0.3 bps in production/maker/ETH"
    assert [line for line in lines if line.startswith("→")] == [
        "→ desk/bots/maker/coins/ETH.yaml:3:15           0.3  wins"
    ]
    assert any("caused by" in line and "Start the desk" in line for line in lines)


def test_it_finds_the_desk_from_inside(desk: Repository) -> None:
    """In the desk's folder it needs no naming, and paths are still the repository's."""
    done = deskc("explain", "trading.spread_bps", *ETH, cwd=desk.root / "desk" / "bots")
    assert "→ desk/bots/maker/coins/ETH.yaml:3:15" in done.out


def test_it_reads_the_working_tree_or_a_commit(desk: Repository) -> None:
    """Without --at it explains what is on disk; with it, what the commit has."""
    desk.edit("desk/bots/maker/coins/ETH.yaml", "0.3", "0.4")
    now = json.loads(deskc("explain", "trading.spread_bps", "desk", *ETH, "--output-format", "json", cwd=desk.root).out)
    then = json.loads(
        deskc(
            "explain", "trading.spread_bps", "desk", *ETH, "--at", "HEAD", "--output-format", "json", cwd=desk.root
        ).out
    )
    assert (now["value"], now["commit"], now["causing_commit"]) == (0.4, None, None)
    assert (then["value"], then["commit"]) == (0.3, desk.git("rev-parse", "HEAD"))
    assert then["causing_commit"]["commit"] == then["commit"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trading.spread_bp", *ETH), ("trading.spread_bp is no setting", "did you mean trading.spread_bps?")),
        (
            ("trading.leverage", "--env", "production", "--bot", "engine", "--coin", "BTC"),
            ("BTC has a scope a side", "add --side LONG or --side SHORT"),
        ),
        (("trading.leverage", "--bot", "maker"), ("explain needs --env", "development, production, staging")),
        (
            ("trading.leverage", *ETH, "--at", "nowhere"),
            ("nowhere names no commit", "a branch, a tag or a commit's id"),
        ),
        (("trading.leverage", *ETH, "--output-format", "jsn"), ("jsn is no output format", "did you mean json?")),
    ],
)
def test_wrong_use_is_one_sentence(desk: Repository, arguments: tuple[str, ...], said: tuple[str, str]) -> None:
    """Wrong use ends with 2, says what is wrong and what was probably meant, and prints no result."""
    key, *options = arguments
    done = deskc("explain", key, "desk", *options, cwd=desk.root)
    assert (done.code, done.out) == (2, "")
    assert all(text in done.err for text in said)


def test_a_scope_with_an_error_shows_it(desk: Repository) -> None:
    """Where a broken layer keeps the scope from resolving the finding is shown, and the exit code is 1."""
    desk.edit("desk/bots/maker/coins/ETH.yaml", "0.3", "wide")
    done = deskc("explain", "trading.spread_bps", "desk", *ETH, cwd=desk.root)
    assert done.code == 1
    assert "TYPE001" in done.out


def test_a_broken_neighbour_is_mentioned(desk: Repository) -> None:
    """A scope that resolves is explained though another of its bot has an error, and that is said."""
    desk.write({"desk/bots/maker/coins/SOL.yaml": "trading: {spread_bps: wide}\n"})
    done = deskc("explain", "trading.spread_bps", "desk", *ETH, cwd=desk.root)
    assert done.code == 0
    assert "production/maker has errors and does not compile" in done.err


def test_a_shallow_clone_explains_what_it_can(desk: Repository, tmp_path: Path) -> None:
    """A clone of depth 1 lacks the causing commit alone, and names the way out."""
    desk.edit("desk/bots/engine/bot.yaml", "c: 3", "c: 4")
    desk.commit("Elsewhere")
    desk.git("clone", "--quiet", "--depth=1", f"file://{desk.root}", str(tmp_path / "clone"))
    done = deskc("explain", "trading.spread_bps", "desk", *ETH, cwd=tmp_path / "clone")
    assert done.code == 0
    assert "wins" in done.out
    assert "fetch-depth: 0" in done.out
