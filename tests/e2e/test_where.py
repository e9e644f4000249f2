"""Where the desk is: named, found upward, in config-repo/; in every shape that a checkout takes."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import CLEAN, Desk, deskc, git

BROKEN = "trading: {min_sprad_bps: 1}\n"
BOT = "config-repo/bots/mm_multi_v1"

Place = Callable[[Desk, Path], tuple[Path, tuple[str, ...]]]

PLACES: dict[str, Place] = {
    "its root": lambda desk, _: (desk.root, ()),
    "the desk": lambda desk, _: (desk.root / "config-repo", ()),
    "below the desk": lambda desk, _: (desk.root / "config-repo/bots/mm_multi_v1/coins", ()),
    "beside the desk": lambda desk, _: (desk.root / "schemas/strategy", ()),
    "its root, naming the folder": lambda desk, _: (desk.root, ("config-repo",)),
    "its root, naming the folder with a slash": lambda desk, _: (desk.root, ("./config-repo/",)),
    "its root, naming the file": lambda desk, _: (desk.root, ("config-repo/desk.yaml",)),
    "below, naming upward": lambda desk, _: (desk.root / "schemas", ("../config-repo",)),
    "elsewhere, naming the folder": lambda desk, tmp_path: (tmp_path, (f"{desk.root}/config-repo",)),
    "elsewhere, naming the file": lambda desk, _: (desk.root.parent, ("desk/config-repo/desk.yaml",)),
}


def linked_worktree(desk: Desk, tmp_path: Path) -> Path:
    """Check the same repository out once more."""
    git("worktree", "add", "--quiet", tmp_path / "linked", cwd=desk.root)
    return tmp_path / "linked"


def behind_a_link(desk: Desk, tmp_path: Path) -> Path:
    """Reach the checkout through a symbolic link."""
    (tmp_path / "link").symlink_to(desk.root)
    return tmp_path / "link"


def separate_git_dir(desk: Desk, tmp_path: Path) -> Path:
    """Keep .git elsewhere, as submodules do."""
    git(
        "clone",
        "--quiet",
        "--separate-git-dir",
        tmp_path / "elsewhere.git",
        desk.root,
        tmp_path / "split",
        cwd=tmp_path,
    )
    return tmp_path / "split"


def partial_name(desk: Desk, tmp_path: Path) -> Path:
    """Give the checkout a name that shells and patterns read otherwise."""
    return desk.root.rename(tmp_path / "a desk's [copy] *")


SHAPES = (linked_worktree, behind_a_link, separate_git_dir, partial_name)


def digests(folder: Path, *arguments: str) -> dict[tuple[str, str], str]:
    """Compile in a folder and return each target's digest."""
    answer = deskc("compile", "--output-format", "json", *arguments, cwd=folder)
    assert (answer.code, answer.err) == (0, "")
    return {(one["environment"], one["bot"]): one["digest"] for one in answer.json()["snapshots"]}


@pytest.mark.parametrize("place", PLACES)
def test_the_desk_is_found_from(desk: Desk, tmp_path: Path, place: str) -> None:
    """From each place check judges the same desk, and compile keeps its state at the repository's root."""
    desk.write(f"{BOT}/coins/ETH.yaml", BROKEN)
    folder, arguments = PLACES[place](desk, tmp_path)
    answer = deskc("check", *arguments, "--output-format", "concise", cwd=folder)
    assert answer.code == 1
    assert answer.out.startswith(f"{BOT}/coins/ETH.yaml:1:11: error[KEY002]")
    git("checkout", "--quiet", ".", cwd=desk.root)
    assert deskc("compile", *arguments, cwd=folder).code == 0
    assert (desk.root / ".deskc/ledger.db").is_file()
    assert folder == desk.root or not (folder / ".deskc").exists()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_the_shape_of_a_checkout_is_no_matter(desk: Desk, tmp_path: Path, shape: Callable[[Desk, Path], Path]) -> None:
    """Check works, compile gives the same digests, and git sees nothing new."""
    expected = digests(desk.root, "--out", str(tmp_path / "made"), "--ledger", f"sqlite:///{tmp_path}/ledger.db")
    folder = shape(desk, tmp_path)
    assert deskc("check", cwd=folder).out == CLEAN
    assert deskc("check", cwd=folder / "config-repo/coins").out == CLEAN
    assert digests(folder) == expected
    assert git("status", "--porcelain", cwd=folder) == ""
    assert (folder / ".deskc/ledger.db").is_file()


def test_a_bare_repository_is_compiled_by_commit(desk: Desk, tmp_path: Path) -> None:
    """What needs a working tree says so and names --at; the rest works."""
    expected = digests(desk.root)
    git("clone", "--quiet", "--bare", desk.root, tmp_path / "bare", cwd=tmp_path)
    bare = tmp_path / "bare"
    assert digests(bare, "--at", "HEAD", "config-repo") == expected
    assert digests(bare) == expected
    assert deskc("check", "--at", "HEAD", cwd=bare).out == CLEAN
    assert deskc("check", cwd=bare).refuses("is a bare repository, which has no working tree", "--at HEAD")
    assert deskc("compile", "--worktree", cwd=bare).refuses("is a bare repository")


def test_a_desk_may_be_its_repository_s_root(tmp_path: Path) -> None:
    """As init makes it: found from the root, from below, and by name from outside."""
    assert deskc("init", "mine", cwd=tmp_path).code == 0
    mine = Desk(tmp_path / "mine")
    mine.commit()
    noted = "No problems found (1 note for deskc check -v)\n"  # its venue has no lock file
    for folder, arguments in ((mine.root, ()), (mine.root / "bots", ()), (tmp_path, ("mine",))):
        assert deskc("check", *arguments, cwd=folder).out == noted
        assert digests(folder, *arguments)
    assert mine.run("check", ".").out == noted


def test_the_nearest_desk_upward_wins_over_config_repo(desk: Desk) -> None:
    """A repository may hold two: standing in one means that one."""
    shutil.copytree(desk.root / "config-repo", desk.root / "second")
    desk.write("second/bots/mm_multi_v1/coins/ETH.yaml", BROKEN)
    desk.commit()
    assert desk.run("check").out == CLEAN
    answer = deskc("check", "--output-format", "concise", cwd=desk.root / "second/coins")
    assert answer.out.startswith("second/bots/mm_multi_v1/coins/ETH.yaml:")
    assert desk.run("check", "second").code == 1


def test_a_desk_outside_any_repository_is_refused(desk: Desk, tmp_path: Path) -> None:
    """A build reads what git keeps; the sentence names the way in, for a folder named and for one stood in."""
    shutil.copytree(desk.root / "config-repo", tmp_path / "loose")
    assert deskc("check", "loose", cwd=tmp_path).refuses("is not in a git repository", "git init")
    assert deskc("check", cwd=tmp_path / "loose").refuses("is not in a git repository", "git init")


def test_a_folder_without_a_desk_is_refused(desk: Desk) -> None:
    """Whether it is there or not, and whether a commit or the working tree is read."""
    for arguments in (("schemas",), ("nowhere",), ("nowhere/desk.yaml",), ("schemas", "--at", "HEAD")):
        assert desk.run("check", *arguments).refuses(
            f"there is no {arguments[0].removesuffix('/desk.yaml')}/desk.yaml in"
        )


def test_a_desk_that_only_a_commit_holds_can_be_named(desk: Desk) -> None:
    """A folder that was moved away since is still there for --at."""
    (desk.root / "config-repo").rename(desk.root / "moved")
    assert desk.run("check", "config-repo", "--at", "HEAD").out == CLEAN
    assert desk.run("check", "config-repo").refuses("there is no config-repo/desk.yaml in the working tree")


def test_a_desk_of_another_repository_is_judged_in_its_own(desk: Desk, tmp_path: Path) -> None:
    """Standing in one repository and naming another's desk writes to the other."""
    git("init", "--quiet", "mine", cwd=tmp_path)
    assert deskc("compile", "../desk/config-repo", cwd=tmp_path / "mine").code == 0
    assert (desk.root / ".deskc").is_dir()
    assert not (tmp_path / "mine/.deskc").exists()


def test_a_hook_s_variables_lead_nowhere_else(desk: Desk, tmp_path: Path) -> None:
    """Git tells hooks which repository is being committed to; the desk is where it is."""
    git("init", "--quiet", "mine", cwd=tmp_path)
    inherited = {"GIT_DIR": str(tmp_path / "mine/.git"), "GIT_WORK_TREE": str(tmp_path / "mine"), "GIT_PREFIX": "x/"}
    assert desk.run("check", env=inherited).out == CLEAN
    assert desk.run("compile", env=inherited).code == 0


def test_a_linked_worktree_keeps_a_state_of_its_own(desk: Desk, tmp_path: Path) -> None:
    """Each checkout has its .deskc, so that neither writes into the other."""
    linked = linked_worktree(desk, tmp_path)
    assert deskc("compile", cwd=linked).code == 0
    assert (linked / ".deskc/ledger.db").is_file()
    assert not (desk.root / ".deskc").exists()


def test_a_folder_that_is_not_utf_8_is_served(desk: Desk, tmp_path: Path) -> None:
    """A checkout may lie anywhere: nothing breaks, and JSON stays JSON."""
    place = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    shutil.move(desk.root, place)
    answer = deskc("compile", "--output-format", "json", cwd=Path(place))
    assert (answer.code, answer.err) == (0, "")
    assert all("\udcff" in one["path"] for one in json.loads(answer.out)["snapshots"])
    assert deskc("check", cwd=Path(place)).out == CLEAN
