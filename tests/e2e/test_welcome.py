"""deskc alone: where one stands, and four commands that make sense there."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import Desk, deskc, git
from deskc.cli.verbs import VERBS

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"


def nowhere(_: Desk, tmp_path: Path) -> Path:
    """Stand outside any repository."""
    return tmp_path


def without_a_desk(_: Desk, tmp_path: Path) -> Path:
    """Stand in a repository that holds no desk."""
    git("init", "--quiet", "plain", cwd=tmp_path)
    return tmp_path / "plain"


def fresh(_: Desk, tmp_path: Path) -> Path:
    """Stand in a desk that was just begun."""
    assert deskc("init", "fresh", cwd=tmp_path).code == 0
    return tmp_path / "fresh"


def edited(desk: Desk, _: Path) -> Path:
    """Stand in a desk with an uncommitted edit."""
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    return desk.root


def one_commit(desk: Desk, _: Path) -> Path:
    """Stand in a desk with a single commit."""
    return desk.root


def two_commits(desk: Desk, _: Path) -> Path:
    """Stand below a desk with a history."""
    edited(desk, desk.root)
    desk.commit()
    return desk.root / "config-repo/coins"


def bare(desk: Desk, tmp_path: Path) -> Path:
    """Stand in a bare repository."""
    git("clone", "--quiet", "--bare", desk.root, tmp_path / "bare", cwd=tmp_path)
    return tmp_path / "bare"


SITUATIONS: dict[Callable[[Desk, Path], Path], str] = {
    nowhere: "there is no git repository here",
    without_a_desk: "this repository has no desk yet",
    fresh: "a desk in ./, not committed yet",
    edited: "1 uncommitted edit in config-repo/",
    one_commit: "a desk in config-repo/, all committed",
    two_commits: "a desk in config-repo/, all committed",
    bare: "a repository without a working tree, so commands name a commit",
}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_each_situation_has_four_commands_that_exist(
    desk: Desk, tmp_path: Path, situation: Callable[[Desk, Path], Path]
) -> None:
    """A headline, four commands with their purpose, and the way to all others; every verb is one of the table."""
    answer = deskc(cwd=situation(desk, tmp_path))
    head, empty, *commands, gap, last = answer.out.splitlines()
    assert (answer.code, answer.err) == (0, "")
    assert (head, empty, gap) == (f"deskc: {SITUATIONS[situation]}", "", "")
    assert last == "deskc --help lists every command."
    assert len(commands) == 4
    for command in commands:
        typed, purpose = re.split(r" {2,}", command.strip())
        words = typed.split()
        assert purpose
        assert words[0] in {"deskc", "git", "cd"}
        assert words[0] != "deskc" or words[1] in VERBS


@pytest.mark.parametrize("situation", [fresh, edited, one_commit, two_commits, bare], ids=lambda one: one.__name__)
def test_what_it_recommends_can_be_typed(desk: Desk, tmp_path: Path, situation: Callable[[Desk, Path], Path]) -> None:
    """Each command that works without what stands before it succeeds here, now."""
    folder = situation(desk, tmp_path)
    for command in deskc(cwd=folder).out.splitlines()[2:-2]:
        words = re.split(r" {2,}", command.strip())[0].split()
        if words[0] == "deskc" and "ENV" not in words and not (situation in {fresh, edited} and words[1] != "check"):
            assert deskc(*words[1:], cwd=folder).code == 0


def test_looking_makes_nothing(desk: Desk) -> None:
    """No folder of deskc's own appears."""
    deskc(cwd=desk.root)
    assert not (desk.root / ".deskc").exists()
