"""A desk is put on disk whole or not at all, and what is there stays as it is."""

import subprocess
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.edit.begin import begin
from deskc.gitio import write

FILES = {"desk.yaml": "format: 1\n", "bots/b/bot.yaml": "bot:\n", "README.md": "# ∆\n"}


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, git's own apart, and every folder with nothing in it."""
    paths = (path for path in folder.rglob("*") if ".git" not in path.relative_to(folder).parts)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in paths
        if path.is_file() or path.is_symlink() or not any(path.iterdir())
    }


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files that were there before."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["desk", "a/b/desk", "."])
def test_a_folder_becomes_a_desk_in_a_repository_of_its_own(tmp_path: Path, name: str) -> None:
    """The files are there as given, in a repository without a commit."""
    folder = tmp_path / name
    assert begin(folder, FILES) == folder.resolve()
    assert contents(folder) == {path: text.encode() for path, text in FILES.items()}
    status = ["git", "-C", str(folder), "status", "--porcelain", "--branch"]
    answer = subprocess.run(status, capture_output=True, text=True, check=True).stdout
    assert answer.startswith("## No commits yet on main\n")


def test_a_desk_in_a_repository_makes_no_other(tmp_path: Path) -> None:
    """Where a repository is around the folder, it is the desk's."""
    write.init(tmp_path)
    put(tmp_path, {"compose.yaml": "", "config-repo/notes.txt": "mine"})
    assert begin(tmp_path / "config-repo", FILES) == tmp_path
    assert not (tmp_path / "config-repo/.git").exists()
    assert (tmp_path / "config-repo/notes.txt").read_text(encoding="utf-8") == "mine"


IN_THE_WAY: dict[str, tuple[dict[str, str], str]] = {
    "a desk": ({"desk/desk.yaml": "format: 1"}, "is a desk already"),
    "a file of a desk": ({"desk/README.md": "mine"}, "README.md is in the way"),
    "two files of a desk": (
        {"desk/README.md": "mine", "desk/bots/b/bot.yaml": ""},
        "README.md is in the way, and 1 more",
    ),
    "a file where a folder belongs": ({"desk/bots": "mine"}, "bots is in the way"),
    "a file where the desk belongs": ({"desk": "mine"}, "is a file, where a desk needs a folder"),
    "a file that would be a layer": ({"desk/coins/ETH.yaml": "{}"}, "ETH.yaml is in the way: each YAML file"),
    "YAML of something else": ({"desk/deep/down/compose.YML": "{}"}, "compose.YML is in the way: each YAML file"),
    "a desk around": ({"desk.yaml": "format: 1"}, "lies inside the desk"),
}


@pytest.mark.parametrize("repository", [True, False])
@pytest.mark.parametrize("case", IN_THE_WAY)
def test_what_is_in_the_way_is_named_and_kept(tmp_path: Path, case: str, *, repository: bool) -> None:
    """One sentence names what is in the way, and not a byte or folder has changed."""
    files, message = IN_THE_WAY[case]
    if repository or case == "a desk around":
        write.init(tmp_path)
    put(tmp_path, files)
    before = contents(tmp_path)
    with pytest.raises(DeskcError, match=message) as caught:
        begin(tmp_path / "desk", FILES)
    assert caught.value.help
    assert contents(tmp_path) == before
    assert not (tmp_path / "desk/.git").exists()


def test_a_link_is_no_folder_of_a_desk(tmp_path: Path) -> None:
    """Nothing is written through a link, which no build would follow."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/bots").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DeskcError, match="bots is in the way"):
        begin(tmp_path / "desk", FILES)
    assert contents(tmp_path / "elsewhere") == {}


def test_hidden_and_ignored_yaml_is_in_nobody_s_way(tmp_path: Path) -> None:
    """What a build does not read, such as workflows and what git ignores, may lie in the folder."""
    write.init(tmp_path)
    put(tmp_path, {".gitignore": "modules/\n", "modules/a.yaml": "", ".github/workflows/ci.yml": "", "LICENSE": ""})
    begin(tmp_path, FILES)
    assert (tmp_path / "desk.yaml").is_file()


@pytest.mark.parametrize("name", ["x" * 300, "bots/" + "x" * 300 + "/bot.yaml"])
def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    """Whatever was written before the failure is gone again, folders included."""
    with pytest.raises(DeskcError, match="cannot be written"):
        begin(tmp_path / "a/desk", {**FILES, name: ""})
    assert contents(tmp_path) == {}


def test_where_git_is_missing_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk without a repository would not compile, so there is none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeskcError, match="git is not installed"):
        begin(tmp_path / "desk", FILES)
    assert contents(tmp_path) == {}
