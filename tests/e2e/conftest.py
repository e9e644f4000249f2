"""A committed desk for every test: made once a session, copied for each."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import ROOT, Desk, git


@pytest.fixture(scope="session")
def reference_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose one commit holds this repository's desk, schemas and rules; not to be changed."""
    root = tmp_path_factory.mktemp("template") / "desk"
    for folder in ("config-repo", "schemas", "validators"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    git("init", "--quiet", "--initial-branch=main", "--template=", cwd=root)
    Desk(root).commit("Start the desk")
    git("repack", "-a", "-d", "--quiet", cwd=root)  # one file to copy instead of sixty
    return root


@pytest.fixture
def desk(reference_desk: Path, tmp_path: Path) -> Desk:
    """Return a copy of that repository, a test's own."""
    shutil.copytree(reference_desk, tmp_path / "desk", symlinks=True)
    return Desk(tmp_path / "desk")


@pytest.fixture(scope="session")
def reference_build(reference_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return such a repository after `compile --publish channel`; not to be changed."""
    root = tmp_path_factory.mktemp("build") / "desk"
    shutil.copytree(reference_desk, root, symlinks=True)
    assert Desk(root).run("compile", "--publish", "channel").code == 0
    return root


@pytest.fixture
def built(reference_build: Path, tmp_path: Path) -> Desk:
    """Return a copy of that one."""
    shutil.copytree(reference_build, tmp_path / "desk", symlinks=True)
    return Desk(tmp_path / "desk")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let children hear SIGINT, whatever started the tests."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
