"""Reading a tree: what counts, what is left out, what git links elsewhere, and two sources that agree."""

from pathlib import Path

import pytest

from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.core.findings import Finding
from deskc.core.outcome import Outcome
from deskc.gitio.objects import Objects
from deskc.pipeline import compile_desk, prepare
from deskc.stages.read import MAX_BYTES, CommitSource, Folder, WorktreeSource, read
from desks import commit, committed, lay

YAML = Folder("desk/", (".yaml", ".yml"))


def tree(root: Path, *folders: Folder) -> Outcome[Tree]:
    """Read folders of a repository's HEAD."""
    with Objects(root) as objects:
        return read(CommitSource(objects, "HEAD"), folders or (YAML,))


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return code and path of each finding."""
    return [(finding.code, finding.places[0].path) for finding in findings]


def test_only_wanted_endings_of_wanted_folders_are_read(tmp_path: Path) -> None:
    """Other folders, other endings and hidden files are left out; endings may be written in capitals."""
    names = [
        "desk/a.yaml",
        "desk/b/c.YML",
        "desk/d.txt",
        "other/e.yaml",
        "desk/.f.yaml",
        "desk/.g/h.yaml",
        "desk2/i.yaml",
    ]
    outcome = tree(commit(tmp_path, dict.fromkeys(names, b"x")))
    assert outcome.findings == ()
    assert list(outcome.value.files) == ["desk/a.yaml", "desk/b/c.YML"]


def test_folders_that_overlap_are_read_once(tmp_path: Path) -> None:
    """A folder inside another brings its own endings to what is there."""
    root = commit(tmp_path, {"desk/a.yaml": b"x", "desk/schemas/b.json": b"x", "desk/schemas/c.yaml": b"x"})
    outcome = tree(root, YAML, Folder("desk/schemas/", (".json",)))
    assert sorted(outcome.value.files) == ["desk/a.yaml", "desk/schemas/b.json", "desk/schemas/c.yaml"]


def test_a_tree_knows_its_commit_and_its_time(tmp_path: Path) -> None:
    """The time is the committer's; no clock is read."""
    found = tree(commit(tmp_path, {"desk/a.yaml": b"x"})).value
    assert found.commit is not None
    assert len(found.commit) == 40
    assert found.now == 1_767_225_600


def test_links_and_repositories_inside_are_findings(tmp_path: Path) -> None:
    """A build reads files of its own tree alone: no link is followed, whatever it leads to."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/link.yaml").symlink_to("/etc/hostname")
    (tmp_path / "desk/inside.yaml").symlink_to("a.yaml")
    (tmp_path / "desk/folder").symlink_to("..")
    root = commit(tmp_path, {"desk/a.yaml": b"x: 1\n"})
    outcome = tree(root)
    expected = [("READ002", f"desk/{name}") for name in ("folder", "inside.yaml", "link.yaml")]
    assert told(outcome.findings) == expected
    assert list(outcome.value.files) == ["desk/a.yaml"]
    assert told(read(WorktreeSource(root, 0), (YAML,)).findings) == expected


def test_a_file_over_a_mebibyte_is_a_finding(tmp_path: Path) -> None:
    """It is never held; one of just a mebibyte is read, from either source."""
    root = commit(tmp_path, {"desk/big.yaml": b"#" * (MAX_BYTES + 1), "desk/just.yaml": b"#" * MAX_BYTES})
    for outcome in (tree(root), read(WorktreeSource(root, 0), (YAML,))):
        assert told(outcome.findings) == [("YAML001", "desk/big.yaml")]
        assert list(outcome.value.files) == ["desk/just.yaml"]


def test_the_working_tree_is_read_as_it_stands(tmp_path: Path) -> None:
    """Edits, new files and deletions count; what git ignores does not; nothing else of the two sources differs."""
    root = commit(tmp_path, {"desk/a.yaml": b"1", "desk/b.yaml": b"2", ".gitignore": b"*.tmp.yaml\n"})
    both = [tree(root).value, read(WorktreeSource(root, 7), (YAML,)).value]
    assert both[0].files == both[1].files
    assert (both[1].commit, both[1].now) == (None, 7)
    (root / "desk/a.yaml").write_bytes(b"3")
    (root / "desk/b.yaml").unlink()
    (root / "desk/c.yaml").write_bytes(b"4")
    (root / "desk/d.tmp.yaml").write_bytes(b"5")
    assert read(WorktreeSource(root, 0), (YAML,)).value.files == {"desk/a.yaml": b"3", "desk/c.yaml": b"4"}


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """A folder took its place after it was listed: the disk's fault, not the configuration's."""
    root = commit(tmp_path, {"desk/a.yaml": b"1"})
    source = WorktreeSource(root, 0)
    entries = source.entries(["desk/"])
    (root / "desk/a.yaml").unlink()
    (root / "desk/a.yaml").mkdir()
    with pytest.raises(DeskcError, match=r"desk/a\.yaml cannot be read"):
        list(source.contents(entries))


def test_a_commit_and_its_checkout_compile_to_the_same_bytes(tmp_path: Path) -> None:
    """Committed or on disk, equal files give equal snapshots."""
    root = commit(tmp_path, lay({}))
    on_disk = compile_desk(prepare(WorktreeSource(root, 0), "")).snapshots
    assert [one.data() for one in committed(root).snapshots] == [one.data() for one in on_disk]
    assert len(on_disk) == 2


def test_a_link_in_place_of_a_folder_of_schemas_is_not_followed(tmp_path: Path) -> None:
    """Schemas lie in the tree or are missing."""
    (tmp_path / "elsewhere").mkdir()
    laid = lay({})
    moved = {path.replace("schemas/", "elsewhere/", 1): data for path, data in laid.items()}
    (tmp_path / "schemas").symlink_to("elsewhere")
    compilation = committed(commit(tmp_path, moved))
    assert compilation.failed
    assert compilation.snapshots == ()


def test_a_folder_without_a_desk_is_one_sentence(tmp_path: Path) -> None:
    """The commit is named."""
    with pytest.raises(DeskcError, match=r"there is no config/desk\.yaml in commit [0-9a-f]{12}"):
        committed(commit(tmp_path, {"x": b""}), "config/")
