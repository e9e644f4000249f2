"""The deskc command as a user runs it, in a real repository that holds the reference desk."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from forks import HEAVY, LIGHT, Start, fork, may_fork

__all__ = ["CLEAN", "DESKC", "ROOT", "Answer", "Desk", "deskc", "environment", "git", "run"]

ROOT = Path(__file__).parents[1]
DESKC = Path(sys.executable).with_name("deskc")
CLEAN = (ROOT / "tests/golden/clean.txt").read_text(encoding="utf-8")
"""What check says of the reference desk: no problem, and which rules could not run for want of a fact."""
_TIME = "2026-01-02T03:04:05Z"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind: its exit code, its results, and what it said beside them."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the results as the JSON that they are."""
        return json.loads(self.out)

    def refuses(self, message: str, help: str = "") -> bool:  # noqa: A002 - the word users see
        """Say whether this is one sentence of that message, the way out, no results, no traceback and exit code 2."""
        first, *rest = self.err.splitlines()
        return (
            (self.code, self.out) == (2, "")
            and message in first
            and first.startswith("deskc: ")
            and "bug" not in first
            and len(rest) <= 1
            and (not help or (rest != [] and rest[0].startswith(" help: ") and help in rest[0]))
        )


def environment(**more: str) -> dict[str, str]:
    """Return the surroundings of a command: none of ours, none of the caller's that speak to git or deskc."""
    strange = ("DESKC_", "GIT_", "NO_COLOR", "FORCE_COLOR", "PYTHON", "XDG_", "COLUMNS", "TERM")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    own = {"PYTHONPATH": os.fspath(ROOT / "compiler"), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return kept | own | more


def deskc(*arguments: str | bytes | Path, cwd: Path, env: Mapping[str, str] | None = None, umask: int = -1) -> Answer:
    """Run one deskc command in a folder, as a fork where that makes no difference."""
    command = [os.fsdecode(part) for part in (DESKC, *arguments)]
    with TemporaryFile() as out, TemporaryFile() as err, Path(os.devnull).open("rb") as nothing:
        start = Start(command, os.fspath(cwd), environment(**(env or {})), umask)
        code = run(start, (nothing, out, err))
        out.seek(0)
        err.seek(0)
        return Answer(code, out.read().decode(), err.read().decode())


def run(start: Start, streams: tuple[IO[bytes], IO[bytes], IO[bytes]]) -> int:
    """Run a deskc command on three streams and return its exit code."""
    if may_fork(start.environment, environment()):
        return fork(start, streams, parts=HEAVY if start.arguments[1:2] == ["ladder"] else LIGHT)
    stdin, stdout, stderr = streams
    command, folder, env, umask = start
    return subprocess.run(
        command, cwd=folder, env=env, stdin=stdin, stdout=stdout, stderr=stderr, umask=umask, check=False
    ).returncode


def git(*arguments: str | Path, cwd: Path) -> str:
    """Run one git command with an identity and at a time of its own."""
    who = {f"GIT_{role}_{what}": "owner" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": _TIME, "GIT_COMMITTER_DATE": _TIME}
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment(**who, **when), capture_output=True, text=True, check=True)
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Desk:
    """A repository with a desk in config-repo/, beside its schemas and rules."""

    root: Path

    def run(self, *arguments: str | bytes | Path, env: Mapping[str, str] | None = None) -> Answer:
        """Run one deskc command at the repository's root."""
        return deskc(*arguments, cwd=self.root, env=env)

    def write(self, name: str, text: str) -> None:
        """Write a file, and its folders where they are missing."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def commit(self, subject: str = "Change the desk") -> str:
        """Commit everything that is not ignored, and return the commit's id."""
        git("add", "--all", cwd=self.root)
        git("commit", "--quiet", "--message", subject, cwd=self.root)
        return self.head()

    def head(self) -> str:
        """Return the id of HEAD."""
        return git("rev-parse", "HEAD", cwd=self.root)

    def files(self, folder: str = ".deskc") -> dict[str, bytes]:
        """Return every file below a folder by its path in it; nothing where there is no such folder."""
        top = self.root / folder
        return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}
