"""examples/tour.py, the main job in one screen: what `make run` shows a newcomer."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT, environment, git

TRACKED = ("bench", "compiler", "config-repo", "examples", "schemas", "validators", ".gitignore", "pyproject.toml")
LINES = 40
COLUMNS = 120


def copied(target: Path) -> Path:
    """Copy what the tour needs of this repository, as a source archive holds it."""
    for name in TRACKED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, target / name)
    return target


def tour(root: Path) -> "subprocess.CompletedProcess[str]":
    """Take the tour of a copy, with the copy's own compiler."""
    return subprocess.run(
        [sys.executable, "examples/tour.py"],
        cwd=root,
        env=environment(PYTHONPATH=os.fspath(root / "compiler")),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an unpacked source archive: no .git anywhere above."""
    return copied(tmp_path_factory.mktemp("archive") / "deskc")


@pytest.fixture(scope="module")
def taken(archive: Path) -> "subprocess.CompletedProcess[str]":
    """Return a first tour."""
    return tour(archive)


def test_it_fits_a_screen_and_shows_the_main_job(archive: Path, taken: "subprocess.CompletedProcess[str]") -> None:
    """From an archive without .git: at most 40 lines that end well, each no wider than a screen."""
    done = taken
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) <= LINES
    assert all(len(line) <= COLUMNS for line in lines)
    for word in ("compile", "deskc.load", "explain", "diff", "check", "error[RISK001]", "Next:"):
        assert word in done.stdout
    assert "Traceback" not in done.stdout
    assert str(archive) not in done.stdout


def test_taken_twice_it_says_the_same(archive: Path, taken: "subprocess.CompletedProcess[str]") -> None:
    """Ids do not depend on when or how often; only seconds do."""
    first, second = (
        [line for line in done.stdout.splitlines() if " compiled in " not in line] for done in (taken, tour(archive))
    )
    assert first == second


def test_it_leaves_the_repository_clean(tmp_path: Path) -> None:
    """In a checkout, git sees nothing new afterwards."""
    root = copied(tmp_path / "deskc")
    git("init", "--quiet", cwd=root)
    git("add", "--all", cwd=root)
    git("commit", "--quiet", "--message", "All", cwd=root)
    assert tour(root).returncode == 0
    assert git("status", "--porcelain", cwd=root) == ""
    assert {path.name for path in root.iterdir()} - {".git", "build"} == set(TRACKED)
