"""A repository that wants to run programs: none runs and nothing is written, whatever is read of it."""

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio.history import blame_line, first_parents, signature
from deskc.gitio.objects import Objects
from deskc.gitio.repository import dirty_files, find_root, head_exists, is_ancestor, is_shallow, worktree_files
from deskc.gitio.write import commit_files

HOOKS = (
    "commit-msg",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "pre-auto-gc",
    "pre-commit",
    "prepare-commit-msg",
    "reference-transaction",
)

# Key of .git/config and what the planted program must print for git to go on.
PROGRAMS = {
    "core.alternateRefsCommand": "",
    "core.askPass": "",
    "core.editor": "",
    "core.fsmonitor": "",
    "core.pager": "cat",
    "core.sshCommand": "",
    "credential.helper": "",
    "diff.evil.command": "",
    "diff.evil.textconv": 'cat "$1"',
    "diff.external": "",
    "filter.evil.clean": "cat",
    "filter.evil.smudge": "cat",
    "gpg.openpgp.program": "",
    "gpg.program": "",
    "gpg.ssh.defaultKeyCommand": "",
    "gpg.ssh.program": "",
    "gpg.x509.program": "",
    "remote.evil.uploadpack": "",
    "sequence.editor": "",
    "uploadpack.packObjectsHook": "",
}

SETTINGS = {
    "commit.gpgSign": "true",
    "core.repositoryFormatVersion": "1",
    "diff.submodule": "log",
    "extensions.partialClone": "evil",
    "log.follow": "true",
    "log.showSignature": "true",
    "pager.log": "true",
    "protocol.allow": "always",
    "remote.evil.promisor": "true",
    "status.submoduleSummary": "true",
    "submodule.recurse": "true",
}

GPG = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n nonsense\n -----END PGP SIGNATURE-----\n"
SSH = "gpgsig -----BEGIN SSH SIGNATURE-----\n nonsense\n -----END SSH SIGNATURE-----\n"


class Trap(NamedTuple):
    """A hostile repository, where its programs leave their marks, and a blob that only a fetch could bring."""

    root: Path
    marks: Path
    head: Sha
    gpg_signed: Sha
    ssh_signed: Sha
    missing: str

    def sprung(self) -> set[str]:
        """Return the names of the programs that ran."""
        return {path.name for path in self.marks.iterdir()}


def git(root: Path, *arguments: str, stdin: str = "") -> str:
    """Run an ordinary git, with an identity and without the machine's configuration."""
    env = os.environ | {f"GIT_{role}_{what}": "owner" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    answer = subprocess.run(
        ["git", "-C", root, *arguments], input=stdin, capture_output=True, text=True, env=env, check=False
    )
    return answer.stdout.strip()


def plant(program: Path, mark: Path, body: str) -> str:
    """Write a program that leaves a mark, and return how a shell calls it."""
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n: > {shlex.quote(str(mark))}\n{body}\n")
    program.chmod(0o755)
    return shlex.quote(str(program))


def signed(root: Path, header: str) -> Sha:
    """Return a child of HEAD with the same files that carries a signature."""
    who = "owner <owner@example.com> 1700000000 +0000"
    names = f"tree {git(root, 'rev-parse', 'HEAD^{tree}')}\nparent {git(root, 'rev-parse', 'HEAD')}\n"
    raw = f"{names}author {who}\ncommitter {who}\n{header}\nsigned\n"
    return Sha(git(root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw))


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    """Build the repository: first its contents with an ordinary git, then everything hostile."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root, marks, programs = tmp_path / "desk", tmp_path / "marks", tmp_path / "programs"
    marks.mkdir()
    (root / "desk").mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main", "--template=")
    git(root, "init", "--quiet", "--template=", "inner")
    (root / "inner/x").write_text("x")
    git(root / "inner", "add", "x")
    git(root / "inner", "commit", "--quiet", "--message", "inner")
    for number in ("1", "2"):
        (root / "desk/a.yaml").write_text(f"a: {number}\n")
        (root / "desk/b.yaml").write_text("b: 1\n")
        (root / ".gitattributes").write_text("* diff=evil filter=evil\n")
        git(root, "add", ".")
        git(root, "commit", "--quiet", "--message", number)
    git(root, "clone", "--quiet", "--bare", ".", str(tmp_path / "remote"))
    missing = git(root, "rev-parse", "HEAD~1:desk/a.yaml")
    (root / ".git/objects" / missing[:2] / missing[2:]).unlink()
    gpg_signed, ssh_signed = signed(root, GPG), signed(root, SSH)
    for hook in HOOKS:
        plant(root / ".git/hooks" / hook, marks / hook, "")
    for key, body in PROGRAMS.items():
        command = plant(programs / key, marks / key, body)
        git(root, "config", key, command)
        git(root / "inner", "config", key, plant(programs / f"inner.{key}", marks / f"inner.{key}", body))
    for key, value in SETTINGS.items():
        git(root, "config", key, value)
    git(root, "config", "remote.evil.url", str(tmp_path / "remote"))
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
    head = Sha((root / ".git/refs/heads/main").read_text().strip())
    (root / "desk/a.yaml").write_text("a: 3\n")
    os.utime(root / "desk/b.yaml", (1, 1))  # so that git would have to look into it
    for mark in marks.iterdir():
        mark.unlink()
    return Trap(root, marks, head, gpg_signed, ssh_signed, missing)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("core.fsmonitor", "status"),
        ("filter.evil.clean", "status"),
        ("diff.evil.textconv", "blame desk/b.yaml"),
        ("diff.evil.command", "diff"),
        ("gpg.program", "verify-commit {gpg}"),
        ("gpg.program", "log {gpg}"),
        ("gpg.ssh.program", "verify-commit {ssh}"),
        ("remote.evil.uploadpack", "cat-file -p {missing}"),
        ("post-checkout", "switch --quiet --detach"),
        ("post-index-change", "add desk/a.yaml"),
        ("pre-commit", "commit --no-gpg-sign --all --message x"),
        ("reference-transaction", "update-ref refs/heads/other HEAD"),
        ("inner.core.fsmonitor", "status"),
    ],
)
def test_an_ordinary_git_is_trapped(trap: Trap, program: str, arguments: str) -> None:
    """The traps work, or else the tests below would prove nothing."""
    names = {"gpg": trap.gpg_signed, "ssh": trap.ssh_signed, "missing": trap.missing}
    if program.startswith("gpg.ssh"):  # git asks for a list of signers before it runs anything
        git(trap.root, "config", "gpg.ssh.allowedSignersFile", "/dev/null")
    if program == "gpg.program":  # an older name for the same, which counts only alone
        git(trap.root, "config", "--unset", "gpg.openpgp.program")
    if program == "diff.evil.textconv":
        git(trap.root, "config", "--unset", "diff.evil.command")
        git(trap.root, "config", "--unset", "diff.external")
    git(trap.root, *arguments.format(**names).split(" "))
    assert program in trap.sprung()


def read_everything(trap: Trap) -> None:
    """Read all commits, trees and blobs that are there, and ask for one that is not."""
    with Objects(trap.root) as objects:
        for name in ("HEAD", "main", trap.gpg_signed, trap.ssh_signed, "main@{0}"):
            sha = objects.commit(name).sha
            entries = [entry for entry in objects.walk(sha, "") if entry.mode != "160000"]
            assert len(list(objects.blobs([entry.oid for entry in entries], limit=100))) == 3
        with pytest.raises(DeskcError, match="is missing"):
            list(objects.blobs([trap.missing], limit=100))


def ask_for_odd_revisions(trap: Trap) -> None:
    """Ask for revisions that try to be options or commands."""
    for revision in ("--output=planted", "-O/etc/passwd", "ext::sh -c id", "--textconv", "HEAD --output=planted"):
        with Objects(trap.root) as objects, pytest.raises(DeskcError):
            objects.commit(revision)
        with pytest.raises(DeskcError):
            is_ancestor(trap.root, Sha(revision), trap.head)
        for ask in (lambda sha: list(first_parents(trap.root, sha, [""])), lambda sha: signature(trap.root, sha, b"")):
            with pytest.raises(DeskcError):
                ask(Sha(revision))
        with pytest.raises(DeskcError):
            blame_line(trap.root, Sha(revision), "desk/a.yaml", 1)


def look_at_the_working_tree(trap: Trap) -> None:
    """List the files and the edits."""
    assert find_root(trap.root / "desk") == trap.root
    assert head_exists(trap.root)
    assert not is_shallow(trap.root)
    listed = {entry.path: entry.mode for entry in worktree_files(trap.root, [""])}
    assert listed.keys() == {".gitattributes", "desk/a.yaml", "desk/b.yaml", "inner"}
    assert listed["inner"] == "160000"
    assert dirty_files(trap.root, ["desk"]) == ("desk/a.yaml",)


def follow_history(trap: Trap) -> None:
    """Walk first parents, compare commits and blame lines."""
    parents = [commit.subject for commit in first_parents(trap.root, trap.gpg_signed, ["desk", ".gitattributes"])]
    assert parents == ["2", "1"]
    assert is_ancestor(trap.root, trap.head, trap.gpg_signed)
    assert not is_ancestor(trap.root, trap.gpg_signed, trap.ssh_signed)
    assert blame_line(trap.root, trap.head, "desk/b.yaml", 1).author == "owner"


def blame_what_is_missing(trap: Trap) -> None:
    """Blame a line whose older version only a fetch could bring."""
    with pytest.raises(DeskcError, match="git failed"):
        blame_line(trap.root, trap.head, "desk/a.yaml", 1)


def check_signatures(trap: Trap) -> None:
    """Check a commit without a signature and two with nonsense ones."""
    for sha in (trap.head, trap.gpg_signed, trap.ssh_signed):
        assert signature(trap.root, sha, b"* ssh-ed25519 AAAA\n") is None


READS = (
    read_everything,
    ask_for_odd_revisions,
    look_at_the_working_tree,
    follow_history,
    blame_what_is_missing,
    check_signatures,
)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, .git included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("read", READS, ids=lambda read: read.__name__)
def test_reading_runs_and_writes_nothing(trap: Trap, read: Callable[[Trap], None]) -> None:
    """No planted program runs, and every file is what it was, also in .git."""
    before = contents(trap.root)
    read(trap)
    assert trap.sprung() == set()
    assert contents(trap.root) == before


@pytest.mark.parametrize("read", READS[:3], ids=lambda read: read.__name__)
def test_inherited_variables_run_nothing(
    trap: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Trap], None]
) -> None:
    """Variables that tell git to run or write something, as a hook's surroundings may hold them, are left behind."""
    program = plant(tmp_path / "programs/variable", trap.marks / "variable", "")
    for name in ("EDITOR", "EXTERNAL_DIFF", "PAGER", "PROXY_COMMAND", "SSH_COMMAND", "ASKPASS"):
        monkeypatch.setenv(f"GIT_{name}", program)
    monkeypatch.setenv("GIT_TRACE", str(trap.marks / "trace"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor'='{tmp_path / 'programs/variable'}'")
    read(trap)
    assert trap.sprung() == set()


def test_committing_runs_no_hook_filter_or_signer(trap: Trap) -> None:
    """An edit is committed as it is on disk, unsigned, while every hook stays silent."""
    sha = commit_files(trap.root, ["desk/a.yaml"], "Change", author="owner", when=5)
    assert trap.sprung() == set()
    with Objects(trap.root) as objects:
        assert objects.commit("main").sha == sha
        entry = objects.entry(sha, "desk/a.yaml")
        assert entry is not None
        assert list(objects.blobs([entry.oid], limit=100)) == [b"a: 3\n"]
    assert signature(trap.root, sha, b"") is None


def test_asking_for_the_users_name_runs_nothing(trap: Trap) -> None:
    """The one question that reads the user's own configuration springs no trap either."""
    with pytest.raises(DeskcError, match="does not know your name"):
        commit_files(trap.root, ["desk/a.yaml"], "Change")
    assert trap.sprung() == set()
