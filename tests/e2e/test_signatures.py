"""`signatures: required`: what trades in environments that write proposals was signed by a listed principal."""

import shutil
import subprocess
from pathlib import Path

import pytest

from command_line import Desk

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Make an ssh key pair without a passphrase."""
    path = tmp_path / "key"
    arguments = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "risk@example.org", "-f", str(path)]
    subprocess.run(arguments, check=True)
    return path


def demand(desk: Desk, key: Path) -> None:
    """Let the desk demand signatures, of this key alone."""
    file = desk.root / "config-repo" / "desk.yaml"
    file.write_text(file.read_text("utf-8").replace("signatures: optional", "signatures: required"), "utf-8")
    public = " ".join(key.with_suffix(".pub").read_text("utf-8").split()[:2])
    (desk.root / "config-repo" / "allowed_signers").write_text(f"risk@example.org {public}\n", "utf-8")


def sign(desk: Desk, key: Path) -> None:
    """Commit everything with a signature of this key."""
    desk.commit("Demand signatures")
    settings = (
        "-c",
        "gpg.format=ssh",
        "-c",
        f"user.signingkey={key}",
        "-c",
        "user.name=Risk",
        "-c",
        "user.email=r@e.org",
    )
    command = ["git", *settings, "commit", "--quiet", "--amend", "--no-edit", "--gpg-sign"]
    subprocess.run(command, cwd=desk.root, check=True)


def test_a_listed_signature_compiles(desk: Desk, key: Path) -> None:
    """A commit signed by a listed key compiles for every environment."""
    demand(desk, key)
    sign(desk, key)
    answer = desk.run("compile")
    assert (answer.code, answer.err) == (0, "")


def test_an_unsigned_commit_is_refused_where_changes_are_proposed(desk: Desk, key: Path) -> None:
    """Production and staging do not compile without a signature; development, which is written directly, does."""
    demand(desk, key)
    desk.commit("Demand signatures")
    answer = desk.run("compile")
    assert answer.code == 1
    assert "SIGN001" in answer.out
    assert not (desk.root / ".deskc" / "ledger.db").exists()
    assert desk.run("compile", "--env", "production").code == 1
    assert desk.run("compile", "--env", "development").code == 0


def test_a_stranger_s_signature_is_none(desk: Desk, key: Path, tmp_path: Path) -> None:
    """A good signature by a key that is not listed does not count."""
    demand(desk, key)
    stranger = tmp_path / "stranger"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True)
    sign(desk, stranger)
    answer = desk.run("check", "--at", "HEAD")
    assert answer.code == 1
    assert "signed by nobody whom config-repo/allowed_signers lists" in answer.out


def test_the_working_tree_needs_no_signature(desk: Desk, key: Path) -> None:
    """What is not committed yet cannot be signed, so check says nothing about it."""
    demand(desk, key)
    assert desk.run("check").code == 0
