"""Commits, trees and blobs as one git process hands them out."""

import os
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio.objects import Entry, Objects

Git = Callable[..., str]
Commit = Callable[..., str]

FILES: Mapping[str, str] = {
    "desk.yaml": "format: 1\n",
    "a.yaml": "dot\n",
    "a/b.yaml": "slash\n",
    "a-b.yaml": "dash\n",
    "a/c/d.yaml": "",
    "a0.yaml": "digit\n",
}


def listing(git: Git, root: Path, *arguments: str) -> list[Entry]:
    """Return what git ls-tree shows, as entries."""
    rows = git(root, "ls-tree", "-r", "-z", *arguments).split("\0")[:-1]
    split = [(*facts.split(" "), path) for facts, _, path in (row.partition("\t") for row in rows)]
    return [Entry(path, mode, oid) for mode, _, oid, path in split]


def refused(root: Path, revision: str) -> DeskcError:
    """Return the error that a revision meets."""
    with Objects(root) as objects, pytest.raises(DeskcError) as caught:
        objects.commit(revision)
    return caught.value


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
@pytest.mark.parametrize("hashing", ["sha1", "sha256"])
def test_reads_what_git_shows(tmp_path: Path, git: Git, commit: Commit, *, hashing: str, packed: bool) -> None:
    """Commit, tree and contents are git's own, for both hashes and both kinds of storage."""
    git(tmp_path, "init", "--quiet", f"--object-format={hashing}", "repo")
    root = tmp_path / "repo"
    sha = commit(root, FILES, message="Set the desk up\nin two lines\n\nand a body")
    if packed:
        git(root, "gc", "--quiet", "--prune=now")
    with Objects(root) as objects:
        found = objects.commit("HEAD")
        entries = objects.walk(found.sha, "")
        contents = list(objects.blobs([entry.oid for entry in entries], limit=1000))
    assert (found.sha, found.parents) == (sha, ())
    assert (found.author, found.author_email) == ("author", "author@example.com")
    assert (found.authored_at, found.committed_at) == (1_700_000_000, 1_700_000_000)
    assert found.subject == git(root, "log", "-1", "--format=%s") == "Set the desk up in two lines"
    assert list(entries) == listing(git, root, "HEAD")
    assert contents == [FILES[entry.path].encode() for entry in entries]


def test_parents_stand_first_parent_first(repo: Path, git: Git, commit: Commit) -> None:
    """A merge names the branch it was made on before the one it merged."""
    commit(repo, {"a": "1"})
    git(repo, "switch", "--quiet", "--create", "side")
    side = commit(repo, {"b": "1"})
    git(repo, "switch", "--quiet", "main")
    main = commit(repo, {"c": "1"})
    git(repo, "merge", "--quiet", "--no-edit", "side")
    with Objects(repo) as objects:
        assert objects.commit("main").parents == (main, side)


def test_a_folder_is_walked_alone(repo: Path, git: Git, commit: Commit) -> None:
    """Only what lies below the folder comes back, with paths from the root; the root has two names."""
    sha = Sha(commit(repo, FILES))
    with Objects(repo) as objects:
        assert list(objects.walk(sha, "a")) == listing(git, repo, "HEAD", "a/")
        assert list(objects.walk(sha, "a/c/")) == listing(git, repo, "HEAD", "a/c/")
        assert objects.walk(sha, ".") == objects.walk(sha, "")
        assert objects.walk(sha, "nowhere") == objects.walk(sha, "desk.yaml") == objects.walk(sha, "../desk") == ()


def test_one_entry_is_found(repo: Path, git: Git, commit: Commit) -> None:
    """A file, a folder and the root are entries; what is absent, or below a file, is None."""
    sha = Sha(commit(repo, FILES))
    with Objects(repo) as objects:
        assert objects.entry(sha, "a/b.yaml") == Entry("a/b.yaml", "100644", git(repo, "rev-parse", "HEAD:a/b.yaml"))
        assert objects.entry(sha, "a") == Entry("a", "040000", git(repo, "rev-parse", "HEAD:a"))
        assert objects.entry(sha, "") == Entry("", "040000", git(repo, "rev-parse", "HEAD^{tree}"))
        assert objects.entry(sha, "a/nope") is objects.entry(sha, "desk.yaml/x") is objects.entry(sha, "/a") is None


def test_kinds_of_entries_keep_their_modes(repo: Path, git: Git, commit: Commit) -> None:
    """Links, submodules and programs are told apart from plain files."""
    (repo / "run").write_text("#!/bin/sh\n")
    (repo / "run").chmod(0o755)
    (repo / "link").symlink_to("../elsewhere")
    head = commit(repo, {"plain": "x"})
    git(repo, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    git(repo, "commit", "--quiet", "--message", "module")
    with Objects(repo) as objects:
        modes = {entry.path: entry.mode for entry in objects.walk(objects.commit("HEAD").sha, "")}
    assert modes == {"link": "120000", "module": "160000", "plain": "100644", "run": "100755"}


def test_any_path_survives(repo: Path, git: Git, commit: Commit) -> None:
    """Non-ASCII letters, line ends, blanks and bytes that are no UTF-8 come back as the file system knows them."""
    names = ["bots/zürich/ビット.yaml", "two\nlines", " blank ", "tab\t", '"quoted"', os.fsdecode(b"latin-\xe9")]
    sha = Sha(commit(repo, dict.fromkeys(names, "x")))
    with Objects(repo) as objects:
        entries = objects.walk(sha, "")
        found = [objects.entry(sha, name) for name in names]
    assert list(entries) == listing(git, repo, "HEAD")
    assert {entry.path for entry in entries} == set(names)
    assert set(found) == set(entries)


@pytest.mark.parametrize("revision", ["HEAD", "@"])
def test_an_empty_repository_says_so(repo: Path, revision: str) -> None:
    """Without a commit there is nothing to read, which is not the user's misspelling."""
    error = refused(repo, revision)
    assert error.message == f"{repo} has no commit yet"
    assert error.help


@pytest.mark.parametrize(
    "revision", ["nope", "0123456789abcdef", "HEAD~99", "HEAD:desk.yaml", "a commit 12", "x ambiguous"]
)
def test_an_unknown_revision_is_refused(repo: Path, commit: Commit, revision: str) -> None:
    """What names no commit is one sentence that repeats it."""
    commit(repo, FILES)
    assert refused(repo, revision).message == f"{revision} names no commit in {repo}"


@pytest.mark.parametrize("revision", ["-h", "--output=planted", "--batch", "--textconv", "-", "--"])
def test_a_revision_is_never_an_option(repo: Path, commit: Commit, revision: str) -> None:
    """Text that looks like an option is an unknown revision, and nothing is written."""
    commit(repo, FILES)
    before = sorted(repo.iterdir())
    assert "names no commit" in refused(repo, revision).message
    assert sorted(repo.iterdir()) == before


@pytest.mark.parametrize("revision", ["", "HEAD\nHEAD", "HEAD\0", "HEAD\r"])
def test_a_revision_of_two_lines_is_refused(repo: Path, commit: Commit, revision: str) -> None:
    """Nothing can smuggle a second request down the pipe."""
    commit(repo, FILES)
    assert "is no revision" in refused(repo, revision).message


def test_every_usual_name_resolves(repo: Path, git: Git, commit: Commit) -> None:
    """Branches, tags of tags, prefixes, ancestors and dates name commits, one after the other on one process."""
    first = commit(repo, {"a": "1"})
    second = commit(repo, {"a": "2"})
    git(repo, "tag", "light", first)
    git(repo, "tag", "--annotate", "--message", "one", "heavy", first)
    git(repo, "tag", "--annotate", "--message", "two", "heavier", "heavy")
    with Objects(repo) as objects:
        for name in ("light", "heavy", "heavier", "HEAD~1", "main^", first, first[:12]):
            assert objects.commit(name).sha == first
        assert objects.commit("main@{1 second ago}").sha in {first, second}
        assert objects.commit("main^{/change}").sha == second


@pytest.mark.parametrize("kind", ["HEAD^{tree}", "HEAD:a"])
def test_a_tag_of_something_else_is_no_commit(repo: Path, git: Git, commit: Commit, kind: str) -> None:
    """Peeling a tag that ends at a tree or a blob is an error, not a crash."""
    commit(repo, {"a": "1"})
    git(repo, "tag", "--annotate", "--message", "odd", "odd", kind)
    assert refused(repo, "odd").message == f"odd names no commit in {repo}"


def test_an_ambiguous_prefix_asks_for_more(repo: Path, git: Git) -> None:
    """The beginning of two commits' ids is refused, more digits are not."""
    head = "commit refs/heads/main\ncommitter author <author@example.com> {} +0000\ndata 1\nx\n"
    git(repo, "fast-import", "--quiet", stdin="".join(map(head.format, range(1_000_000, 1_001_000))).encode())
    ids = sorted(git(repo, "rev-list", "main").split())
    one, two = next(pair for pair in pairwise(ids) if pair[0][:4] == pair[1][:4])
    error = refused(repo, one[:4])
    assert error.message == f"{one[:4]} is the beginning of more than one id"
    with Objects(repo) as objects:
        assert (objects.commit(one[:12]).sha, objects.commit(two[:12]).sha) == (one, two)


def test_a_large_blob_is_skipped(repo: Path, commit: Commit) -> None:
    """Beyond the limit a blob is None, at the limit it is whole, and its neighbours are untouched."""
    sha = Sha(commit(repo, {"a": "before", "b": b"x" * (2 << 20), "c": b"y" * (1 << 20), "d": "after"}))
    with Objects(repo) as objects:
        oids = [entry.oid for entry in objects.walk(sha, "")]
        contents = list(objects.blobs(oids, limit=1 << 20))
    assert contents == [b"before", None, b"y" * (1 << 20), b"after"]


def test_thousands_of_blobs_never_block(repo: Path, git: Git) -> None:
    """Requests and answers beyond any pipe's size flow, in order, and may repeat."""
    sizes = [index % 97 * 50 for index in range(3000)]
    files = "".join(f"M 100644 inline f{n:04}\ndata {size}\n{'x' * size}\n" for n, size in enumerate(sizes))
    head = "commit refs/heads/main\ncommitter author <author@example.com> 1700000000 +0000\ndata 1\nx\n"
    git(repo, "fast-import", "--quiet", stdin=(head + files).encode())
    with Objects(repo) as objects:
        oids = [entry.oid for entry in objects.walk(objects.commit("main").sha, "")]
        assert [len(data or b"") for data in objects.blobs(oids * 2, limit=10_000)] == sizes * 2


def test_blobs_may_be_left_early(repo: Path, commit: Commit) -> None:
    """Closing the contents halfway leaves the process ready for the next question."""
    sha = Sha(commit(repo, {f"f{n}": f"{n}" * 1000 for n in range(200)}))
    with Objects(repo) as objects:
        oids = [entry.oid for entry in objects.walk(sha, "")]
        some = objects.blobs(oids, limit=10_000)
        assert next(some) == b"0" * 1000
        some.close()  # type: ignore[attr-defined]  # an Iterator by contract, a generator in fact
        assert objects.commit("HEAD").sha == sha
        assert len(list(objects.blobs(oids, limit=10_000))) == 200


def test_questions_amid_blobs_are_a_bug(repo: Path, commit: Commit) -> None:
    """Asking between two contents would mix up the answers, so it raises at once."""
    sha = Sha(commit(repo, {"a": "1", "b": "2"}))
    with Objects(repo) as objects:
        some = objects.blobs([entry.oid for entry in objects.walk(sha, "")], limit=10)
        next(some)
        with pytest.raises(RuntimeError, match="still being read"):
            objects.commit("HEAD")


def test_a_lost_blob_is_named(repo: Path, git: Git, commit: Commit) -> None:
    """An object that the tree names and the repository lacks is an error with its id, and the rest stays readable."""
    sha = Sha(commit(repo, {"a": "1", "b": "2"}))
    lost = git(repo, "rev-parse", "HEAD:a")
    (repo / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with Objects(repo) as objects:
        oids = [entry.oid for entry in objects.walk(sha, "")]
        with pytest.raises(DeskcError, match=lost):
            list(objects.blobs(oids, limit=10))
        assert list(objects.blobs(oids[1:], limit=10)) == [b"2"]
        with pytest.raises(DeskcError, match="or spoilt"):
            list(objects.blobs([git(repo, "rev-parse", "HEAD^{tree}")], limit=1000))


@pytest.mark.parametrize("oid", ["HEAD", "", "--textconv", "0" * 39, "0" * 41, "0" * 40 + "\n"])
def test_only_ids_are_asked_for(repo: Path, commit: Commit, oid: str) -> None:
    """Trees and blobs are named by whole ids and by nothing else."""
    commit(repo, FILES)
    with Objects(repo) as objects:
        with pytest.raises(DeskcError, match="no object id"):
            list(objects.blobs([oid], limit=10))
        with pytest.raises(DeskcError, match="no object id"):
            objects.walk(Sha(oid), "")


def test_replacements_and_grafts_are_ignored(repo: Path, git: Git, commit: Commit) -> None:
    """A commit is what its id says, whatever refs/replace and info/grafts put in its place."""
    first = commit(repo, {"a": "1"}, message="first")
    second = commit(repo, {"a": "2"}, message="second")
    git(repo, "replace", second, first)
    (repo / ".git/info/grafts").write_text(f"{second}\n")
    with Objects(repo) as objects:
        found = objects.commit("main")
        (content,) = objects.blobs([objects.walk(found.sha, "")[0].oid], limit=10)
    assert (found.subject, found.parents, content) == ("second", (first,), b"2")


def raw_commit(git: Git, root: Path, headers: bytes, message: bytes = b"x\n") -> str:
    """Store a commit object as it stands and return its id."""
    tree = git(root, "mktree").encode()
    return git(
        root,
        "hash-object",
        "-t",
        "commit",
        "-w",
        "--stdin",
        "--literally",
        stdin=b"tree %s\n%s\n%s" % (tree, headers, message),
    )


@pytest.mark.parametrize(
    ("headers", "identity"),
    [
        (b"author a <b> 12 +0000\n", ("a", "b", 12)),
        (b"author a <b>\n", ("a", "b", 0)),
        (b"author a <b> soon +0000\n", ("a", "b", 0)),
        (b"author a <b> 99999999999999999999999999 +0000\n", ("a", "b", 0)),
        (b"author a <b> -5 +0000\n", ("a", "b", 0)),
        (b"author  <> 12 +0000\n", ("", "", 12)),
        (b"author a <b>> 12 +0000\n", ("a", "b", 12)),
        (b"author just a name\n", ("just a name", "", 0)),
        (b"author\n", ("", "", 0)),
        (b"", ("", "", 0)),
        (b"author a <b> 12 +0000\nauthor c <d> 13 +0000\n", ("a", "b", 12)),
        (b"author " + b" " * 100_000 + b"\n", ("", "", 0)),
    ],
)
def test_odd_author_lines_are_tolerated(repo: Path, git: Git, headers: bytes, identity: tuple[str, str, int]) -> None:
    """A missing or broken author or date becomes empty or 0; no commit is unreadable for that."""
    sha = raw_commit(git, repo, headers + headers.replace(b"author", b"committer"))
    with Objects(repo) as objects:
        found = objects.commit(sha)
    assert (found.author, found.author_email, found.authored_at) == identity
    assert found.committed_at == identity[2]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        (b"ISO-8859-1", "Zürich"),
        (b"utf-8", "Z\N{REPLACEMENT CHARACTER}rich"),
        (b"no-such", "Z\N{REPLACEMENT CHARACTER}rich"),
    ],
)
def test_the_encoding_header_counts(repo: Path, git: Git, encoding: bytes, name: str) -> None:
    """Text is decoded as the commit says; what cannot be decoded is replaced, never fatal."""
    headers = "author Zürich <b> 12 +0000\ncommitter c <d> 13 +0000\n".encode("latin-1") + b"encoding %s\n" % encoding
    sha = raw_commit(git, repo, headers, "Zürich\n".encode("latin-1"))
    with Objects(repo) as objects:
        found = objects.commit(sha)
    assert (found.author, found.subject, found.committed_at) == (name, name, 13)


@pytest.mark.parametrize(
    "message", [b"", b"\n\n", b"\n \nlate\n", b"one\r\ntwo\n\nthree", b"one\n \ntwo", b"no end", b"a  b "]
)
def test_subjects_are_those_of_git(repo: Path, git: Git, message: bytes) -> None:
    """The first paragraph becomes one line as `git log --format=%s` writes it."""
    sha = raw_commit(git, repo, b"author a <b> 12 +0000\ncommitter a <b> 12 +0000\n", message)
    with Objects(repo) as objects:
        assert objects.commit(sha).subject == git(repo, "log", "-1", "--format=%s", sha)


def test_a_signature_hides_no_header(repo: Path, git: Git) -> None:
    """Lines of a signature that look like headers are its continuation."""
    headers = b"author a <b> 12 +0000\ngpgsig x\n author z <z> 99 +0000\n \n parent q\ncommitter c <d> 13 +0000\n"
    sha = raw_commit(git, repo, headers)
    with Objects(repo) as objects:
        found = objects.commit(sha)
    assert (found.author, found.parents, found.committed_at) == ("a", (), 13)


def plant(git: Git, root: Path, *rows: tuple[bytes, bytes, str]) -> str:
    """Store a tree of raw (mode, name, id) rows, as no git would write it, and return its id."""
    raw = b"".join(b"%s %s\0%s" % (mode, name, bytes.fromhex(oid)) for mode, name, oid in rows)
    return git(root, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=raw)


def tree_commit(git: Git, root: Path, tree: str) -> Sha:
    """Return a commit of a tree."""
    return Sha(git(root, "commit-tree", tree, "-m", "planted"))


@pytest.mark.parametrize("name", [b"a/b", b"..", b".", b"", b"../../etc/passwd", b"/etc/passwd"])
def test_a_name_that_is_a_path_is_refused(repo: Path, git: Git, name: bytes) -> None:
    """A tree may not hold one name that reads like several, nor one that leaves the folder."""
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=b"x")
    sha = tree_commit(git, repo, plant(git, repo, (b"100644", name, blob)))
    with Objects(repo) as objects, pytest.raises(DeskcError, match="is malformed"):
        objects.walk(sha, "")


def test_a_name_that_stands_twice_is_refused(repo: Path, git: Git) -> None:
    """A path that could mean either of two contents means none."""
    one, two = (git(repo, "hash-object", "-w", "--stdin", stdin=text) for text in (b"1", b"2"))
    sha = tree_commit(git, repo, plant(git, repo, (b"100644", b"desk.yaml", one), (b"100644", b"desk.yaml", two)))
    with Objects(repo) as objects, pytest.raises(DeskcError, match="is malformed"):
        objects.entry(sha, "desk.yaml")


@pytest.mark.parametrize("raw", [b"100644", b"100644 a", b"100644 a\0short", b"rubbish a\0" + b"x" * 20, b"\0" * 21])
def test_a_broken_tree_is_refused(repo: Path, git: Git, raw: bytes) -> None:
    """Bytes that are no tree are an error with the tree's id."""
    tree = git(repo, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=raw)
    sha = tree_commit(git, repo, tree)
    with Objects(repo) as objects, pytest.raises(DeskcError, match=f"tree {tree} is malformed"):
        objects.walk(sha, "")


def test_old_permission_bits_read_as_git_reads_them(repo: Path, git: Git) -> None:
    """Modes of old git, such as 100664, come out as one of the modes that entries have."""
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=b"x")
    tree = plant(git, repo, (b"100664", b"a", blob), (b"100775", b"b", blob), (b"120777", b"c", blob))
    with Objects(repo) as objects:
        modes = [entry.mode for entry in objects.walk(tree_commit(git, repo, tree), "")]
    assert modes == ["100644", "100755", "120000"]


def test_a_bomb_of_trees_is_refused(repo: Path, git: Git) -> None:
    """Ten trees that name each other ten times spell ten billion paths, which nobody writes down."""
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=b"x")
    tree = plant(git, repo, *((b"100644", b"%d" % n, blob) for n in range(10)))
    for _ in range(9):
        tree = plant(git, repo, *((b"40000", b"%d" % n, tree) for n in range(10)))
    with Objects(repo) as objects, pytest.raises(DeskcError, match="spells more than 200000 paths"):
        objects.walk(tree_commit(git, repo, tree), "")


def test_a_tower_of_trees_is_refused(repo: Path, git: Git) -> None:
    """Folders nested beyond what a file system can name are an error."""
    tree = git(repo, "mktree")
    for _ in range(20):
        tree = plant(git, repo, (b"40000", b"x" * 250, tree))
    with Objects(repo) as objects, pytest.raises(DeskcError, match="or one longer than 4096"):
        objects.walk(tree_commit(git, repo, tree), "")


def test_a_shallow_clone_says_how_to_deepen(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """The last commit is whole, an older one is an error that names fetch-depth: 0."""
    first, second = commit(repo, {"a": "1"}), commit(repo, {"a": "2"})
    git(tmp_path, "clone", "--quiet", "--depth=1", repo.as_uri(), "shallow")
    with Objects(tmp_path / "shallow") as objects:
        assert objects.commit("HEAD").sha == second
        assert objects.commit("HEAD").parents == (first,)
        assert len(objects.walk(Sha(second), "")) == 1
    error = refused(tmp_path / "shallow", first)
    assert "a shallow clone" in error.message
    assert "fetch-depth: 0" in error.help


def test_bare_repositories_and_linked_worktrees_are_read(tmp_path: Path, repo: Path, git: Git, commit: Commit) -> None:
    """Objects are the same wherever they are asked for; HEAD is each worktree's own."""
    first, second = commit(repo, {"a": "1"}), commit(repo, {"a": "2"})
    git(tmp_path, "clone", "--quiet", "--bare", str(repo), "bare")
    git(repo, "worktree", "add", "--quiet", str(tmp_path / "linked"), first)
    for root, head in ((tmp_path / "bare", second), (tmp_path / "linked", first), (repo, second)):
        with Objects(root) as objects:
            assert objects.commit("HEAD").sha == head
            assert len(objects.walk(Sha(first), "")) == 1


def test_an_inherited_git_dir_names_nothing(
    tmp_path: Path, repo: Path, git: Git, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook of another repository that runs deskc does not make it read that one."""
    sha = commit(repo, FILES)
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "other/.git/objects"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    with Objects(repo) as objects:
        assert objects.commit("HEAD").sha == sha


def test_no_repository_is_one_sentence(tmp_path: Path) -> None:
    """Where there is no repository, and where there is no folder, the first question says so."""
    assert refused(tmp_path, "HEAD").message == f"{tmp_path} is not in a git repository"
    assert "is no folder" in refused(tmp_path / "nowhere", "HEAD").message


def test_no_git_is_one_sentence(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without git is told to install it."""
    monkeypatch.setenv("PATH", str(repo))
    with pytest.raises(DeskcError, match="git is not installed"):
        Objects(repo)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a silent git no longer than a test may take."""
    monkeypatch.setattr("deskc.gitio.objects._PATIENCE_S", 0.5)


def spoil(git: Git, root: Path, name: str, content: bytes | None) -> str:
    """Overwrite a loose object, or remove it, and return its id."""
    oid = git(root, "rev-parse", name)
    path = root / ".git/objects" / oid[:2] / oid[2:]
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    return oid


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"rubbish", "or spoilt"),
        (zlib.compress(b"blob 1\x009"), "or spoilt"),
        (zlib.compress(b"blob 9\0short"), "or spoilt"),
        (zlib.compress(b"blob 900\0short"), "git stopped while reading"),
        (zlib.compress(b"blob 999999999\0short"), "git stopped while reading"),
        (zlib.compress(b"blob 999999999\0" + b"x" * 99999)[:50], "git stopped while reading"),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_a_spoilt_blob_is_an_error(repo: Path, git: Git, commit: Commit, content: bytes, message: str) -> None:
    """A blob that is not what its id says is never returned, nor waited for when git counts on more than there is."""
    sha = Sha(commit(repo, {"a": "1", "b": "2"}))
    spoil(git, repo, "HEAD:a", content)
    with Objects(repo) as objects:
        oids = [entry.oid for entry in objects.walk(sha, "")]
        with pytest.raises(DeskcError, match=message) as caught:
            list(objects.blobs(oids, limit=1000))
        with suppress(DeskcError):  # whether git is still there or not, the next question is a question
            assert objects.commit("HEAD").sha == sha
    assert "git fsck" in caught.value.help


@pytest.mark.parametrize("name", ["HEAD", "HEAD^{tree}", "HEAD:d"])
def test_one_object_cannot_pass_for_another(repo: Path, git: Git, commit: Commit, name: str) -> None:
    """A commit or tree whose file was overwritten with another whole one is refused."""
    commit(repo, {"d/a": "1"})
    oid = git(repo, "rev-parse", "HEAD:d" if name == "HEAD^{tree}" else "HEAD^{tree}" if name == "HEAD:d" else "HEAD")
    content = (repo / ".git/objects" / oid[:2] / oid[2:]).read_bytes()
    sha = Sha(commit(repo, {"d/a": "2"}))
    spoil(git, repo, name, content)
    with Objects(repo) as objects, pytest.raises(DeskcError):
        objects.walk(sha, "d")
    with Objects(repo) as objects, pytest.raises(DeskcError):
        objects.walk(objects.commit("main").sha, "d")


@pytest.mark.parametrize("name", ["HEAD:d", "HEAD^{tree}"])
def test_a_lost_tree_is_an_error(repo: Path, git: Git, commit: Commit, name: str) -> None:
    """A folder whose tree is not there is no empty folder."""
    sha = Sha(commit(repo, {"d/a": "1"}))
    spoil(git, repo, name, None)
    with Objects(repo) as objects, pytest.raises(DeskcError):
        objects.walk(sha, "d")


def test_an_endless_commit_is_refused(repo: Path, git: Git) -> None:
    """A commit of more than 32 MiB is never held in memory."""
    sha = raw_commit(git, repo, b"author a <b> 1 +0000\ncommitter a <b> 1 +0000\n", b"x" * (33 << 20))
    assert "is larger than 32 MiB" in refused(repo, sha).message
