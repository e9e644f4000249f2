"""Run git in one fixed environment that a repository's own configuration cannot argue with."""

import os
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from deskc.core.errors import DeskcError

__all__ = ["DEEPEN", "FENCES", "environment", "failure", "personal", "run", "start"]

DEEPEN = "fetch the whole history: `fetch-depth: 0` in the checkout of CI, or git fetch --unshallow"
"""The way out of a shallow clone."""

# Configuration in command scope: git reads it last, so it outranks .git/config, which came with the repository.
_SETTINGS = (
    ("core.hooksPath", "/dev/null"),  # no hook of any command runs
    ("core.fsmonitor", "false"),  # may name a program that runs on every look at the index
    ("core.pager", "cat"),
    ("core.editor", "false"),
    ("core.sshCommand", "false"),  # nothing here talks to a remote; should git try, it fails
    ("core.attributesFile", "/dev/null"),  # attributes pick filters and textconv drivers
    ("core.excludesFile", "/dev/null"),  # what is ignored is what the repository says, the same on every machine
    ("core.commitGraph", "false"),  # a file beside the commits that may tell other parents than they do
    ("core.useReplaceRefs", "false"),
    ("advice.graftFileDeprecated", "false"),  # git means our GIT_GRAFT_FILE, and would say it before what went wrong
    ("protocol.allow", "never"),
    ("submodule.recurse", "false"),  # a submodule brings a configuration of its own
    ("gpg.program", "false"),
    ("gpg.openpgp.program", "false"),
    ("gpg.x509.program", "false"),
    ("gpg.ssh.program", "ssh-keygen"),  # git's own default, which the repository may have changed
    ("gpg.ssh.allowedSignersFile", "/dev/null"),
    ("gpg.ssh.revocationFile", ""),
    ("gpg.minTrustLevel", "fully"),
    ("log.showSignature", "false"),
    ("blame.ignoreRevsFile", ""),  # an empty name clears the list
    ("blame.showRoot", "false"),  # hides the mark that tells a shallow boundary from an origin
    ("mailmap.file", ""),
    ("mailmap.blob", ""),
)

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",  # neither the machine's configuration
    "GIT_CONFIG_GLOBAL": "/dev/null",  # nor the user's changes what is read: equal commits, equal snapshots
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all: not ext::, not a promisor remote's upload-pack on this machine
    "GIT_NO_LAZY_FETCH": "1",  # the same said to a newer git: a missing object is missing
    "GIT_NO_REPLACE_OBJECTS": "1",  # an object is what its id says, not what refs/replace puts in its place
    "GIT_GRAFT_FILE": "/dev/null",  # nor do commits have other parents than they say
    "GIT_LITERAL_PATHSPECS": "1",  # a folder called `*` or `:(top)` is a folder
    "GIT_OPTIONAL_LOCKS": "0",  # looking changes nothing and never waits for the user's own git
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",  # the messages that `failure` reads
}

# Fences that a user put up around the search for a repository; every other GIT_ variable goes.
#
# git sets GIT_DIR, GIT_INDEX_FILE and GIT_PREFIX for hooks, so that a `deskc check` in pre-commit inherits them. They
# name the repository of the commit in progress, while every function here is told its repository: an inherited GIT_DIR
# would quietly read another one (a hook of repository A that checks desk B). Hooks run at the top of their working
# tree, so finding the repository from there gives the same one, in linked worktrees too. An inherited GIT_INDEX_FILE
# may be the half-written index of `git commit -a`; what is judged is the files on disk, which do not depend on it.
# GIT_CONFIG_PARAMETERS, GIT_EXTERNAL_DIFF, GIT_TRACE… would undo what stands above.
FENCES = ("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")

# What tells who the user is and whom the user trusts.
_PERSONAL = ("GIT_CONFIG", "GIT_AUTHOR_", "GIT_COMMITTER_")


def environment(root: Path, *, settings: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Return the environment for a git that works on `root`; `settings` are added to the configuration, last wins."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in FENCES}
    trusted = (("safe.directory", value) for value in _safe_directories(root))
    pairs = (*_SETTINGS, *trusted, *settings)
    config = {f"GIT_CONFIG_KEY_{index}": key for index, (key, _) in enumerate(pairs)}
    config |= {f"GIT_CONFIG_VALUE_{index}": value for index, (_, value) in enumerate(pairs)}
    return kept | _ENVIRONMENT | config | {"GIT_CONFIG_COUNT": str(len(pairs))}


def personal() -> dict[str, str]:
    """Return the user's own environment and configuration, without what would point git at another repository."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in FENCES or name.startswith(_PERSONAL)
    }
    kept.pop("GIT_CONFIG", None)  # one file that `git config` alone would read, in place of the user's
    return kept | {"LC_ALL": "C"}


def _safe_directories(root: Path) -> tuple[str, ...]:
    """Return the user's safe.directory entries where somebody else owns the repository, else nothing.

    git refuses a repository of another user because its configuration may run programs. We overrule every key we know
    of, yet a later git may know more, so the refusal stays; but hiding the user's configuration also hides whom the
    user trusts, and containers of CI, where another user owns the checkout, live on that. So their entries are read
    from the user's configuration and from nowhere else, and only where they matter, since it costs a process.
    """
    if not _belongs_to_another(root):
        return ()
    # Without a repository (GIT_DIR names none) git reads just the machine's, the user's and the command's scope.
    answer = _call(("config", "--null", "--get-all", "safe.directory"), env=personal() | {"GIT_DIR": "/dev/null"})
    return tuple(os.fsdecode(answer.stdout).split("\0")[:-1])


def _belongs_to_another(start: Path) -> bool:
    user = os.geteuid()
    for folder in (start.absolute(), *start.absolute().parents):
        places = (folder, folder / ".git")
        if os.path.lexists(places[1]):
            return any(os.lstat(place).st_uid != user for place in places)
        if (folder / "objects").is_dir() and (folder / "HEAD").is_file():
            return os.lstat(folder).st_uid != user
    return False


def run(
    root: Path,
    *arguments: str,
    stdin: bytes = b"",
    accept: Collection[int] = (0,),
    settings: Sequence[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run one git command in `root` and return its answer; raise DeskcError when its exit status is not accepted.

    Text from users never becomes an option: callers pass it after `--`, as checked hexadecimal, or on stdin.
    """
    env = environment(root, settings=settings) if env is None else env
    answer = _call(("-C", os.fspath(root), *arguments), env=env, stdin=stdin)
    if answer.returncode not in accept:
        raise failure(root, answer.stderr)
    return answer


def _call(
    arguments: Sequence[str], *, env: Mapping[str, str], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - a fixed argv, no shell
            ("git", *arguments),  # noqa: S607 - the git that the user's PATH names
            input=stdin,
            capture_output=True,
            env=env,
            check=False,
        )
    except FileNotFoundError:
        raise _not_installed() from None


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a git command that is talked to through its pipes; what it complains is dropped."""
    try:
        return subprocess.Popen(  # noqa: S603 - a fixed argv, no shell
            ("git", "-C", os.fspath(root), *arguments),  # noqa: S607 - the git that the user's PATH names
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a pipe that nobody empties could block git
            env=environment(root),
        )
    except FileNotFoundError:
        raise _not_installed() from None


def failure(root: Path, complaint: bytes) -> DeskcError:
    """Say what a failed git complained about in one sentence, with the way out."""
    text = complaint.decode("utf-8", "replace")
    if "dubious ownership" in text:
        return DeskcError(
            f"{root} belongs to another user, so git does not read it",
            help=f"if you trust that user, run: git config --global --add safe.directory {root}",
        )
    if "not a git repository" in text:
        return DeskcError(
            f"{root} is not in a git repository",
            help="run `deskc init DIR` for a new desk, or `git init` and commit the one you have",
        )
    if "must be run in a work tree" in text:
        return DeskcError(
            f"{root} is a bare repository, which has no working tree",
            help="name the commit to read, as in `--at HEAD`",
        )
    if "cannot change to" in text:
        return DeskcError(f"{root} is no folder that can be entered", help="name a folder inside the repository")
    lines = [line for line in text.splitlines() if line.startswith(("fatal: ", "error: "))] or text.splitlines()
    reason = lines[0].partition(": ")[2] or lines[0] if lines else "it gave no reason"
    return DeskcError(f"git failed in {root}: {reason}", help="run `git fsck` there to see whether it is whole")


def _not_installed() -> DeskcError:
    return DeskcError("git is not installed, or not on PATH", help="install git 2.32 or newer")
