"""Who changed what and when: first parents, the author of a line, the signer of a commit."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio.history import blame_line, changed_files, first_parents, messages, signature

Git = Callable[..., str]
Commit = Callable[..., str]


def subjects(root: Path, sha: str, *folders: str) -> list[str]:
    """Return the subjects along first parents."""
    return [commit.subject for commit in first_parents(root, Sha(sha), folders)]


def test_only_touching_commits_come_newest_first(repo: Path, commit: Commit) -> None:
    """Commits elsewhere are left out, the root commit that brought the folder is there."""
    commit(repo, {"desk/a": "1", "docs/a": "1"}, message="root")
    commit(repo, {"docs/a": "2"}, message="docs")
    commit(repo, {"desk/a": "2"}, message="desk")
    commit(repo, {"schemas/a": "2"}, message="schemas")
    head = commit(repo, {"desk/a": None}, message="deleted")
    assert subjects(repo, head, "desk") == ["deleted", "desk", "root"]
    assert subjects(repo, head, "desk", "schemas") == ["deleted", "schemas", "desk", "root"]
    assert subjects(repo, head, "") == ["deleted", "schemas", "desk", "docs", "root"]
    assert subjects(repo, head, "nowhere") == subjects(repo, head) == []
    assert subjects(repo, head, "*") == subjects(repo, head, ":(top)") == subjects(repo, head, "--all") == []


def test_a_merge_stands_for_its_branch(repo: Path, git: Git, commit: Commit) -> None:
    """Commits of a merged branch do not appear, their merge does, with both parents."""
    commit(repo, {"desk/a": "1"}, message="root")
    git(repo, "switch", "--quiet", "--create", "side")
    side = commit(repo, {"desk/b": "1"}, message="side")
    git(repo, "switch", "--quiet", "main")
    main = commit(repo, {"docs/a": "1"}, message="docs")
    git(repo, "merge", "--quiet", "--message", "merge", "side")
    found = list(first_parents(repo, Sha(git(repo, "rev-parse", "HEAD")), ["desk"]))
    assert [each.subject for each in found] == ["merge", "root"]
    assert found[0].parents == (main, side)


def test_history_streams(repo: Path, git: Git) -> None:
    """A long history is handed out in order, and may be left at any time."""
    who = "commit refs/heads/main\ncommitter author <author@example.com> {0} +0000\n"
    head = who + "data 4\n{0}M 100644 inline a\ndata 4\n{0}\n"
    git(repo, "fast-import", "--quiet", stdin="".join(map(head.format, range(1000, 3000))).encode())
    sha = Sha(git(repo, "rev-parse", "main"))
    commits = first_parents(repo, sha, ["a"])
    assert next(commits).subject == "2999"
    commits.close()  # type: ignore[attr-defined]  # an Iterator by contract, a generator in fact
    assert subjects(repo, sha, "a") == [str(number) for number in range(2999, 999, -1)]


def test_configuration_does_not_bend_history(repo: Path, git: Git, commit: Commit) -> None:
    """log.follow, mailmaps, replacements and grafts of the repository change nothing."""
    first = commit(repo, {"old": "1\n2\n3\n"}, message="first", when=1)
    (repo / "old").rename(repo / "new")
    second = commit(
        repo, {".mailmap": "somebody else <else@example.com> <author@example.com>\n"}, message="second", when=2
    )
    git(repo, "config", "log.follow", "true")
    git(repo, "config", "log.mailmap", "true")
    git(repo, "config", "log.showRoot", "false")
    (repo / ".git/info/grafts").write_text(f"{second}\n")
    git(repo, "replace", first, second)
    (found,) = first_parents(repo, Sha(second), ["new"])
    assert (found.subject, found.author, found.parents) == ("second", "author", (first,))
    assert blame_line(repo, Sha(second), "new", 2) == (first, "author", 1, 2)


def test_a_shallow_history_ends_in_an_error(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """The commits that are there come first, then the error names fetch-depth: 0, whatever the folder."""
    for number in "1234":
        commit(repo, {"desk/a": number}, message=number)
    git(tmp_path, "clone", "--quiet", "--depth=2", repo.as_uri(), "shallow")
    shallow = tmp_path / "shallow"
    sha = Sha(git(shallow, "rev-parse", "HEAD"))
    commits = first_parents(shallow, sha, ["desk"])
    assert [next(commits).subject, next(commits).subject] == ["4", "3"]
    with pytest.raises(DeskcError, match="is a shallow clone") as caught:
        next(commits)
    assert "fetch-depth: 0" in caught.value.help
    with pytest.raises(DeskcError, match="is a shallow clone"):
        subjects(shallow, sha, "nowhere")


def test_a_broken_history_is_an_error(repo: Path, commit: Commit) -> None:
    """A commit that is lost is not the end of history."""
    first = commit(repo, {"a": "1"})
    head = commit(repo, {"a": "2"})
    (repo / ".git/objects" / first[:2] / first[2:]).unlink()
    with pytest.raises(DeskcError, match="git stopped while reading the history"):
        subjects(repo, head, "a")


def test_a_line_has_its_author_and_its_place(repo: Path, commit: Commit) -> None:
    """A line that others pushed down or whose file was renamed names its own commit and its line back then."""
    first = commit(repo, {"a.yaml": "one\ntwo\nthree\n"}, when=100)
    second = commit(repo, {"a.yaml": "zero\none\nTWO\nthree\n"}, when=200)
    (repo / "a.yaml").rename(repo / "b.yaml")
    third = commit(repo, {"other": "x"}, when=300)
    assert blame_line(repo, Sha(third), "b.yaml", 2) == (first, "author", 100, 1)
    assert blame_line(repo, Sha(third), "b.yaml", 3) == (second, "author", 200, 3)
    assert blame_line(repo, Sha(first), "a.yaml", 3) == (first, "author", 100, 3)


def test_lines_that_are_not_there_are_errors(repo: Path, commit: Commit) -> None:
    """A path or line that the commit lacks is named; uncommitted edits do not count."""
    sha = Sha(commit(repo, {"a": "1\n", "d/x": "1", "empty": "", "-L": "1\n"}))
    (repo / "a").write_text("1\n2\n")
    for line in (0, -1, 2, 10**9):
        with pytest.raises(DeskcError, match=f"a has no line {line} in commit {sha}"):
            blame_line(repo, sha, "a", line)
    with pytest.raises(DeskcError, match="empty has no line 1"):
        blame_line(repo, sha, "empty", 1)
    for path in ("nope", "d", "", "../a"):
        with pytest.raises(DeskcError, match="is no file in commit"):
            blame_line(repo, sha, path, 1)
    assert blame_line(repo, sha, "-L", 1).sha == sha


def test_nobody_is_ignored_in_blame(repo: Path, git: Git, commit: Commit) -> None:
    """A list of commits to overlook, in the repository's configuration, hides no author."""
    commit(repo, {"a": "1\n"})
    second = commit(repo, {"a": "2\n", "list": ""})
    (repo / "list").write_text(f"{second}\n")
    git(repo, "config", "blame.ignoreRevsFile", "list")
    assert blame_line(repo, Sha(second), "a", 1).sha == second


def test_a_shallow_clone_blames_nobody_wrongly(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """A line older than the clone is an error; a younger one has its author."""
    commit(repo, {"a": "1\n2\n"})
    commit(repo, {"b": "1\n"})
    third = Sha(commit(repo, {"a": "1\nTWO\n"}))
    git(tmp_path, "clone", "--quiet", "--depth=2", repo.as_uri(), "shallow")
    git(tmp_path / "shallow", "config", "blame.showRoot", "true")
    assert blame_line(tmp_path / "shallow", third, "a", 2).sha == third
    with pytest.raises(DeskcError, match="older than the shallow clone") as caught:
        blame_line(tmp_path / "shallow", third, "a", 1)
    assert "fetch-depth: 0" in caught.value.help


def test_bare_and_linked_repositories_have_history(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """History and blame need no working tree."""
    sha = Sha(commit(repo, {"a": "1\n"}, message="one"))
    git(tmp_path, "clone", "--quiet", "--bare", str(repo), "bare")
    git(repo, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    for root in (tmp_path / "bare", tmp_path / "linked"):
        assert subjects(root, sha, "a") == ["one"]
        assert blame_line(root, sha, "a", 1).sha == sha


ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def key(tmp_path: Path, git: Git) -> Callable[[str], str]:
    """Make an ssh key and return its public half; the private one lies under its name."""

    def make(name: str) -> str:
        keygen = f"!ssh-keygen -q -t ed25519 -N '' -C '' -f '{tmp_path / name}'"
        git(tmp_path, "-c", f"alias.keygen={keygen}", "keygen")
        return (tmp_path / f"{name}.pub").read_text().strip()

    return make


@pytest.fixture
def signed(tmp_path: Path, repo: Path, git: Git) -> Callable[[str], Sha]:
    """Commit with a key's signature."""

    def make(name: str) -> Sha:
        options = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={tmp_path / name}")
        git(repo, *options, "commit", "--quiet", "--allow-empty", "--gpg-sign", "--message", "signed")
        return Sha(git(repo, "rev-parse", "HEAD"))

    return make


@ssh
def test_a_listed_signer_is_named(repo: Path, key: Callable[[str], str], signed: Callable[[str], Sha]) -> None:
    """A good signature by a listed key gives the principal as the list writes it."""
    public = key("key")
    sha = signed("key")
    assert signature(repo, sha, f"owner@example.com {public}\n".encode()) == "owner@example.com"
    assert signature(repo, sha, f'owner@example.com namespaces="git" {public}\n'.encode()) == "owner@example.com"


@ssh
def test_other_signatures_count_for_nothing(
    repo: Path, commit: Commit, key: Callable[[str], str], signed: Callable[[str], Sha]
) -> None:
    """Unsigned, an unlisted key, another purpose, an expired entry, an empty or broken list: none names a principal."""
    public, other = key("key"), key("other")
    unsigned = Sha(commit(repo, {"a": "1"}))
    sha = signed("key")
    assert signature(repo, unsigned, f"owner@example.com {public}\n".encode()) is None
    lists = (f"owner@example.com {other}", f'o@example.com namespaces="file" {public}', "", "rubbish \0 \xff")
    for text in (*lists, f'o@example.com valid-before="19700102" {public}'):
        assert signature(repo, sha, text.encode()) is None


@ssh
def test_an_altered_commit_is_not_signed(
    repo: Path, git: Git, key: Callable[[str], str], signed: Callable[[str], Sha]
) -> None:
    """A signature moved to another commit is bad."""
    public = key("key")
    raw = git(repo, "cat-file", "commit", signed("key")) + "\n"
    forged = git(
        repo, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.replace("\n\nsigned", "\n\nforged").encode()
    )
    assert signature(repo, Sha(forged), f"owner@example.com {public}\n".encode()) is None


@ssh
def test_the_repository_cannot_vouch_for_its_signers(
    tmp_path: Path, repo: Path, git: Git, key: Callable[[str], str], signed: Callable[[str], Sha]
) -> None:
    """The list given decides, not the one that the repository's configuration names, nor its levels of trust."""
    public, other = key("key"), key("other")
    sha = signed("key")
    (tmp_path / "signers").write_text(f"owner@example.com {public}\n")
    git(repo, "config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    git(repo, "config", "gpg.minTrustLevel", "undefined")
    assert signature(repo, sha, f"owner@example.com {other}\n".encode()) is None


@ssh
def test_no_list_of_signers_stays_behind(
    tmp_path: Path, repo: Path, key: Callable[[str], str], signed: Callable[[str], Sha], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary file is gone afterwards."""
    public = key("key")
    sha = signed("key")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert signature(repo, sha, f"owner@example.com {public}\n".encode())
    assert list((tmp_path / "temporary").iterdir()) == []


def test_without_ssh_keygen_nothing_is_called_unsigned(
    tmp_path: Path, repo: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature that cannot be checked is an error, not an absent one."""
    sha = Sha(commit(repo, {"a": "1"}))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(DeskcError, match="ssh-keygen is not installed"):
        signature(repo, sha, b"")


def test_commits_are_found_by_a_whole_line_of_their_message(repo: Path, commit: Commit) -> None:
    """A line is met as it is written: no part of a line counts, and no character stands for others."""
    first = commit(repo, {"a": "1"}, message="Halt\n\nwhy\n\nScope: a/b.c")
    commit(repo, {"a": "2"}, message="Halt\n\nScope: a/b.cd")
    last = commit(repo, {"a": "3"}, message="Resume\n\nScope: a/b.c")
    commit(repo, {"a": "4"}, message="Halt\n\nScope: a/bxc")
    head = Sha(commit(repo, {"a": "5"}, message="Scope: a/b.c is meant"))
    found = list(messages(repo, head, "Scope: a/b.c"))
    assert [sha for sha, _ in found] == [last, first]
    assert found[1][1].splitlines() == ["Halt", "", "why", "", "Scope: a/b.c"]


def test_changed_files_are_those_of_one_commit(repo: Path, commit: Commit) -> None:
    """Added, changed and removed paths are named, of a first commit too."""
    root = commit(repo, {"a": "1", "b ü": "1"}, message="root")
    second = commit(repo, {"a": None, "b ü": "2", "c/d": "1"}, message="second")
    assert changed_files(repo, Sha(root)) == ("a", "b ü")
    assert changed_files(repo, Sha(second)) == ("a", "b ü", "c/d")
