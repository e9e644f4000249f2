"""Creating a repository and committing edits to it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio.objects import Objects
from deskc.gitio.repository import dirty_files, find_root, head_exists
from deskc.gitio.write import commit_files, commit_texts, init

Git = Callable[..., str]
Commit = Callable[..., str]


def write(root: Path, *paths: str, when: int = 5) -> Sha:
    """Commit paths as one author at one time."""
    return commit_files(root, paths, "Change", author="author", email="author@example.com", when=when)


def test_a_new_repository_is_empty_with_branch_main(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are made on the way, and neither a template nor an inherited GIT_DIR has a say."""
    (tmp_path / "template/hooks").mkdir(parents=True)
    (tmp_path / "template/hooks/post-commit").write_text("#!/bin/sh\n")
    git(tmp_path, "config", "--global", "init.templateDir", str(tmp_path / "template"))
    git(tmp_path, "config", "--global", "init.defaultBranch", "trunk")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    root = tmp_path / "new/desk"
    init(root)
    assert find_root(root) == root
    assert not head_exists(root)
    assert (root / ".git/HEAD").read_text() == "ref: refs/heads/main\n"
    assert not (root / ".git/hooks").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_no_repository_is_made_twice(tmp_path: Path) -> None:
    """Where there is one, or where no folder can be, the error says so."""
    init(tmp_path / "desk")
    with pytest.raises(DeskcError, match="is a git repository already"):
        init(tmp_path / "desk")
    (tmp_path / "file").write_text("")
    with pytest.raises(DeskcError, match="cannot be made"):
        init(tmp_path / "file")


def test_equal_edits_give_equal_commits(tmp_path: Path, git: Git) -> None:
    """Author, time and content decide the id: nothing of the machine or the moment is in it."""
    found = []
    for name in ("one", "two"):
        root = tmp_path / name
        init(root)
        (root / "desk.yaml").write_text("format: 1\n")
        (root / "run").write_text("#!/bin/sh\n")
        (root / "run").chmod(0o755)
        first = write(root, "desk.yaml", "run", "run")
        (root / "desk.yaml").write_text("format: 2\n")
        found.append((first, write(root, "desk.yaml", when=6)))
        git(root, "fsck", "--strict")
    assert found[0] == found[1]
    with Objects(root) as objects:
        commit = objects.commit("main")
        modes = [entry.mode for entry in objects.walk(commit.sha, "")]
    assert (commit.sha, commit.parents, commit.subject) == (found[0][1], (found[0][0],), "Change")
    assert (commit.author, commit.author_email) == ("author", "author@example.com")
    assert (commit.authored_at, commit.committed_at) == (6, 6)
    assert modes == ["100644", "100755"]


def test_only_the_named_files_are_committed(repo: Path, git: Git, commit: Commit) -> None:
    """Other edits, staged or not, stay what they were, and the named ones are clean afterwards."""
    commit(repo, dict.fromkeys(["a", "b", "c", "d/e"], "old"))
    for name in ("a", "b", "c", "d/e"):
        (repo / name).write_text("new")
    git(repo, "add", "b")
    write(repo, "a", "d/e")
    assert git(repo, "show", "--name-only", "--format=") == "a\nd/e"
    assert git(repo, "diff", "--cached", "--name-only") == "b"
    assert dirty_files(repo, [""]) == ("b", "c")


def test_a_deleted_file_is_committed_as_deleted(repo: Path, git: Git, commit: Commit) -> None:
    """A path that is gone from the disk is removed, also where a folder took its place."""
    commit(repo, {"a": "1", "b": "1"})
    (repo / "a").unlink()
    (repo / "a").mkdir()
    (repo / "a/c").write_text("1")
    write(repo, "a/c")
    assert git(repo, "ls-tree", "-r", "--name-only", "HEAD") == "a/c\nb"
    (repo / "b").unlink()
    write(repo, "b")
    assert git(repo, "ls-tree", "-r", "--name-only", "HEAD") == "a/c"
    assert dirty_files(repo, [""]) == ()


def test_any_name_and_any_bytes_are_committed(repo: Path, git: Git) -> None:
    """Names and contents are taken as they are: no pattern, no filter, no line ending changed."""
    names = ["*", "-a", ":(top)", "two\nlines", "ü/ビ", "it's", os.fsdecode(b"\xff")]
    git(repo, "config", "core.autocrlf", "true")
    (repo / ".gitattributes").write_text("* text=auto\n")
    for name in names:
        (repo / name).parent.mkdir(exist_ok=True)
        (repo / name).write_bytes(b"a\r\n\0")
    (repo / "other").write_text("")
    sha = write(repo, *names)
    with Objects(repo) as objects:
        entries = objects.walk(sha, "")
        assert set(objects.blobs([entry.oid for entry in entries], limit=10)) == {b"a\r\n\0"}
    assert {entry.path for entry in entries} == set(names)


def test_the_configured_identity_is_used(repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an author git's own rules name author and committer: configuration, then the environment over it."""
    (repo / "a").write_text("1")
    git(repo, "config", "--global", "user.name", "owner of the desk")
    git(repo, "config", "--global", "user.email", "owner@example.com")
    commit_files(repo, ["a"], "one", when=5)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "robot")
    (repo / "a").write_text("2")
    commit_files(repo, ["a"], "two", when=5)
    shown = git(repo, "log", "--format=%an %ae %at/%cn %ce %ct", "--reverse")
    owner = "owner of the desk owner@example.com 5"
    assert shown == f"{owner}/{owner}\n{owner}/robot owner@example.com 5"


def test_nobody_is_made_up(repo: Path) -> None:
    """Where git knows no identity the error says how to set it, and nothing is committed."""
    (repo / "a").write_text("1")
    with pytest.raises(DeskcError, match="does not know your name") as caught:
        commit_files(repo, ["a"], "one")
    assert "git config --global user.name" in caught.value.help
    assert not head_exists(repo)


def test_without_a_time_it_is_now(repo: Path) -> None:
    """The commit's time is neither 0 nor that of the environment."""
    (repo / "a").write_text("1")
    sha = commit_files(repo, ["a"], "one", author="author")
    with Objects(repo) as objects:
        assert objects.commit(sha).committed_at > 1_700_000_000


def test_nothing_changed_is_an_error(repo: Path, commit: Commit) -> None:
    """An empty commit is never made: not of equal files, not of none, not of one that never was."""
    sha = commit(repo, {"a": "1"})
    for paths in (["a"], [], ["never"]):
        with pytest.raises(DeskcError, match="nothing to commit"):
            write(repo, *paths)
    with Objects(repo) as objects:
        assert objects.commit("HEAD").sha == sha


@pytest.mark.parametrize(
    "path",
    ["", ".", "..", "../x", "/etc/passwd", "a/../b", "a//b", "./a", ".git/config", "d/.GIT/x", "a\0", "d", "l", "l/a"],
)
def test_a_path_outside_is_refused(repo: Path, commit: Commit, path: str) -> None:
    """Only plain files below the root, by their plain names, are committed."""
    sha = commit(repo, {"a": "1", "d/a": "1"})
    (repo / "l").symlink_to("d")
    with pytest.raises(DeskcError):
        write(repo, path)
    with Objects(repo) as objects:
        assert objects.commit("HEAD").sha == sha


@pytest.mark.parametrize("author", ["a <b>", "a\nb", "a\0"])
def test_an_author_cannot_forge_a_header(repo: Path, author: str) -> None:
    """Brackets and line ends in a name are refused."""
    (repo / "a").write_text("1")
    with pytest.raises(DeskcError, match="is no author"):
        commit_files(repo, ["a"], "one", author=author)


@pytest.mark.parametrize("message", ["", " \n", "a\0b", "\ud800"])
def test_a_message_is_needed(repo: Path, message: str) -> None:
    """A commit without words, or with what is no text, is not made."""
    (repo / "a").write_text("1")
    with pytest.raises(DeskcError, match="needs a message"):
        commit_files(repo, ["a"], message, author="author")


def test_a_message_is_only_a_message(repo: Path, git: Git) -> None:
    """Text that looks like an option or a header is kept as it is."""
    (repo / "a").write_text("1")
    commit_files(repo, ["a"], "--amend\n\nparent 0\n#kept ü", author="author")
    assert git(repo, "log", "-1", "--format=%B").rstrip("\n") == "--amend\n\nparent 0\n#kept ü"


def test_no_branch_no_commit(repo: Path, git: Git, commit: Commit) -> None:
    """A commit on no branch would be lost, so a detached HEAD is refused, and so is an unfinished merge."""
    sha = commit(repo, {"a": "1"})
    (repo / "a").write_text("2")
    (repo / ".git/MERGE_HEAD").write_text(f"{sha}\n")
    with pytest.raises(DeskcError, match="a merge is under way"):
        write(repo, "a")
    (repo / ".git/MERGE_HEAD").unlink()
    git(repo, "switch", "--quiet", "--detach")
    with pytest.raises(DeskcError, match="is on no branch"):
        write(repo, "a")


@pytest.mark.parametrize("lock", ["index.lock", "refs/heads/main.lock"])
def test_a_lock_stops_the_commit(repo: Path, commit: Commit, lock: str) -> None:
    """While another git writes, the branch stays where it is, and the error says that something holds it."""
    sha = commit(repo, {"a": "1"})
    (repo / "a").write_text("2")
    (repo / ".git" / lock).write_text("")
    with pytest.raises(DeskcError, match="lock"):
        write(repo, "a")
    (repo / ".git" / lock).unlink()
    with Objects(repo) as objects:
        assert objects.commit("HEAD").sha == sha
    assert write(repo, "a") != sha


def test_each_worktree_commits_to_its_own_branch(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """In a linked worktree its branch moves, and the main one does not."""
    sha = commit(repo, {"a": "1"})
    git(repo, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    (tmp_path / "linked/a").write_text("2")
    side = write(tmp_path / "linked", "a")
    assert (git(repo, "rev-parse", "main"), git(repo, "rev-parse", "side")) == (sha, side)
    assert dirty_files(tmp_path / "linked", [""]) == dirty_files(repo, [""]) == ()


def test_inherited_variables_lead_nowhere(
    tmp_path: Path, repo: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside a hook of another repository the commit still lands where it was meant to."""
    commit(repo, {"a": "1"})
    other = tmp_path / "other"
    init(other)
    for name, path in (("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index"), ("GIT_WORK_TREE", "")):
        monkeypatch.setenv(name, str(other / path))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "rubbish")
    (repo / "a").write_text("2")
    sha = write(repo, "a")
    with Objects(repo) as objects:
        assert objects.commit("main").sha == sha
    assert not head_exists(other)
    assert not (other / ".git/index").exists()


@pytest.mark.parametrize(("option", "word"), [("--bare", "bare"), ("--object-format=sha256", "sha256")])
def test_where_no_commit_can_be_made_is_said(tmp_path: Path, git: Git, option: str, word: str) -> None:
    """A bare repository, and one of a hash that GitPython does not know, are refused before anything is written."""
    git(tmp_path, "init", "--quiet", option, "repo")
    (tmp_path / "repo/a").write_text("1")
    with pytest.raises(DeskcError, match=word):
        write(tmp_path / "repo", "a")


def test_a_folder_inside_is_not_the_root(repo: Path, commit: Commit) -> None:
    """Paths are relative to the top, so a folder below it is refused."""
    commit(repo, {"d/a": "1"})
    with pytest.raises(DeskcError, match="is not the top of a working tree"):
        write(repo / "d", "a")


def test_texts_are_committed_whatever_lies_on_disk(repo: Path, git: Git, commit: Commit) -> None:
    """The commit holds the texts, files keep their uncommitted edits, and what else is staged stays staged."""
    base = Sha(commit(repo, {"a": "1", "b": "1", "c": "3"}))
    (repo / "a").write_text("edited")
    (repo / "b").write_text("staged")
    git(repo, "add", "b")
    texts = {"a": "2", "new/d": "1", "c": None}
    sha = commit_texts(repo, texts, "Change", base=base, author="x", email="x@example.com")
    assert git(repo, "show", f"{sha}:a") == "2"
    assert git(repo, "show", "--name-status", "--format=", sha).split() == ["M", "a", "D", "c", "A", "new/d"]
    assert (repo / "a").read_text() == "edited"
    assert git(repo, "diff", "--cached", "--name-only") == "b"


def test_texts_of_an_older_commit_are_not_committed(repo: Path, commit: Commit) -> None:
    """Where the branch has moved on from what the texts were made of, it stays."""
    base = Sha(commit(repo, {"a": "1"}))
    head = commit(repo, {"a": "2"})
    with pytest.raises(DeskcError, match="moved"):
        commit_texts(repo, {"a": "3"}, "Change", base=base, author="x", email="x@example.com")
    with Objects(repo) as objects:
        assert objects.commit("HEAD").sha == head


@pytest.mark.parametrize("path", ["../a", "/a", ".git/config", "a/../b", ""])
def test_texts_stay_inside_the_repository(repo: Path, commit: Commit, path: str) -> None:
    """A path that leads out, or into git's own folder, is refused."""
    base = Sha(commit(repo, {"a": "1"}))
    with pytest.raises(DeskcError, match="is no path below"):
        commit_texts(repo, {path: "x"}, "Change", base=base, author="x", email="x@example.com")
