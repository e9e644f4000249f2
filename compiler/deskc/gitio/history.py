"""Who changed what and when: first parents, the author of a line, the signer of a commit."""

import signal
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, cast

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Commit, Sha
from deskc.gitio import command
from deskc.gitio.objects import Objects

__all__ = ["LineAuthor", "blame_line", "changed_files", "first_parents", "messages", "signature"]

_AT_ONCE = 64


class LineAuthor(NamedTuple):
    """Who wrote a line: its commit, the author's name, the committer's unix seconds, the line's number back then."""

    sha: Sha
    author: str
    committed_at: int
    line: int


def first_parents(root: Path, sha: Sha, folders: Sequence[str]) -> Iterator[Commit]:
    """Yield the commits along first parents that touch a folder ("" is the root), newest first, the root commit too.

    `parents` are all that a commit names. A shallow clone's oldest commit is still yielded, since its files are there;
    what would follow it raises DeskcError.
    """
    if not folders:
        return
    with Objects(root) as objects:
        sha = objects.commit(sha).sha  # so that only an id reaches the command line
        for some in _touching(root, sha, folders):
            yield from map(objects.commit, some)
        (oldest,) = command.run(root, "rev-list", "--first-parent", "--max-parents=0", sha).stdout.decode().split()
        if objects.commit(oldest).parents:
            msg = f"{root} is a shallow clone whose history ends at {oldest}"
            raise DeskcError(msg, help=command.DEEPEN)


def _touching(root: Path, sha: Sha, folders: Sequence[str]) -> Iterator[list[str]]:
    # Plumbing: unlike `git log` it obeys no log.* of the repository (follow, showSignature, mailmap, diffMerges).
    names = [PurePosixPath(folder).as_posix() for folder in folders]
    paths = () if "." in names else names
    with command.start(root, "rev-list", "--first-parent", sha, "--", *paths) as process:
        lines = cast("IO[bytes]", process.stdout)
        try:
            while some := [line.decode().strip() for line in islice(lines, _AT_ONCE)]:
                yield some
            if process.wait():
                msg = f"git stopped while reading the history of {sha} in {root}"
                raise DeskcError(msg, help="run `git fsck` there to see whether it is whole")
        finally:
            process.kill()  # of one that has ended, nothing comes


def messages(root: Path, sha: Sha, line: str) -> Iterator[tuple[Sha, str]]:
    """Yield (commit, message) of the commits along first parents whose message has exactly this line, newest first."""
    pattern = "".join(char if char.isalnum() or char in " -_" else f"[{char}]" for char in line)
    arguments = (
        "--first-parent",
        f"--grep=^{pattern}$",
        "--extended-regexp",
        "--format=%H%n%B%x00",
        "--no-commit-header",
    )
    answer = command.run(root, "rev-list", *arguments, sha, "--").stdout.decode("utf-8", "replace")
    for found in answer.split("\0")[:-1]:
        name, _, message = found.strip("\n").partition("\n")
        yield Sha(name), message


def changed_files(root: Path, sha: Sha) -> tuple[str, ...]:
    """Return the paths that a commit added, changed or removed, against its first parent or against nothing."""
    arguments = ("-r", "-z", "--root", "--name-only", "--no-renames", "--no-commit-id", "--diff-merges=first-parent")
    answer = command.run(root, "diff-tree", *arguments, sha, "--").stdout
    return tuple(answer.decode("utf-8", "surrogateescape").split("\0")[:-1])


def blame_line(root: Path, sha: Sha, path: str, line: int) -> LineAuthor:
    """Return who wrote a line (from 1) of a file as it is in a commit; raise DeskcError when there is no such line.

    In a shallow clone a line older than the clone raises DeskcError: git would name the oldest commit, which is wrong.
    """
    with Objects(root) as objects:
        sha = objects.commit(sha).sha
        entry = objects.entry(sha, path)
        if entry is None or not entry.mode.startswith("100"):
            msg = f"{path} is no file in commit {sha}"
            raise DeskcError(msg, help="name a file that the commit holds, relative to the repository's root")
        first, *facts = _blame(root, sha, path=path, line=line)
        # The author as the commit has it: blame itself would apply .mailmap, a file that anybody may write.
        commit = objects.commit(first[0])
        if commit.parents and ["boundary"] in facts:
            msg = f"{path}:{line} is older than the shallow clone {root}"
            raise DeskcError(msg, help=command.DEEPEN)
    return LineAuthor(commit.sha, commit.author, commit.committed_at, int(first[1]))


def _blame(root: Path, sha: Sha, *, path: str, line: int) -> list[list[str]]:
    """Return the porcelain's lines as words: id, original line, final line first; `boundary` alone on its line."""
    span = ("-L", f"{line},{line}")
    arguments = ("--porcelain", "--no-textconv", "--no-ext-diff", *span, sha, "--", path)
    answer = command.run(root, "blame", *arguments, accept=(0, 128))
    if answer.returncode and b" has only " not in answer.stderr and line > 0:
        raise command.failure(root, answer.stderr)
    if answer.returncode:
        msg = f"{path} has no line {line} in commit {sha}"
        raise DeskcError(msg, help="count from 1, in the file as that commit has it")
    return [row.split(" ") for row in answer.stdout.decode("utf-8", "replace").split("\n")]


def signature(root: Path, sha: Sha, allowed_signers: bytes) -> str | None:
    """Return the principal whose ssh key signed a commit, None when it is unsigned, bad or by a key that is not listed.

    `allowed_signers` is the content of such a file (ssh-keygen, ALLOWED SIGNERS). OpenPGP and X.509 count as unsigned.
    """
    import shutil  # noqa: PLC0415 - only for desks that demand signatures
    import tempfile  # noqa: PLC0415 - as shutil

    if shutil.which("ssh-keygen") is None:
        msg = "ssh-keygen is not installed, so no signature can be checked"
        raise DeskcError(msg, help="install OpenSSH's client")
    with Objects(root) as objects:
        sha = objects.commit(sha).sha
    with tempfile.NamedTemporaryFile(prefix="deskc-signers-") as file:
        file.write(allowed_signers)
        file.flush()
        settings = (("gpg.ssh.allowedSignersFile", file.name),)
        # git dies of SIGPIPE when ssh-keygen refuses a signature before it has read the whole commit.
        refused = (1, -signal.SIGPIPE)
        if command.run(root, "verify-commit", sha, accept=(0, *refused), settings=settings).returncode in refused:
            return None
        # The exit status alone is not enough, for git has called keys good that nobody listed; nor is the grade alone.
        arguments = ("--no-patch", "--no-textconv", "--no-ext-diff", "--no-show-signature", "--no-notes", "--no-color")
        answer = command.run(root, "show", *arguments, "--format=%G?%n%GS", sha, settings=settings).stdout
    grade, principal, *_ = answer.decode("utf-8", "replace").split("\n")
    return principal if principal and grade == "G" else None
