"""`deskc affects`, as a user runs it."""

import json
from pathlib import Path

import pytest

from command_line import deskc
from small_desk import Repository, start


@pytest.fixture
def desk(tmp_path: Path) -> Repository:
    """Return a small desk with one commit."""
    return start(tmp_path / "repository")


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("desk/bots/maker/coins/ETH.yaml:3", "."),
        ("bots/maker/coins/ETH.yaml:3", "desk"),
        ("coins/ETH.yaml:3", "desk/bots/maker"),
        ("./coins/ETH.yaml:3:15", "desk/bots/maker"),
        ("../maker/coins/ETH.yaml:3", "desk/bots/engine"),
    ],
)
def test_a_path_is_found_from_here_and_from_the_desk(desk: Repository, path: str, folder: str) -> None:
    """A path may start here, at the desk or at the repository's root; a finding's column is let pass."""
    done = deskc("affects", path, *(("desk",) if folder == "." else ()), cwd=desk.root / folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("desk/bots/maker/coins/ETH.yaml:3 sets trading.spread_bps to 0.3\n  wins in 2 scopes")


def test_a_line_with_nothing_is_no_failure(desk: Repository) -> None:
    """A comment decides nothing; the answer names the nearest line that does."""
    done = deskc("affects", "desk/global.yaml:1", "desk", cwd=desk.root)
    assert done.code == 0
    assert done.out == "desk/global.yaml:1 decides nothing; the nearest line that does is 2\n"


def test_programs_get_json_of_a_commit(desk: Repository) -> None:
    """With --at the line is the commit's, whatever stands on disk."""
    desk.edit("desk/global.yaml", "# Where every bot begins.\n", "")
    arguments = ("affects", "desk/global.yaml:3", "desk", "--at", "HEAD", "--output-format", "json")
    (setting,) = json.loads(deskc(*arguments, cwd=desk.root).out)["settings"]
    assert (setting["key"], setting["value"]) == ("trading.leverage", 10)


@pytest.mark.parametrize(
    ("spot", "said"),
    [
        ("desk/gobal.yaml:1", "did you mean desk/global.yaml?"),
        ("desk/global.yaml:99", "desk/global.yaml has 6 lines"),
        ("desk/global.yaml", "desk/global.yaml is no line of a file"),
        ("desk/global.yaml:x", "write it such as coins/ETH.yaml:14"),
    ],
)
def test_wrong_use_is_one_sentence(desk: Repository, spot: str, said: str) -> None:
    """A file or line that is not there ends with 2 and a way out."""
    done = deskc("affects", spot, "desk", cwd=desk.root)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
