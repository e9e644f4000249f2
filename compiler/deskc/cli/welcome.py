"""What `deskc` alone says: the next commands for the folder it stands in."""

from typing import TYPE_CHECKING

from deskc.cli.options import write
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.cli.where import Where

__all__ = ["welcome"]


def welcome() -> None:
    """Print the four commands that most likely come next here."""
    state, commands = _situation()
    width = max(len(command) for command, _ in commands)
    lines = "".join(f"  {command:<{width}}  {purpose}\n" for command, purpose in commands)
    write(f"deskc: {state}\n\n{lines}\ndeskc --help lists every command.\n")


def _situation() -> tuple[str, tuple[tuple[str, str], ...]]:
    from deskc.cli.where import find_desk
    from deskc.gitio.repository import dirty_files, head_exists

    try:
        where = find_desk(None)
    except DeskcError:
        return "there is no git repository here", (
            ("deskc init my-desk", "start a desk that checks clean"),
            ("cd my-desk", "go there"),
            ("deskc check", "judge it"),
            ("deskc rule", "list what is checked"),
        )
    if where.bare:
        return "a repository without a working tree, so commands name a commit", (
            ("deskc check --at HEAD", "judge its newest commit"),
            ("deskc compile", "freeze that commit into snapshots"),
            ("deskc versions list", "see the labels in use"),
            ("deskc doctor", "see whether all is well"),
        )
    if not (where.root / where.folder / "desk.yaml").is_file():
        return "this repository has no desk yet", (
            ("deskc init config-repo", "start one"),
            ("deskc check", "judge it"),
            ("deskc schema", "list the sections and their settings"),
            ("deskc rule", "list what is checked"),
        )
    if not head_exists(where.root):
        return f"a desk in {where.folder or './'}, not committed yet", (
            ("deskc check", "judge it"),
            ("git add -A && git commit", "make it a version"),
            ("deskc compile", "freeze that version into snapshots"),
            ("deskc schema trading", "see what may be set"),
        )
    edited = dirty_files(where.root, (where.folder.rstrip("/"),))
    if edited:
        return f"{len(edited)} uncommitted edit{'s' if len(edited) > 1 else ''} in {where.folder or './'}", (
            ("deskc check", "judge them and see what they change"),
            ("git commit -a", "make them a version"),
            ("deskc diff HEAD~1", "see what that commit changed"),
            ("deskc compile", "freeze that version into snapshots"),
        )
    return f"a desk in {where.folder or './'}, all committed", (
        ("deskc compile", "freeze HEAD into snapshots"),
        ("deskc versions list", "see the labels in use"),
        _diff(where),
        ("deskc explain trading.leverage --env ENV --bot BOT", "see where a value comes from"),
    )


def _diff(where: "Where") -> tuple[str, str]:
    """Return what shows the last change, or else, where there is only one commit, what may be changed."""
    from deskc.cli.where import objects

    with objects(where) as reading:
        try:
            reading.commit("HEAD~1")
        except DeskcError:
            return "deskc schema trading", "see what may be set"
    return "deskc diff HEAD~1", "see what the last commit changed"
