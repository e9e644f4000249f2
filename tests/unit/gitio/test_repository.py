"""Where a repository is, what its working tree holds, and how its commits are related."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio.repository import dirty_files, find_root, head_exists, is_ancestor, is_shallow, worktree_files

Git = Callable[..., str]
Commit = Callable[..., str]


def modes(root: Path, *folders: str) -> dict[str, str]:
    """Return path and mode of the files on disk."""
    return {entry.path: entry.mode for entry in worktree_files(root, folders)}


def test_the_root_is_found_from_anywhere_inside(tmp_path: Path, repo: Path, commit: Commit) -> None:
    """A folder, a file and a link into the working tree lead to its top."""
    commit(repo, {"a/b/c.yaml": "x"})
    (tmp_path / "link").symlink_to(repo / "a")
    for start in (repo, repo / "a/b", repo / "a/b/c.yaml", tmp_path / "link", tmp_path / "link/b"):
        assert find_root(start) == repo.resolve()


def test_every_kind_of_repository_has_a_root(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """A bare repository's is its folder, a linked worktree's its own top, a submodule's the submodule."""
    commit(repo, {"a/b.yaml": "x"})
    git(tmp_path, "clone", "--quiet", "--bare", str(repo), "bare")
    git(repo, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "bare"), "module")
    assert find_root(tmp_path / "bare") == tmp_path / "bare"
    assert find_root(tmp_path / "bare/objects") == tmp_path / "bare"
    assert find_root(tmp_path / "linked/a") == tmp_path / "linked"
    assert find_root(repo / "module/a") == repo / "module"


def test_line_ends_in_a_folder_are_part_of_its_name(tmp_path: Path, git: Git) -> None:
    """A repository in an oddly named folder is found where it is."""
    root = tmp_path / "two\nlines\n"
    git(tmp_path, "init", "--quiet", str(root))
    (root / "a").mkdir()
    assert find_root(root / "a") == root


def test_no_repository_is_one_sentence(tmp_path: Path) -> None:
    """Where there is none, and where there is no folder, the error says so and what to do."""
    with pytest.raises(DeskcError, match="is not in a git repository") as caught:
        find_root(tmp_path)
    assert "deskc init" in caught.value.help
    with pytest.raises(DeskcError, match="is no folder"):
        find_root(tmp_path / "nowhere")


def test_no_git_is_one_sentence(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without git is told to install it."""
    monkeypatch.setenv("PATH", str(repo))
    with pytest.raises(DeskcError, match="git is not installed"):
        find_root(repo)


def test_a_working_tree_elsewhere_is_refused(tmp_path: Path, repo: Path, git: Git) -> None:
    """A repository cannot claim the folder around it as its working tree."""
    git(repo, "config", "core.worktree", str(tmp_path))
    with pytest.raises(DeskcError, match="which holds no"):
        find_root(repo)


def test_inherited_variables_name_no_repository(
    tmp_path: Path, repo: Path, git: Git, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git sets for a hook of one repository does not decide what is read of another."""
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    monkeypatch.setenv("GIT_PREFIX", "a/")
    assert find_root(repo) == repo
    assert not head_exists(repo)
    monkeypatch.undo()
    monkeypatch.setenv("HOME", str(tmp_path))
    commit(repo, {"a": "x"})
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    assert modes(repo, "") == {"a": "100644"}
    assert dirty_files(repo, [""]) == ()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_another_users_repository_is_read_only_where_the_user_trusts_it(
    repo: Path, git: Git, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal of git stays, the user's own safe.directory counts, and the repository cannot vouch for itself."""
    commit(repo, {"a/b": "x"})
    git(repo, "config", "safe.directory", "*")
    for path in (repo, repo / ".git"):
        os.chown(path, 54321, 54321)
    with pytest.raises(DeskcError, match="belongs to another user") as caught:
        find_root(repo / "a")
    assert "safe.directory" in caught.value.help
    git(repo.parent, "config", "--global", "safe.directory", str(repo))
    assert find_root(repo / "a") == repo
    git(repo.parent, "config", "--global", "--unset", "safe.directory")
    for name, value in (("COUNT", "1"), ("KEY_0", "safe.directory"), ("VALUE_0", "*")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert head_exists(repo)


def test_head_exists_after_the_first_commit(repo: Path, commit: Commit) -> None:
    """A fresh repository has a branch but nothing on it."""
    assert not head_exists(repo)
    commit(repo, {"a": "1"})
    assert head_exists(repo)


def test_the_disk_is_listed_as_it_is(repo: Path, git: Git, commit: Commit) -> None:
    """Tracked and new files come with the disk's modes; ignored and deleted ones do not come."""
    commit(repo, {"a": "1", "gone": "1", "run": "1", "dir/x": "1", ".gitignore": "*.tmp\n", "kept.tmp": "1"})
    git(repo, "add", "--force", "kept.tmp")
    git(repo, "commit", "--quiet", "--message", "kept")
    (repo / "gone").unlink()
    (repo / "run").chmod(0o755)
    (repo / "new").write_text("1")
    (repo / "old.tmp").write_text("1")
    (repo / "link").symlink_to("/etc/hostname")
    git(repo, "init", "--quiet", "inner")
    (repo / "inner/file").write_text("1")
    assert modes(repo, "") == {
        ".gitignore": "100644",
        "a": "100644",
        "dir/x": "100644",
        "inner": "160000",
        "kept.tmp": "100644",
        "link": "120000",
        "new": "100644",
        "run": "100755",
    }
    assert [entry.path for entry in worktree_files(repo, [""])] == sorted(modes(repo, ""))
    assert {entry.oid for entry in worktree_files(repo, [""])} == {""}


def test_only_the_folders_asked_for_are_listed(repo: Path, commit: Commit) -> None:
    """Folders are names, not patterns; none means nothing, and overlapping ones repeat nothing."""
    commit(repo, {"a/x": "1", "ab/x": "1", "*/x": "1", ":(top)/x": "1", "-o/x": "1"})
    assert modes(repo, "a").keys() == {"a/x"}
    assert modes(repo, "*").keys() == {"*/x"}
    assert modes(repo, ":(top)", "-o", "nowhere").keys() == {":(top)/x", "-o/x"}
    assert len(worktree_files(repo, ["a", "a/x", "."])) == 5
    assert modes(repo) == {}


def test_odd_names_are_listed(repo: Path, commit: Commit) -> None:
    """Line ends, tabs, blanks, quotes and bytes that are no UTF-8 survive, tracked or not."""
    tracked = ["two\nlines", "H 100644 tab\there", '"q"', os.fsdecode(b"\xff"), "ü"]
    commit(repo, dict.fromkeys(tracked, "x"))
    (repo / "new\nline").write_text("x")
    assert modes(repo, "").keys() == {*tracked, "new\nline"}
    assert dirty_files(repo, [""]) == ("new\nline",)


def test_nothing_is_read_through_a_linked_folder(tmp_path: Path, repo: Path, commit: Commit) -> None:
    """A tracked folder that became a link elsewhere is listed as that link alone."""
    commit(repo, {"bots/a.yaml": "1", "bots/deep/b.yaml": "1"})
    (repo / "bots").rename(tmp_path / "moved")
    (repo / "bots").symlink_to(tmp_path / "moved")
    assert modes(repo, "") == {"bots": "120000"}
    assert dirty_files(repo, [""]) == ("bots", "bots/a.yaml", "bots/deep/b.yaml")


def test_a_users_own_ignore_file_changes_nothing(repo: Path, git: Git, commit: Commit) -> None:
    """Two machines see the same files: only the repository says what is ignored."""
    commit(repo, {"a": "1"})
    (repo / "new.yaml").write_text("1")
    (repo.parent / "ignore").write_text("*.yaml\n")
    git(repo, "config", "core.excludesFile", str(repo.parent / "ignore"))
    assert modes(repo, "").keys() == {"a", "new.yaml"}


def test_a_bare_repository_has_no_working_tree(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """Asking for its files is an error that names the way out."""
    commit(repo, {"a": "1"})
    git(tmp_path, "clone", "--quiet", "--bare", str(repo), "bare")
    with pytest.raises(DeskcError, match="is a bare repository") as caught:
        worktree_files(tmp_path / "bare", [""])
    assert "--at" in caught.value.help


def test_every_kind_of_edit_is_dirty(repo: Path, git: Git, commit: Commit) -> None:
    """Modified, added, deleted, staged, unstaged, retyped and untracked paths are all named, sorted."""
    commit(repo, dict.fromkeys(["changed", "deleted", "linked", "removed", "same", "staged", "undone"], "old\n"))
    (repo / "changed").write_text("new\n")
    (repo / "deleted").unlink()
    (repo / "linked").unlink()
    (repo / "linked").symlink_to("same")
    git(repo, "rm", "--quiet", "--cached", "removed")
    (repo / "staged").write_text("new\n")
    (repo / "undone").write_text("new\n")
    (repo / "added").write_text("new\n")
    git(repo, "add", "staged", "undone", "added")
    (repo / "undone").write_text("old\n")
    (repo / "untracked").write_text("new\n")
    edits = ("added", "changed", "deleted", "linked", "removed", "staged", "undone", "untracked")
    assert dirty_files(repo, [""]) == edits
    assert dirty_files(repo, ["changed", "same"]) == ("changed",)
    assert dirty_files(repo, ["nowhere"]) == ()


def test_equal_content_is_clean(repo: Path, commit: Commit) -> None:
    """Times, permission bits and the line endings of another system are no edits; a link is its target."""
    (repo / "link").symlink_to("a")
    commit(repo, {"a": "1\n2\n", "b": "1\n", "c": "1\r\n", "big": b"x" * (2 << 20)})
    os.utime(repo / "a", (1, 1))
    (repo / "b").chmod(0o755)
    (repo / "a").write_bytes(b"1\r\n2\r\n")
    assert dirty_files(repo, [""]) == ()
    (repo / "c").write_bytes(b"1\n")
    (repo / "big").write_bytes(b"x" * (2 << 20) + b"y")
    (repo / "link").unlink()
    (repo / "link").symlink_to("b")
    assert dirty_files(repo, [""]) == ("big", "c", "link")


def test_a_submodules_edits_are_its_own(repo: Path, git: Git, commit: Commit) -> None:
    """A repository inside is the same as long as it is one, whatever is in it; a file in its place is an edit."""
    git(repo, "init", "--quiet", "inner")
    commit(repo / "inner", {"x": "1"})
    commit(repo, {"a": "1"})
    (repo / "inner/x").write_text("2")
    assert dirty_files(repo, [""]) == ()
    (repo / "inner").rename(repo.parent / "elsewhere")
    (repo / "inner").write_text("1")
    assert dirty_files(repo, [""]) == ("inner",)


def test_clean_is_clean_with_sha256(tmp_path: Path, git: Git, commit: Commit) -> None:
    """The repository's own hash decides what is equal."""
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "repo")
    commit(tmp_path / "repo", {"a": "1", "b": "2"})
    (tmp_path / "repo/b").write_text("3")
    assert dirty_files(tmp_path / "repo", [""]) == ("b",)


def test_everything_is_dirty_before_the_first_commit(repo: Path, git: Git) -> None:
    """Without a commit all files are uncommitted."""
    (repo / "a").write_text("1")
    (repo / "b").write_text("1")
    git(repo, "add", "a")
    assert dirty_files(repo, [""]) == ("a", "b")


def test_an_unfinished_merge_is_dirty(repo: Path, git: Git, commit: Commit) -> None:
    """A conflicted path is an edit even where the disk shows what HEAD has."""
    commit(repo, {"a": "0"})
    git(repo, "switch", "--quiet", "--create", "side")
    commit(repo, {"a": "1"})
    git(repo, "switch", "--quiet", "main")
    commit(repo, {"a": "2"})
    blobs = [git(repo, "rev-parse", f"{name}:a") for name in ("main~1", "main", "side")]
    rows = "".join(f"100644 {oid} {stage}\ta\n" for stage, oid in enumerate(blobs, 1))
    git(repo, "update-index", "--index-info", stdin=f"0 {'0' * 40}\ta\n{rows}".encode())
    assert dirty_files(repo, [""]) == ("a",)


def test_ancestry_is_gits(repo: Path, git: Git, commit: Commit) -> None:
    """A commit descends from itself and from what it merged, not from its children or from another branch."""
    first, second = Sha(commit(repo, {"a": "1"})), Sha(commit(repo, {"a": "2"}))
    git(repo, "switch", "--quiet", "--create", "side", first)
    side = Sha(commit(repo, {"b": "1"}))
    git(repo, "switch", "--quiet", "main")
    git(repo, "merge", "--quiet", "--no-edit", "side")
    merge = Sha(git(repo, "rev-parse", "HEAD"))
    assert all(is_ancestor(repo, old, merge) for old in (first, second, side, merge))
    assert not any(is_ancestor(repo, merge, new) for new in (first, second, side))
    assert not is_ancestor(repo, second, side)


@pytest.mark.parametrize("sha", ["0" * 40, "--help", "nope"])
def test_ancestry_of_an_unknown_commit_is_an_error(repo: Path, commit: Commit, sha: str) -> None:
    """What is not there is neither an ancestor nor a descendant."""
    head = Sha(commit(repo, {"a": "1"}))
    for old, new in ((Sha(sha), head), (head, Sha(sha))):
        with pytest.raises(DeskcError, match=f"{sha} names no commit"):
            is_ancestor(repo, old, new)


def test_a_shallow_clone_tells_what_it_knows(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """What the clone holds is answered; what was cut off is an error that names fetch-depth: 0."""
    lost = Sha(commit(repo, {"a": "0"}))
    old, new = Sha(commit(repo, {"a": "1"})), Sha(commit(repo, {"a": "2"}))
    git(repo, "switch", "--quiet", "--create", "side", lost)
    side = Sha(commit(repo, {"b": "1"}))
    git(tmp_path, "clone", "--quiet", "--depth=2", "--branch=main", repo.as_uri(), "shallow")
    shallow = tmp_path / "shallow"
    git(shallow, "fetch", "--quiet", "--depth=1", "origin", side)
    assert (is_shallow(repo), is_shallow(shallow)) == (False, True)
    assert is_ancestor(shallow, old, new)
    assert not is_ancestor(shallow, new, old)
    for pair in ((lost, new), (side, new), (new, side)):
        with pytest.raises(DeskcError, match="shallow clone") as caught:
            is_ancestor(shallow, *pair)
        assert "fetch-depth: 0" in caught.value.help


def test_replacements_and_grafts_change_no_ancestry(repo: Path, git: Git, commit: Commit) -> None:
    """A line in info/grafts makes no commit a descendant of another."""
    first = Sha(commit(repo, {"a": "1"}))
    git(repo, "switch", "--quiet", "--orphan", "other")
    other = Sha(commit(repo, {"a": "2"}))
    (repo / ".git/info/grafts").write_text(f"{other} {first}\n")
    git(repo, "replace", other, first)
    assert not is_ancestor(repo, first, other)
