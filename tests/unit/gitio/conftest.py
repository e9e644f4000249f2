"""Real repositories in temporary folders, out of reach of the configuration of whoever runs the tests."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Git = Callable[..., str]
Commit = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def git() -> Git:
    """Run git in a folder and return what it prints; `stdin` is bytes."""

    def call(root: Path, *arguments: str, stdin: bytes = b"", when: int = 1_700_000_000) -> str:
        who = ("AUTHOR", "COMMITTER")
        env = {f"GIT_{role}_NAME": "author" for role in who} | {
            f"GIT_{role}_EMAIL": "author@example.com" for role in who
        }
        env |= {f"GIT_{role}_DATE": f"@{when} +0000" for role in who}
        answer = subprocess.run(
            ["git", "-C", root, *arguments], input=stdin, capture_output=True, check=True, env=os.environ | env
        )
        return answer.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    return call


@pytest.fixture
def commit(git: Git) -> Commit:
    """Write files (None removes one), commit everything and return the commit's id."""

    def call(
        root: Path, files: Mapping[str, str | bytes | None], *, message: str = "change", when: int = 1_700_000_000
    ) -> str:
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--allow-empty", "--message", message, when=when)
        return git(root, "rev-parse", "HEAD")

    return call


@pytest.fixture
def repo(tmp_path: Path, git: Git) -> Path:
    """Return an empty repository with the branch main."""
    root = tmp_path / "desk"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    return root
